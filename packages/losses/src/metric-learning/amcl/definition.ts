import { z } from 'zod';
import { defineMethod, ordered } from '../../core/define.js';

const paper = 'Wang et al. 2024';

const width = (title: string, preset: number, source: string) =>
  z.number().int().min(1).max(4096).default(preset).meta({ title, unit: 'units', source });

const params = z
  .strictObject({
    heads: z
      .number()
      .int()
      .min(1)
      .max(16)
      .default(3)
      .meta({ title: 'Projection heads C', unit: 'heads', source: `${paper}: 3` }),
    beta: z
      .number()
      .min(0)
      .max(10)
      .default(0.1)
      .meta({ title: 'Weight β of the temperature’s penalty', unit: 'none', source: `${paper}: 0.1` }),
    lower: z
      .number()
      .min(1e-5)
      .max(1)
      .default(1e-5)
      .meta({ title: 'Smallest temperature', unit: 'cosine similarity', source: `${paper}: 1e-5` }),
    upper: z
      .number()
      .min(0.01)
      .max(100)
      .default(2)
      .meta({ title: 'Largest temperature', unit: 'cosine similarity', source: `${paper}: 2` }),
    hidden: width('Hidden units of a head', 512, `${paper}: 512 → 512 → 128`),
    dim: width('Outputs of a head d′', 128, `${paper}: 512 → 512 → 128`),
    temperatureUnits: width('Units of the temperature net', 128, 'released sketch (LeiWangR/cl): 128 hidden units'),
  })
  .refine(...ordered('lower', 'upper'));

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'amcl',
  version: 1,
  title: 'Adaptive multi-head contrastive learning (AMCL)',
  summary: 'Several projection heads, each pair with a temperature of its own; an anchor meets its hardest negative.',
  family: 'metric-learning',
  slot: 'objective',
  paper: {
    key: 'wang-2024-amcl',
    title: 'Adaptive Multi-head Contrastive Learning',
    authors: 'Wang, Koniusz, Gedeon, Zheng',
    year: 2024,
    venue: 'ECCV 2024',
    arxiv: '2310.05615',
  },
  params,
  inputs: [
    { name: 'simPos', shape: ['C', 'B'], dtype: 'float32', domain: '[−1, 1]' },
    { name: 'simNeg', shape: ['C', 'B', 'N'], dtype: 'float32', domain: '[−1, 1]' },
    { name: 'tauPos', shape: ['C', 'B'], dtype: 'float32', domain: '> 0' },
    { name: 'tauNeg', shape: ['C', 'B', 'N'], dtype: 'float32', domain: '> 0' },
  ],
  needs: ['views', 'embeddings'],
  scale: { param: 'beta', low: 0.01, high: 1 },
  formula: String.raw`L = \sum_c \frac1B \sum_i \Big( -\frac{s_i^+}{\tau_i^+} + \frac{s_{i n^*}}{\tau_{i n^*}} + \beta\, \Omega(\tau_i^+) - \beta\, \Omega(\tau_{i n^*}) \Big), \quad \Omega(\tau) = \tfrac{d'}{2} \log \tau + \tfrac1\tau`,
  functions: ['amclNtXentHardMax', 'adaptiveTemperature'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: [
    'The form for SimCLR and MoCo (Eq. 2.1) is here; those for SimSiam, Barlow Twins and CAN are not.',
    'The temperature of a pair comes from the inner product of two keys, as in the paper. The released sketch feeds both projections to one net instead, which would need a net evaluation for every pair.',
    'One temperature net, of two layers, serves all heads. The paper’s encoder has 512 outputs; here a head starts from the net’s embedding, whatever its width, and the embedding itself is what is evaluated.',
    'The loss has no lower bound but that of the temperature: for a positive pair with s > β it falls without limit as τ falls.',
  ],
});
