import { CERTIFIED_IMAGES, CERTIFIED_LABELS, cifar10Labels, EVERY } from '../certification/cifar10-labels.js';
import {
  CERTIFIED_OUTPUTS,
  CERTIFIED_PREDICTIONS,
  certifiedReport,
  type Examples,
  readExamples,
} from '../certification/examples.js';
import { malformed } from '../errors.js';
import { onlyFile } from '../only-file.js';
import type { PredictionProtocol } from '../types.js';

/** The certificates of the 500 images, in their order, with the official labels. */
function chosen(file: string, examples: Examples, official: ReadonlyMap<string, number>): Examples {
  // Class counts have no idx: their rows are the 500 images, in order.
  const named = examples.indexed ? examples.names : examples.names.map((_, i) => String(i * EVERY));
  const at = new Map(named.map((name, i) => [name, i]));
  const rows = [...official].map(([name, label]) => {
    const row = at.get(name);
    if (row === undefined)
      throw malformed(file, {}, `no idx ${name}`, `idx 0, ${EVERY}, … ${(CERTIFIED_IMAGES - 1) * EVERY}`);
    if (examples.labels[row] !== label)
      throw malformed(file, {}, `label ${examples.labels[row]} for idx ${name}`, `${label}, as CIFAR-10 has it`);
    return row;
  });
  const pick = (values: readonly number[]) => rows.map((row) => values[row]!);
  return {
    indexed: examples.indexed,
    names: [...official.keys()],
    labels: [...official.values()],
    predicted: pick(examples.predicted),
    radii: pick(examples.radii),
  };
}

export const definition: PredictionProtocol = {
  key: 'certified-accuracy-cifar10',
  version: 1,
  title: 'Certified accuracy on CIFAR-10',
  summary: `Certified L2 accuracy of smoothed classifiers on ${CERTIFIED_IMAGES} CIFAR-10 test images, the same for every row.`,
  page: `# Certified accuracy on CIFAR-10

Every row is scored on the same ${CERTIFIED_IMAGES} test images, idx 0, ${EVERY}, … ${(CERTIFIED_IMAGES - 1) * EVERY} of the official order: the subset on which Cohen,
Rosenfeld and Kolter 2019 certified their networks and most later papers theirs. A log may hold more images; those are not
looked at. Labels are CIFAR-10's; a log with another label is refused, so that no row is ranked by labels of its own.

The rules are those of \`certified-accuracy\`: an example counts at radius r when the smoothed classifier is right *and* its
certified L2 radius (images in [0, 1]) is at least r; abstaining counts as wrong. Which noise trained and smoothed the
network is the sender's choice and belongs into the name.

The primary score is the certified accuracy at radius 0.25, the smallest that the papers print: at 0.5 a network smoothed with
σ = 0.12 cannot certify anything with 100,000 samples, whatever it learned. The average certified radius sums all radii up.

## Where the labels come from

CIFAR-10 itself is not needed. The published logs hold the labels of these images; they are read from one of them,
which is checked against its checksum. On 494 of the 500 they are also the class that most people chose (CIFAR-10H).

## Known disagreements

Logs print radii with three digits, so an example whose radius lies within .0005 of r may fall on either side. Papers that
certify all 10,000 images print other figures than those of this subset.
`,
  primary: 'certified_accuracy_at_0.25',
  outputs: CERTIFIED_OUTPUTS,
  resampling: 'image',
  oracle: { tool: 'locuslab/smoothing analyze.py', version: '78a4d94' },
  predictions: CERTIFIED_PREDICTIONS,
  labels: [],
  fidelity: 'OFFICIAL',
  datasets: [CERTIFIED_LABELS],
  async score({ predictions, dataFolder, progress }) {
    const file = onlyFile(predictions, 'predictions');
    const official = await cifar10Labels(dataFolder(CERTIFIED_LABELS.folder));
    const examples = await readExamples(file);
    if (!examples.indexed && examples.names.length !== CERTIFIED_IMAGES)
      throw malformed(file.name, {}, `${examples.names.length} rows`, `${CERTIFIED_IMAGES}, one for each image`);
    const report = certifiedReport(chosen(file.name, examples, official));
    progress(CERTIFIED_IMAGES, CERTIFIED_IMAGES, 'images');
    const more = examples.names.length - CERTIFIED_IMAGES;
    return more > 0 ? { ...report, warnings: [`${more} other images in the log are not counted`] } : report;
  },
};
