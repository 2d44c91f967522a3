import type { NamedArrays } from '../embeddings/arrays.js';
import { matrixOf, numberClasses, readArrays, wholesOf } from '../embeddings/arrays.js';
import { averagePrecision, trapezoidAveragePrecision } from '../embeddings/average-precision.js';
import { unitRows } from '../embeddings/engine.js';
import { relevantRanks } from '../embeddings/nearest.js';
import { malformed } from '../errors.js';
import { onlyFile } from '../only-file.js';
import { meansOf } from '../reweighing.js';
import type { PredictionProtocol } from '../types.js';

const RANKS = [1, 5, 10] as const;

const output = (key: string, title: string) => ({
  key,
  title,
  direction: 'higher' as const,
  unit: 'fraction',
  range: [0, 1] as const,
  precision: 1e-4,
});

export const definition: PredictionProtocol = {
  key: 'person-reid',
  version: 1,
  title: 'Person re-identification',
  summary:
    'mAP and CMC of query embeddings among a gallery, with images of the same person by the same camera removed.',
  page: `# Person re-identification

The rules of Market-1501 (Zheng et al. 2015), single query. The gallery is ranked for each query by cosine similarity
(rows divided by their L2 norm, a float64 sum rounded to float32); equal similarities stand in ascending order of the
position in the gallery. Gallery images of the query's person *by the query's camera* are taken out of its ranking (junk), as
are all with identity −1, everywhere. Other identities that no query has (0, distractors) stay.

\`map\`: mean over queries of the average precision, (1/R)·Σ precision at the rank of each of the R right images.
\`cmc_k\`: share of queries with a right image among the first k. Queries without a right image by another camera count
nowhere; a warning says how many. \`map_trapezoid\` is the average precision of the official MATLAB toolbox, which
averages the precision before and after each step of recall.

## Known disagreements

Papers since about 2018 print \`map\` (torchreid, FastReID); the first ones \`map_trapezoid\`. Ranking by squared Euclidean
distance is the same order on normalised embeddings; without normalisation it is not. MSMT17 and CUHK03 use the same rule
for junk; CUHK03's old protocol of 100 random splits is another benchmark. Re-ranked results should be marked as such.
`,
  primary: 'map',
  outputs: [
    output('map', 'mAP'),
    ...RANKS.map((k) => output(`cmc_${k}`, `CMC rank-${k}`)),
    output('map_trapezoid', 'mAP by the trapezoid rule'),
  ],
  resampling: 'query',
  oracle: { tool: 'NumPy, from the definition', version: '1.24.2' },
  predictions: [
    {
      name: 'embeddings',
      formats: ['.npz'],
      contents:
        'query_embeddings [q, d], gallery_embeddings [g, d]; query_ids, query_cameras [q], gallery_ids, gallery_cameras [g], whole numbers, unless --labels has them. Market-1501: 3,368 queries, 19,732 gallery images with junk.',
      example:
        'np.savez("market.npz", query_embeddings=qf, query_ids=q_pids, query_cameras=q_camids,\n         gallery_embeddings=gf, gallery_ids=g_pids, gallery_cameras=g_camids)',
    },
  ],
  labels: [
    {
      name: 'identities and cameras',
      formats: ['.npz'],
      contents: 'query_ids, query_cameras, gallery_ids, gallery_cameras.',
      example: 'np.savez("labels.npz", query_ids=…, query_cameras=…, gallery_ids=…, gallery_cameras=…)',
      optional: true,
    },
  ],
  fidelity: 'VARIANT(labels come with the predictions)',
  datasets: [],
  async score({ predictions, labels, progress }) {
    const named = await readArrays(onlyFile(predictions, 'predictions'), 'query_embeddings');
    const source: NamedArrays = labels.length > 0 ? await readArrays(onlyFile(labels, 'labels'), 'query_ids') : named;
    const [queries, gallery] = [matrixOf(named, 'query_embeddings'), matrixOf(named, 'gallery_embeddings')];
    if (queries.width !== gallery.width)
      throw malformed(named.file, {}, `${queries.width} and ${gallery.width} dimensions`, 'one width');
    const queryIds = wholesOf(source, 'query_ids', queries.n, 0);
    const queryCameras = wholesOf(source, 'query_cameras', queries.n, 0, 2 ** 31 - 1);
    const galleryIds = wholesOf(source, 'gallery_ids', gallery.n, -1);
    const galleryCameras = wholesOf(source, 'gallery_cameras', gallery.n, 0, 2 ** 31 - 1);

    const kept = galleryIds.flatMap((id, i) => (id === -1 ? [] : [i]));
    if (kept.length === 0) throw malformed(source.file, {}, 'only junk in gallery_ids', 'at least one identity');
    const data = new Float32Array(kept.length * gallery.width);
    kept.forEach((from, to) => {
      for (let k = 0; k < gallery.width; k++) data[to * gallery.width + k] = gallery.data[from * gallery.width + k]!;
    });
    const { classes, numbered } = numberClasses(
      kept.map((i) => galleryIds[i]!),
      queryIds,
    );
    const { offsets, ranks } = await relevantRanks(
      { rows: unitRows(queries), labels: numbered[1]! },
      { rows: unitRows({ n: kept.length, width: gallery.width, data }), labels: numbered[0]! },
      classes,
      { queries: Int32Array.from(queryCameras), columns: Int32Array.from(kept, (i) => galleryCameras[i]!) },
      (done, total) => progress(done, total, 'queries ranked'),
    );
    const perQuery = (value: (found: Int32Array) => number): Float64Array =>
      Float64Array.from({ length: queries.n }, (_, q) => {
        const found = ranks.subarray(offsets[q], offsets[q + 1]);
        return found.length === 0 ? NaN : value(found);
      });
    const outcomes: Record<string, Float64Array> = {
      map: perQuery(averagePrecision),
      ...Object.fromEntries(RANKS.map((k) => [`cmc_${k}`, perQuery((found) => Number(found[0]! <= k))])),
      map_trapezoid: perQuery(trapezoidAveragePrecision),
    };
    const counted = outcomes['map']!.reduce((sum, value) => sum + Number(!Number.isNaN(value)), 0);
    if (counted === 0)
      throw malformed(source.file, {}, 'no query with a right image by another camera', 'at least one');
    const groups = Array.from(queryIds, String);
    return {
      scores: meansOf(outcomes),
      counts: {
        queries: queries.n,
        'queries counted': counted,
        gallery: kept.length,
        junk: gallery.n - kept.length,
        identities: classes,
      },
      warnings:
        counted < queries.n
          ? [`${queries.n - counted} queries have no right image by another camera and count nowhere`]
          : [],
      outcomes,
      groups,
      // Queries of one person have the same right answers.
      clusters: groups,
    };
  },
};
