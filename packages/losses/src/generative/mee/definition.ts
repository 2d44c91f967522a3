import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const code = 'released code (HaozheLiu-ST/MEE)';

const params = z.strictObject({
  weight: z
    .number()
    .min(0)
    .max(100)
    .default(5e-4)
    .meta({ title: 'Weight of the entropy term', unit: 'none', source: `${code}: 5e-4 in its CIFAR-10 script` }),
  buffer: z.enum(['flat', 'slots']).default('flat').meta({
    title: 'What a code is compared with',
    unit: 'none',
    source:
      'flat: every remembered code, as the paper describes; slots: the code at the same place of past batches, as released',
  }),
  bufferSize: z
    .number()
    .int()
    .min(1)
    .max(65536)
    .default(1024)
    .meta({ title: 'Size of the buffer', unit: 'codes (flat) or batches (slots)', source: `${code}: 1024` }),
  warmup: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .meta({ title: 'Linear warm-up', unit: 'share of the training steps', source: `${code}: 100 of 2,000 epochs` }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'mee',
  version: 1,
  title: 'Manifold entropy estimation (MEE), entropy term',
  summary: 'Keeps embeddings from collapsing by raising their distance to the nearest remembered embedding.',
  family: 'generative',
  slot: 'regulariser',
  paper: {
    key: 'liu-2023-mee',
    title: 'Combating Mode Collapse in GANs via Manifold Entropy Estimation',
    authors: 'Liu, Li, Wu, Liang, Huang, Li, Ghanem, Zheng',
    year: 2023,
    venue: 'AAAI 2023',
    arxiv: '2208.12055',
  },
  params,
  inputs: [
    { name: 'codes', shape: ['B', 'L'], dtype: 'float32', domain: 'any finite number' },
    { name: 'buffer', shape: ['N', 'L'], dtype: 'float32', domain: 'any finite number' },
  ],
  needs: ['embeddings'],
  scale: { param: 'weight', low: 1e-5, high: 1 },
  formula: String.raw`R = -w \log \Big( \frac1B \sum_i \min_{r \in \mathcal B} \frac1L \lVert c_i - r \rVert^2 \Big)`,
  functions: ['entropyLossBuffer', 'entropyLossFlat', 'dIsoMap', 'dlle'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [
    { dataset: 'CelebA', metric: 'FID', value: 9.13, setting: 'MaEM-GAN', where: 'Abstract', verified: true },
    { dataset: 'CelebA', metric: 'FID', value: 12.43, setting: 'MaF-GAN', where: 'Abstract', verified: true },
    { dataset: 'ANIME-FACE', metric: 'IS', value: 2.8, setting: 'MaEM-GAN', where: 'Abstract', verified: true },
    { dataset: 'ANIME-FACE', metric: 'IS', value: 2.26, setting: 'MaF-GAN', where: 'Abstract', verified: true },
  ],
  notes: [
    'The paper trains a GAN with two regularisers of the discriminator and this entropy term. Here the entropy term alone is a regulariser of any net’s embeddings; dIsoMap and dlle are functions, and the figures of the paper are those of the whole pipeline.',
    'The released buffer shrinks to one slot: a step drops as many slots as it has codes and appends one. The default is a first-in, first-out buffer of 1,024 codes; the option slots is the released behaviour.',
    'The released warm-up counts epochs (100 of 2,000); here it is the same share of the steps.',
    'dIsoMap takes the expectation over its noise, which adds the noise’s variance and changes no gradient.',
    'Where several remembered codes are equally near, the gradient follows the first. 1e-12 is added inside the logarithm.',
  ],
});
