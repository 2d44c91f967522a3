/** Boards of one competition each, with the gold answers of the data folder. */
import { labelFile, withFixedLabels } from '../fixed-labels.js';
import { definition as mathAnswers } from '../protocols/math-answers.js';
import type { PredictionProtocol } from '../types.js';

export interface Competition {
  readonly key: string;
  readonly title: string;
  /** What it is, how many problems. */
  readonly intro: string;
  readonly problems: number;
  /** Ids of the first two problems, for the example. */
  readonly ids: readonly [number, number];
  readonly file: string;
  readonly sha256: string;
  readonly revision: string;
}

export const competition = ({
  key,
  title,
  intro,
  problems,
  ids,
  file,
  sha256,
  revision,
}: Competition): PredictionProtocol =>
  withFixedLabels(mathAnswers, {
    key,
    title: `${title}: sampled answers`,
    summary: `pass@k, avg@k and maj@k on the ${problems} problems of ${title}.`,
    intro,
    dataset: { folder: 'aime', revision, files: { [file]: sha256 } },
    predictions: [
      {
        name: 'answers',
        formats: ['.jsonl'],
        contents: `One problem a line, all ${problems}: its id and answers, a list of responses or of extracted answers.`,
        example: ids
          .map((id, i) => `{"id": ${id}, "answers": ["… \\\\boxed{${204 - 91 * i}}", "${113 + i}"]}`)
          .join('\n'),
      },
    ],
    labels: async (folder) => [await labelFile(folder, file)],
  });
