/** What both object benchmarks share: reading frames and reporting the kit's numbers. */
import type { MetricOutput } from '../../core/types.js';
import { malformed } from '../errors.js';
import { kittiType, parseKittiObjects } from '../formats/kitti.js';
import type { InputTree } from '../input.js';
import { reweighing } from '../reweighing.js';
import type { FileNote, ScoreContext, ScoreReport } from '../types.js';
import { filesOf, numberedFiles, unusedWarning } from './files.js';
import { averagePrecision, type Curve, curveOf } from './object-evaluation.js';
import {
  DIFFICULTIES,
  evaluatedKinds,
  hasAngles,
  OBJECT_CLASSES,
  type ObjectFrame,
  OVERLAP_KINDS,
} from './object-candidates.js';
import { matchObjects } from './object-matching.js';

const POINTS = [11, 40] as const;
const TITLES = { '2d': '2D', aos: 'AOS', bev: 'BEV', '3d': '3D' } as const;

/** `kitti_ap{11,40}_{2d,aos,bev,3d}_{car,pedestrian,cyclist}_{easy,moderate,hard}`, in percent. */
export const OBJECT_OUTPUTS: readonly MetricOutput[] = POINTS.flatMap((points) =>
  (['2d', 'aos', 'bev', '3d'] as const).flatMap((kind) =>
    OBJECT_CLASSES.flatMap((objectClass) =>
      DIFFICULTIES.map((difficulty) => ({
        key: `kitti_ap${points}_${kind}_${objectClass}_${difficulty}`,
        title: `${TITLES[kind]}, ${objectClass}, ${difficulty} (R${points})`,
        direction: 'higher' as const,
        unit: 'percent',
        range: [0, 100] as const,
        precision: 0.01,
      })),
    ),
  ),
);

export const OBJECT_PRIMARY = 'kitti_ap40_3d_car_moderate';

export const OBJECT_PREDICTIONS: FileNote = {
  name: 'detections',
  formats: ['folder of .txt', '.zip', '.tar.gz'],
  contents:
    'NNNNNN.txt for every frame, empty where nothing is found. A line: type, truncated and occluded (−1), alpha ' +
    '(−10: none), left top right bottom in pixels, height width length x y z in metres, rotation_y, score. Without 3D ' +
    'boxes: −1 −1 −1 −1000 −1000 −1000 −10.',
  example: 'Car -1 -1 1.85 387.63 181.54 423.81 203.12 1.67 1.87 3.69 -16.53 2.39 58.49 1.57 0.93',
};

export const OBJECT_LABELS: FileNote = {
  name: 'label_2',
  formats: ['folder of .txt', '.zip', '.tar.gz'],
  contents: 'NNNNNN.txt for every frame of the split: the same line without the score.',
  example: 'Car 0.00 0 1.85 387.63 181.54 423.81 203.12 1.67 1.87 3.69 -16.53 2.39 58.49 1.57',
};

/** The rules, for the pages of both benchmarks. */
export const OBJECT_RULES = `Average precision by the rules of KITTI's object development kit, in percent.

- **Overlap** must exceed .7 for cars and .5 for pedestrians and cyclists: of boxes in the image (\`2d\`), of rotated
  rectangles on the ground (\`bev\`), of 3D boxes (\`3d\`). Rotated intersections are exact, in float64.
- **Difficulty**: ground truth counts if it is higher than 40, 25, 25 pixels, occluded at most 0, 1, 2 and truncated at
  most .15, .30, .50 (easy, moderate, hard). The rest, and vans (for cars) and sitting persons (for pedestrians), may be
  matched but count neither as found nor as missed. A detection lower than the least height, of whatever class, likewise.
- **Thresholds**: every ground-truth box, in file order, takes its best-scored free candidate (the first of equal ones);
  the scores of those that count give at most 41 thresholds, where recall comes closest to each step of 1/40.
- **Precision** at a threshold: every box takes its free candidate of greatest overlap instead (the first of equal ones).
  What is left over is a false positive, unless it overlaps a DontCare area by more than the limit, relative to itself.
  Each sample becomes the greatest of itself and the later ones.
- **R11** averages samples 0, 4, …, 40, **R40** samples 1 to 40, each with the six decimals that the kit writes. KITTI
  itself has used R40 since October 2019.
- **AOS** weighs each true positive of the image by (1 + cos Δalpha)/2. One detection with alpha −10 switches it off.

A class without detections has no scores, and none for boxes that its detections lack, as in the kit. Where no ground
truth counts the kit prints 0; here the score is left out.

## Known disagreements

R11 is up to several points from R40: never compare the two. Ports to NumPy or CUDA use float32 rotated overlaps and differ
in the second decimal; some count overlaps *equal* to the limit, some skip the rule of small detections for other classes.
Average precision does not decompose over images, so there are no outcomes. Intervals draw images, as often as a Poisson count
says, and follow the kit to the end: the thresholds are those of the drawn images, the counts at each of them too.
`;

async function readFrames(
  { predictions, progress }: ScoreContext,
  labels: readonly InputTree[],
  numbers: readonly string[],
): Promise<{ frames: ObjectFrame[]; warnings: string[] }> {
  const submitted = numberedFiles(predictions, 6);
  const truth = filesOf(labels, numberedFiles(labels, 6), numbers, 'labels of every frame of the split');
  const found = filesOf(predictions, submitted, numbers, 'detections of every frame of the split');
  const frames: ObjectFrame[] = [];
  for (const [i, file] of truth.entries()) {
    if (i % 50 === 0) progress(i, numbers.length, 'frames read');
    frames.push({
      truth: parseKittiObjects(await file.read(), file.name, 'labels'),
      detections: parseKittiObjects(await found[i]!.read(), found[i]!.name, 'detections'),
    });
  }
  return { frames, warnings: unusedWarning(submitted, numbers) };
}

/** Scores the frames of a split. Throws FILE_MALFORMED for a frame without a file. */
export async function objectReport(
  context: ScoreContext,
  labels: readonly InputTree[],
  numbers: readonly string[],
): Promise<ScoreReport> {
  if (numbers.length === 0) throw malformed('split', {}, 'no frame', 'at least one');
  const { frames, warnings } = await readFrames(context, labels, numbers);
  const kinds = evaluatedKinds(frames);
  for (const objectClass of OBJECT_CLASSES) {
    const absent = OVERLAP_KINDS.filter((kind) => !kinds[objectClass][kind]);
    if (absent.length === OVERLAP_KINDS.length) warnings.push(`no ${objectClass} is detected: it has no scores`);
    else if (absent.length > 0)
      warnings.push(`no ${objectClass} has boxes for ${absent.join(', ')}: those scores are left out`);
  }
  const angles = hasAngles(frames);
  if (!angles) warnings.push('a detection has alpha −10: there is no AOS');

  const matched = matchObjects(frames, (done, total) => context.progress(done, total, 'frames and classes'));
  const curves = matched.map((found) => curveOf(found, angles));
  for (const { objectClass, difficulty, kind, objects } of curves)
    if (objects === 0 && kind === '2d')
      warnings.push(`no ${objectClass} counts as ${difficulty}: those scores are left out`);
  const found = precisionsOf(curves);
  for (const [key, value] of Object.entries(found))
    if (Number.isNaN(value)) warnings.push(`${key}: a threshold at which nothing is detected leaves it undefined`);
  const inOrder = OBJECT_OUTPUTS.map(({ key }) => [key, found[key] ?? NaN] as const);
  const scores = Object.fromEntries(inOrder.filter(([, value]) => !Number.isNaN(value)));
  const care = kittiType('dontcare');
  return {
    scores,
    counts: {
      frames: frames.length,
      objects: frames.reduce((total, { truth }) => total + truth.type.filter((type) => type !== care).length, 0),
      detections: frames.reduce((total, { detections }) => total + detections.n, 0),
    },
    warnings,
    outcomes: {},
    units: [...numbers],
    reweigh: reweighing(
      frames.length,
      scores,
      () => (weights) => precisionsOf(matched.map((each) => curveOf(each, angles, weights))),
    ),
  };
}

/** Average precisions by key, NaN where a threshold has no detection; none of curves without an object. */
function precisionsOf(curves: readonly Curve[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { objectClass, difficulty, kind, objects, precision, orientation } of curves)
    if (objects > 0)
      for (const points of POINTS) {
        found[`kitti_ap${points}_${kind}_${objectClass}_${difficulty}`] = averagePrecision(precision, points);
        if (orientation)
          found[`kitti_ap${points}_aos_${objectClass}_${difficulty}`] = averagePrecision(orientation, points);
      }
  return found;
}
