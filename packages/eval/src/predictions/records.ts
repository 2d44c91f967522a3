/** Protocols of the predictions track as the records that a board stores and hashes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hashJson } from '../core/hash.js';
import type { Protocol, Receipt } from '../core/types.js';
import type { Environment } from '../data-store.js';
import { dataDirectories } from '../data-store.js';
import { protocols, reportedBoards } from './registry.generated.js';
import type { LabelSet, PredictionProtocol, ReportedBoard } from './types.js';

/** A predictions protocol that has a board: the record, and what is said of it. */
export interface PredictionBenchmark {
  readonly protocol: Protocol;
  readonly title: string;
  readonly summary: string;
  /** Markdown. */
  readonly page: string;
  /** The code that scores it; a board of reported numbers has none. */
  readonly scoring?: PredictionProtocol;
}

/** Fields that describe training have no counterpart here; those that tables and lists read are there and empty. */
type PredictionRecord = Omit<
  Protocol,
  'task' | 'split' | 'features' | 'model' | 'optimiser' | 'tuningSeed' | 'batch' | 'augmentation' | 'space'
> & { readonly task: 'predictions' };

/** Checksums in the order in which the files are named; none for labels that whoever scores supplies. */
function pinnedLabels(set: LabelSet): Protocol['datasets'][number] {
  return { key: set.folder, revision: set.revision, sha256: 'files' in set ? Object.values(set.files) : [] };
}

function recordOf(definition: PredictionProtocol): Protocol {
  const { key, version, fidelity, datasets, ownLabels, outputs, primary, resampling } = definition;
  const record: PredictionRecord = {
    schema: 1,
    key,
    version,
    track: 'predictions',
    task: 'predictions',
    scale: 'FULL',
    fidelity,
    datasets: datasets.map(pinnedLabels),
    ...(ownLabels ? { ownLabels } : {}),
    steps: 0,
    seeds: [0],
    backend: 'wasm',
    metrics: [],
    primary,
    slot: 'inference',
    accepts: {},
    fixed: {},
    outputs: outputs.map(({ key: output, direction, unit, precision }) => ({
      key: output,
      direction,
      unit,
      precision,
    })),
    resampling,
  };
  return record as unknown as Protocol;
}

/** What a board of reported numbers fixes: its score keys. Nothing is read and nothing is resampled. */
function reportedRecordOf({ key, version, outputs, primary }: ReportedBoard): Protocol {
  const record: PredictionRecord = {
    schema: 1,
    key,
    version,
    track: 'predictions',
    task: 'predictions',
    scale: 'FULL',
    fidelity: 'OFFICIAL',
    datasets: [],
    steps: 0,
    seeds: [0],
    backend: 'wasm',
    metrics: [],
    primary,
    slot: 'inference',
    accepts: {},
    fixed: {},
    outputs: outputs.map((output) => ({
      key: output.key,
      direction: output.direction,
      unit: output.unit,
      precision: output.precision,
    })),
    resampling: 'none',
    reportedOnly: true,
  };
  return record as unknown as Protocol;
}

/** False where senders may bring their own labels or choose among sets, so that two rows may be of different data and none is ranked. */
export const hasOfficialLabels = ({ track, datasets, ownLabels, reportedOnly }: Protocol): boolean =>
  track === 'train' || (datasets.length > 0 && !ownLabels) || reportedOnly === true;

/**
 * One name for the labels behind a receipt: equal for equal content, whatever machine scored. Null where there is nothing to
 * compare: on the train track, and where the labels come with the predictions.
 */
export function labelRevision(protocol: Protocol, { datasets }: Pick<Receipt, 'datasets'>): string | null {
  if (protocol.track === 'train' || !hasOfficialLabels(protocol)) return null;
  return hashJson(datasets.map(({ key, sha256 }) => ({ key, sha256 })));
}

/** A server can score it: its labels are official ones in a data folder, or part of what is sent. */
const hasBoard = ({ datasets, labels }: PredictionProtocol): boolean =>
  datasets.length > 0 || labels.every((note) => note.optional);

const scored: readonly PredictionBenchmark[] = protocols.filter(hasBoard).map((scoring) => {
  const { title, summary, page } = scoring;
  return { protocol: recordOf(scoring), title, summary, page, scoring };
});
const reported: readonly PredictionBenchmark[] = reportedBoards.map((board) => {
  const { title, summary, page } = board;
  return { protocol: reportedRecordOf(board), title, summary, page };
});
const records = [...scored, ...reported].sort((a, b) => (a.protocol.key < b.protocol.key ? -1 : 1));

/** Every predictions protocol that has a board, and every board of reported numbers, by key. A protocol that needs labels from whoever scores has none. */
export const listPredictionBenchmarks = (): readonly PredictionBenchmark[] => records;

/** By `key` or `key@version`; undefined where there is none. */
export function predictionBenchmark(name: string): PredictionBenchmark | undefined {
  return records.find(({ protocol: { key, version } }) => [key, `${key}@${version}`].includes(name));
}

/** The folder of that name under TOUCHSTONE_DATA or the own data directory; null where there is none. */
export function labelFolder(name: string, env: Environment = process.env): string | null {
  return (
    dataDirectories(env)
      .map((directory) => join(directory, name))
      .find((folder) => existsSync(folder)) ?? null
  );
}
