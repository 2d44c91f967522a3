/** A protocol that takes anybody's labels, with one official set of labels put in: the board on which all rows are of the same data. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { InputFile, InputTree } from './input.js';
import type { FileNote, LabelSet, PredictionProtocol, ScoreContext } from './types.js';

export interface FixedLabels {
  readonly key: string;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** Markdown, before the rules of the protocol: which examples, how many, in what order. */
  readonly intro: string;
  readonly dataset: LabelSet;
  readonly predictions: readonly FileNote[];
  /** The labels as somebody would have handed them in. */
  labels(folder: string): Promise<readonly InputFile[]>;
}

/** Labels of any official file decompress to far less. */
const MOST_BYTES = 2 ** 28;

/** One file of a data folder as a label file; a name ending in .gz is decompressed and loses the ending. */
export async function labelFile(folder: string, name: string): Promise<InputFile> {
  const stored = await readFile(join(folder, name));
  const zipped = name.endsWith('.gz');
  const content = zipped ? gunzipSync(stored, { maxOutputLength: MOST_BYTES }) : stored;
  return { name: zipped ? name.slice(0, -3) : name, bytes: content.length, read: async () => content };
}

/** The page of the protocol without its title. */
const rulesOf = ({ page }: PredictionProtocol): string => page.replace(/^# .*\n+/, '');

/** Labels that come with the predictions, or by --labels, are not looked at. */
export function withFixedLabels(base: PredictionProtocol, board: FixedLabels): PredictionProtocol {
  const { key, title, summary, intro, dataset, predictions } = board;
  const { ownLabels: _, ...rules } = base;
  return {
    ...rules,
    key,
    version: 1,
    title,
    summary,
    page: `# ${title}\n\n${intro}\n\n${rulesOf(base)}`,
    predictions,
    labels: [],
    fidelity: 'OFFICIAL',
    datasets: [dataset],
    async score(context: ScoreContext) {
      const path = context.dataFolder(dataset.folder);
      const tree: InputTree = { path, kind: 'zip', files: await board.labels(path), close: async () => undefined };
      return base.score({ ...context, labels: [tree] });
    },
  };
}
