import { z } from 'zod';
import { defineMethod, ordered } from '../../core/define.js';

const source = (text: string) => `Jung et al. 2022: ${text}`;
const magface = (text: string) => `MagFace (Meng et al. 2021): ${text}`;

const params = z
  .strictObject({
    head: z
      .enum(['cosface', 'arcface', 'magface'])
      .default('cosface')
      .meta({ title: 'Margin head', unit: 'name of the head', source: source('all three are tried') }),
    s: z
      .number()
      .min(1)
      .max(256)
      .default(64)
      .meta({ title: 'Scale s', unit: 'logits per unit of cosine', source: source('s = 64') }),
    m: z
      .number()
      .min(0)
      .max(1.5)
      .default(0.35)
      .meta({
        title: 'Margin m',
        unit: 'cosine (cosface) or radians (arcface); not read by magface',
        source: source('0.35 for cosface, 0.5 for arcface'),
      }),
    whisker: z
      .number()
      .min(0)
      .max(1000)
      .default(1.5)
      .meta({
        title: 'Whisker w of the noise filter',
        unit: 'interquartile ranges; large keeps every pair',
        source: source('1.5 for MS1MV2, 1.0 for K-FACE'),
      }),
    normLow: z
      .number()
      .min(0.01)
      .max(1000)
      .default(10)
      .meta({ title: 'Smallest norm (magface)', unit: 'length of an embedding', source: magface('10') }),
    normHigh: z
      .number()
      .min(0.01)
      .max(10000)
      .default(110)
      .meta({ title: 'Largest norm (magface)', unit: 'length of an embedding', source: magface('110') }),
    marginLow: z
      .number()
      .min(0)
      .max(1.5)
      .default(0.45)
      .meta({ title: 'Margin at the smallest norm (magface)', unit: 'radians', source: magface('0.45') }),
    marginHigh: z
      .number()
      .min(0)
      .max(1.5)
      .default(0.8)
      .meta({ title: 'Margin at the largest norm (magface)', unit: 'radians', source: magface('0.8') }),
    normWeight: z
      .number()
      .min(0)
      .max(1000)
      .default(35)
      .meta({ title: 'Weight λ of the norm term (magface)', unit: 'none', source: magface('35') }),
  })
  .refine(...ordered('normLow', 'normHigh', { strictly: true }));

export type Params = z.output<typeof params>;

const table = 'table in the README of the released code (Jung-Jun-Uk/UNPG)';
const figures = (dataset: string, metric: string, values: Readonly<Record<string, number>>) =>
  Object.entries(values).map(([setting, value]) => ({
    dataset,
    metric,
    value,
    unit: '%',
    setting,
    where: table,
    verified: true,
  }));

export const definition = defineMethod({
  key: 'unpg',
  version: 1,
  title: 'Unified negative pair generation',
  summary: 'Adds the filtered negative pairs of the batch to the denominator of a margin softmax.',
  family: 'verification',
  slot: 'objective',
  paper: {
    key: 'jung-2022',
    title: 'Unified Negative Pair Generation toward Well-discriminative Feature Space for Face Recognition',
    authors: 'Jung, Lee, Oh, Park, Lee',
    year: 2022,
    venue: 'BMVC 2022',
    arxiv: '2203.11593',
  },
  params,
  inputs: [
    { name: 'embeddings', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'weights', shape: ['C', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: '0 … C−1' },
  ],
  needs: ['labels', 'embeddings'],
  scale: { param: 's', low: 8, high: 64 },
  formula: String.raw`L = -\frac{1}{B} \sum_i \log \frac{e^{s\, t_i}}{e^{s\, t_i} + \sum_{c \ne y_i} e^{s \cos \theta_{ic}} + \sum_{p \in P} e^{s \cos \theta_p}}, \quad P = \{ p = (i < j) : y_i \ne y_j,\; q_1 - w(q_3 - q_1) \le \cos\theta_p \le q_3 + w(q_3 - q_1) \}`,
  functions: ['boxWhiskerFilter', 'unpgCosFace', 'unpgArcFace', 'unpgMagFace'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [
    ...figures('IJB-B', 'TAR@FAR=1e-4', {
      CosFace: 94.39,
      'CosFace + UNPG': 94.99,
      ArcFace: 94.89,
      'ArcFace + UNPG': 95.04,
      MagFace: 93.99,
      'MagFace + UNPG': 95.21,
    }),
    ...figures('IJB-C', 'TAR@FAR=1e-4', {
      CosFace: 96.35,
      'CosFace + UNPG': 96.39,
      ArcFace: 96.25,
      'ArcFace + UNPG': 96.33,
      MagFace: 95.54,
      'MagFace + UNPG': 96.38,
    }),
    ...figures('MegaFace', 'Rank-1 identification', {
      CosFace: 99.08,
      'CosFace + UNPG': 99.27,
      ArcFace: 98.56,
      'ArcFace + UNPG': 98.82,
      MagFace: 98.51,
      'MagFace + UNPG': 98.03,
    }),
    ...figures('K-FACE Q2', 'TAR@FAR=1e-5', { ArcFace: 26.56, 'ArcFace + UNPG': 91.28 }),
  ],
  notes: [
    'The quartiles are the elements at positions ⌊l/4⌋ and ⌊3l/4⌋ of the l sorted similarities, as in the released code; nothing is interpolated.',
    'The same kept pairs enter the denominator of every row, whichever examples they belong to.',
    'A released configuration of CosFace uses m = 0.5; the default here is the 0.35 of the text.',
    'The cosine of the angular heads is that of θ + m even beyond π, where it rises again; there is no easy margin.',
    'A batch of one class has no negative pair, and the plain head is left.',
  ],
});
