import { arrayOf, matrixOf, readArrays, wholesOf } from '../embeddings/arrays.js';
import { classesOf, sharedInts, unitRows } from '../embeddings/engine.js';
import { bestRank, relevantRanks } from '../embeddings/nearest.js';
import { malformed } from '../errors.js';
import { onlyFile } from '../only-file.js';
import { countedMean, meansOf, reweighing, weightedMean } from '../reweighing.js';
import type { PredictionProtocol } from '../types.js';

const KS = [1, 5, 10] as const;
const CAPTIONS = 5;
const WAYS = ['image_to_text', 'text_to_image'] as const;
const TO_TEXT = KS.map((k) => `image_to_text_recall_at_${k}`);

export const definition: PredictionProtocol = {
  key: 'image-text-retrieval',
  version: 1,
  title: 'Image-text retrieval',
  summary: 'Recall at 1, 5 and 10 from images to captions and back, with five captions an image, and their sum.',
  page: `# Image-text retrieval

Images and captions, five captions an image (Karpathy splits of Flickr30k and MSCOCO). \`image_to_text_recall_at_k\`: share of
images with at least one of their captions among the first k of all captions. \`text_to_image_recall_at_k\`: share of captions
with their image among the first k of all images. \`rsum\` is the sum of the six (0 to 6; papers print 100 times that).

From embeddings the similarity is the cosine (rows divided by their L2 norm, a float64 sum rounded to float32); a matrix of
similarities is taken as it is. Equal similarities stand in ascending order of the position in the file.

Intervals draw images, each with all its captions, in both directions.

## Known disagreements

MSCOCO 1K is the mean over five folds of 1,000 images, 5K one ranking of 5,000: score the folds one by one for the former.
Some tools rank with numpy's argsort reversed, which puts equal similarities in *descending* order of the position.
Recall here is "at least one of five", not the share of the five that is found.
`,
  primary: 'rsum',
  outputs: [
    ...WAYS.flatMap((way) =>
      KS.map((k) => ({
        key: `${way}_recall_at_${k}`,
        title: `${way === 'image_to_text' ? 'Image to text' : 'Text to image'} R@${k}`,
        direction: 'higher' as const,
        unit: 'fraction',
        range: [0, 1] as const,
        precision: 1e-4,
      })),
    ),
    {
      key: 'rsum',
      title: 'Sum of the six recalls',
      direction: 'higher',
      unit: 'sum of six fractions',
      range: [0, 6],
      precision: 1e-4,
    },
  ],
  resampling: 'query',
  oracle: { tool: 'NumPy, from the definition', version: '1.24.2' },
  predictions: [
    {
      name: 'embeddings or similarities',
      formats: ['.npz', '.npy'],
      contents:
        'images [n, d] and captions [m, d]; or similarities [n, m] (also as .npy), greater for what fits. Caption j belongs to image ⌊j·n/m⌋ (the captions of an image after one another) unless caption_image [m] gives positions of images.',
      example: 'np.savez("flickr30k.npz", images=v, captions=t)  # (1000, 512), (5000, 512)',
    },
  ],
  labels: [
    {
      name: 'image of each caption',
      formats: ['.npy', '.npz'],
      contents: 'caption_image [m]: position of its image, from 0.',
      example: 'np.save("caption_image.npy", np.repeat(np.arange(1000), 5))',
      optional: true,
    },
  ],
  datasets: [],
  async score({ predictions, labels, progress }) {
    const named = await readArrays(onlyFile(predictions, 'predictions'), 'similarities');
    const source = labels.length > 0 ? await readArrays(onlyFile(labels, 'labels'), 'caption_image') : named;
    const ready = named.arrays.has('similarities') ? matrixOf(named, 'similarities') : undefined;
    const images = ready ? undefined : matrixOf(named, 'images');
    const captions = ready ? undefined : matrixOf(named, 'captions');
    if (images && captions && images.width !== captions.width)
      throw malformed(named.file, {}, `${images.width} and ${captions.width} dimensions`, 'one width');
    const [n, m] = ready ? [ready.n, ready.width] : [images!.n, captions!.n];
    const listed = labels.length > 0 || named.arrays.has('caption_image');
    if (!listed && m % n !== 0)
      throw malformed(named.file, {}, `${m} captions for ${n} images`, 'a multiple, or caption_image');
    if (labels.length > 0) arrayOf(source, 'caption_image');
    const imageOf = Int32Array.from(
      listed ? wholesOf(source, 'caption_image', m, 0, n - 1) : { length: m },
      listed ? (image) => image as number : (_, j) => Math.floor(j / (m / n)),
    );
    const byImage = classesOf(imageOf, n);
    const captionsOf = (i: number): Int32Array =>
      byImage.positions.subarray(byImage.offsets[i], byImage.offsets[i + 1]);
    const bare = Array.from({ length: n }, (_, i) => i).filter((i) => captionsOf(i).length === 0);
    if (bare.length > 0) throw malformed(source.file, {}, `image ${bare[0]} without a caption`, 'at least one each');

    let [toText, toImage]: [Int32Array, Int32Array] = [new Int32Array(n), new Int32Array(m)];
    if (ready) {
      const { data } = ready;
      for (let i = 0; i < n; i++) toText[i] = bestRank((j) => data[i * m + j]!, m, captionsOf(i));
      for (let j = 0; j < m; j++) toImage[j] = bestRank((i) => data[i * m + j]!, n, [imageOf[j]!]);
      progress(n + m, n + m, 'queries ranked');
    } else {
      const each = sharedInts(Int32Array.from({ length: n }, (_, i) => i));
      const [imageSide, captionSide] = [
        { rows: unitRows(images!), labels: each },
        { rows: unitRows(captions!), labels: sharedInts(imageOf) },
      ];
      const there = await relevantRanks(imageSide, captionSide, n, undefined, (done, total) =>
        progress(done, 2 * total, 'images ranked'),
      );
      const back = await relevantRanks(captionSide, imageSide, n, undefined, (done, total) =>
        progress(total + done, 2 * total, 'captions ranked'),
      );
      toText = Int32Array.from({ length: n }, (_, i) => there.ranks[there.offsets[i]!]!);
      toImage = back.ranks;
    }
    const outcomes: Record<string, Float64Array> = {};
    for (const k of KS) outcomes[`image_to_text_recall_at_${k}`] = Float64Array.from(toText, (r) => Number(r <= k));
    const captionsFound = new Map<string, Float64Array>();
    for (const k of KS) {
      const found = new Float64Array(n);
      toImage.forEach((rank, j) => (found[imageOf[j]!]! += Number(rank <= k)));
      captionsFound.set(`text_to_image_recall_at_${k}`, found);
    }
    const captionCounts = Float64Array.from({ length: n }, (_, i) => captionsOf(i).length);
    const even = captionCounts.every((count) => count === captionCounts[0]);
    if (even)
      for (const [key, found] of captionsFound) outcomes[key] = found.map((count, i) => count / captionCounts[i]!);
    const summed = (mean: (values: Float64Array) => number): Record<string, number> => {
      const share = (found: Float64Array): number => mean(found) / mean(captionCounts);
      const back = Object.fromEntries([...captionsFound].map(([key, found]) => [key, share(found)]));
      const there = TO_TEXT.map((key) => mean(outcomes[key]!));
      return { ...back, rsum: [...there, ...Object.values(back)].reduce((a, b) => a + b, 0) };
    };
    const sums = summed(countedMean);
    const { rsum } = sums as { rsum: number };
    return {
      scores: { ...meansOf(outcomes), ...sums },
      counts: { images: n, captions: m },
      warnings: m === CAPTIONS * n ? [] : [`${m} captions for ${n} images; the usual benchmarks have five an image`],
      outcomes,
      reweigh: reweighing(
        n,
        even ? { rsum } : sums,
        () => (weights) => summed((values) => weightedMean(values, weights)),
      ),
    };
  },
};
