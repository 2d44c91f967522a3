import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeLabels } from '../classification/align.js';
import { isSoft, readLabels } from '../classification/input.js';
import { pageOfRules, predictionNotes } from '../classification/notes.js';
import { readClassifications, readJudgements, reportOf } from '../classification/run.js';
import { hardOutputs, scoreHard, scoreSoft, softOutputs } from '../classification/score.js';
import { malformed } from '../errors.js';
import type { PredictionProtocol } from '../types.js';

const FILE = 'cifar10h-probs.npy';
const SHAPE = { n: 10_000, classes: 10 };

export const definition: PredictionProtocol = {
  key: 'cifar10h',
  version: 1,
  title: 'CIFAR-10H: agreement with people',
  summary:
    'Cross-entropy, KL divergence and top-1 agreement with 511,000 human judgements of the CIFAR-10 test images.',
  page: `# CIFAR-10H

The 10,000 test images of CIFAR-10 in their official order against the shares of about 51 people who chose each class
(Peterson et al. 2019). \`cross_entropy\` is −Σ h ln p in nats, \`kl_divergence\` the same less the entropy of h, and
\`top_1_agreement\` the share of images on which the most probable class is the most chosen one. Three images have two most
chosen classes; the first counts. CIFAR-10's own labels are not part of CIFAR-10H: with \`--labels\` (10,000 classes) the
scores against them are added.

${pageOfRules}`,
  primary: 'cross_entropy',
  outputs: [...softOutputs, ...hardOutputs],
  resampling: 'image',
  oracle: { tool: 'NumPy', version: '1.24.2' },
  predictions: predictionNotes('10000', '10').slice(0, 2),
  labels: [
    {
      name: 'CIFAR-10 test labels',
      formats: ['.npy', '.csv', 'plain text'],
      contents: 'Whole numbers [10000] from 0 to 9 in the official order.',
      example: '3\n8\n8\n0',
      optional: true,
    },
  ],
  fidelity: 'OFFICIAL',
  datasets: [
    {
      folder: 'cifar10h',
      revision: 'jcpeterson/cifar-10h@48da312',
      files: { [FILE]: '436ae98620e00073f9d08585ac870573b588853e7af9f54eb1647408114af77d' },
    },
  ],
  async score(context) {
    const path = join(context.dataFolder('cifar10h'), FILE);
    const content = await readFile(path);
    const people = await readLabels({ name: FILE, bytes: content.length, read: async () => content });
    if (!isSoft(people) || people.n !== SHAPE.n || people.classes !== SHAPE.classes)
      throw malformed(path, {}, 'another shape', `(${SHAPE.n}, ${SHAPE.classes})`);
    const predictions = await readClassifications(context, SHAPE);
    if (predictions.kind === 'classes')
      throw malformed(predictions.name, {}, 'predicted classes', 'probabilities or logits');
    const { hard } = await readJudgements(context);
    const parts = [scoreSoft(predictions, people)];
    context.progress(1, 2, 'against people');
    if (hard) parts.push(scoreHard(predictions, codeLabels(predictions, hard), context.progress));
    return reportOf(predictions, parts, { classes: SHAPE.classes });
  },
};
