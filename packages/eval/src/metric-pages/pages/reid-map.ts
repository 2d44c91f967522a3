import { definition as personReid } from '../../predictions/protocols/person-reid.js';
import { REID_GIVEN, reidFile, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'reid_map',
  title: 'mAP of re-identification',
  field: 'embedding retrieval',
  keys: [
    { pattern: 'map', meaning: 'mean average precision over the whole gallery' },
    { pattern: 'map_trapezoid', meaning: 'the same with precision averaged over each step of recall' },
  ],
  boards: ['person-reid'],
  summary: 'Mean over queries of the precision at the rank of every right gallery image, junk taken out first.',
  definition:
    'The gallery is ranked by cosine similarity. Images of the query’s person *by the query’s camera* and all of identity −1 are junk and are taken out before ranks are counted; distractors stay. The average precision of a query is the mean of the precision at the ranks of its right images. `map_trapezoid` averages the precision before and after each of these ranks, as the first MATLAB toolbox did.',
  formula: String.raw`\mathrm{AP}_q = \frac{1}{R_q}\sum_{j=1}^{R_q}\frac{j}{\rho_j},\qquad \mathrm{AP}^{\mathrm{trap}}_q = \frac{1}{R_q}\sum_{j=1}^{R_q}\frac12\left(\frac{j-1}{\rho_j - 1} + \frac{j}{\rho_j}\right)`,
  resampled: 'Queries; both are means over queries.',
  ties: 'Equal similarities stand in ascending order of the position in the gallery.',
  edges: [
    'Queries without a right image by another camera count nowhere; a warning says how many. Without any, the file is refused.',
    'At rank 1 the precision before it is taken as 1 in the trapezoid.',
  ],
  oracle: { tool: 'NumPy, from the definition', version: '1.24.2' },
  parity: [
    {
      path: 'packages/eval/src/predictions/embeddings/protocols.test.ts',
      figure: 'worked cases with junk, ties and excluded queries, to 14 decimals',
    },
    {
      path: 'packages/eval/src/predictions/embeddings/nearest.test.ts',
      figure: 'ranks equal a full sort with same-camera items taken out, 60 queries × 300 items, with and without ties',
    },
  ],
  disagreements: [
    'Papers since about 2018 print `map` (torchreid, FastReID); the first ones `map_trapezoid`, which is a little smaller or larger.',
    '**Single-gallery.** The “single-gallery-shot” protocols draw one image a person and camera for the gallery, and average over draws: their mAP does not compare. Nor does multi-query, which pools a person’s queries.',
    'Keeping same-camera images in the ranking makes the task far easier.',
    'Squared Euclidean distance ranks alike only for normalised embeddings.',
    'Re-ranking uses the other queries and the gallery’s own neighbourhoods; mark such results.',
  ],
  sources: [
    {
      title: 'Zheng et al. 2015, Scalable person re-identification (Market-1501)',
      url: 'https://doi.org/10.1109/ICCV.2015.133',
    },
  ],
  example: {
    given: REID_GIVEN,
    working:
      'Without the two junk images the ranking is: other, right, other, right, so the right ones have ranks 2 and 4. Average precision: $(1/2 + 2/4)/2 = 0.5$. By trapezoids: $\\frac12\\left(\\frac{0 + 1/2}{2} + \\frac{1/3 + 2/4}{2}\\right) = 1/3 \\approx 0.3333$.',
    results: { map: 0.5, map_trapezoid: 1 / 3 },
    compute: () => scoreFiles(personReid, reidFile()),
  },
};
