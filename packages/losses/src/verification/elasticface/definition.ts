import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const source = (text: string) => `Boutros et al. 2022: ${text}`;

const params = z.strictObject({
  variant: z
    .enum(['arc', 'cos'])
    .default('arc')
    .meta({
      title: 'Kind of margin',
      unit: 'arc: an angle; cos: a cosine',
      source: source('ElasticFace-Arc and -Cos'),
    }),
  margin: z
    .number()
    .min(0)
    .max(1.5)
    .default(0.5)
    .meta({
      title: 'Mean margin m',
      unit: 'radians (arc) or cosine (cos)',
      source: source('0.5 for arc; 0.35 belongs to cos'),
    }),
  deviation: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.05)
    .meta({
      title: 'Deviation of the margin σ',
      unit: 'that of the margin',
      source: source('0.05; with plus 0.0175 (arc) and 0.02 (cos)'),
    }),
  s: z
    .number()
    .min(1)
    .max(256)
    .default(64)
    .meta({ title: 'Scale s', unit: 'logits per unit of cosine', source: source('s = 64') }),
  plus: z
    .boolean()
    .default(false)
    .meta({
      title: 'Plus: margins by difficulty',
      unit: 'yes or no',
      source: source('ElasticFace+ orders the drawn margins'),
    }),
  plusMode: z.enum(['code', 'rank']).default('code').meta({
    title: 'How plus assigns margins',
    unit: 'code: as released; rank: the larger, the smaller the own cosine',
    source: 'released code (fdbtrs/ElasticFace)',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'elasticface',
  version: 1,
  title: 'ElasticFace',
  summary: 'ArcFace or CosFace with a margin drawn anew for every example at every step.',
  family: 'verification',
  slot: 'objective',
  paper: {
    key: 'boutros-2022',
    title: 'ElasticFace: Elastic Margin Loss for Deep Face Recognition',
    authors: 'Boutros, Damer, Kirchbuchner, Kuijper',
    year: 2022,
    venue: 'CVPR Workshops 2022',
    arxiv: '2109.09416',
  },
  params,
  inputs: [
    { name: 'embeddings', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'kernel', shape: ['D', 'C'], dtype: 'float32', domain: 'any; columns normalised inside' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: '0 … C−1; −1 leaves the row out' },
    { name: 'margins', shape: ['B'], dtype: 'float32', domain: 'one drawn margin a row' },
  ],
  needs: ['labels', 'embeddings'],
  scale: { param: 's', low: 8, high: 64 },
  formula: String.raw`L = -\frac{1}{B} \sum_i \log \frac{e^{s\, t_i}}{e^{s\, t_i} + \sum_{c \ne y_i} e^{s \cos \theta_{ic}}}, \quad t_i = \cos(\theta_{i y_i} + m_i) \text{ or } \cos \theta_{i y_i} - m_i, \quad m_i \sim \mathcal N(m, \sigma^2)`,
  functions: ['elasticArc', 'elasticCos'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: [
    'Plus shall give examples far from their class larger margins. The released code sorts the margins ascending and takes, for row i, the one at the position where the i-th largest cosine stands; that is the intended assignment only for some orders. plusMode code does what was released (the default), rank what was intended.',
    'The cosine is that of θ + m even beyond π, where it rises again; there is no easy margin.',
    'A row with label −1 gets no margin and, having no class, is left out of the mean.',
    'Drawn margins are not clipped: they may be negative.',
    'Class weights start uniform in ±1/√D like those of the other heads; the released code draws them from N(0, 0.01²).',
  ],
});
