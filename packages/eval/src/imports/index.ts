/** Published results that lie in data folders (`@touchstone/eval/imports`). */
import { join } from 'node:path';
import { EvalError } from '../core/errors.js';
import { dataDirectories } from '../data-store.js';
import { labelFolder } from '../predictions/records.js';
import { certifiedLogs } from './certified-logs.js';
import { kittiPointrcnn } from './kitti-pointrcnn.js';
import { robustbench } from './robustbench.js';
import { selfexsr } from './selfexsr.js';
import type { ImportRequest, ImportRow, ImportSource } from './types.js';
import { uciPublished } from './uci-published.js';

export type { ImportRequest, ImportRow, ImportSource, ReportedRow, SubmittedRow } from './types.js';

const sources: readonly ImportSource[] = [certifiedLogs, kittiPointrcnn, robustbench, selfexsr, uciPublished];

/** Every source, by key. */
export const listImportSources = (): readonly ImportSource[] => sources;

/** Throws UNKNOWN_DATASET naming the known sources. */
export function getImportSource(key: string): ImportSource {
  const found = sources.find((source) => source.key === key);
  if (found) return found;
  const allowed = sources.map((source) => source.key).join(', ');
  throw new EvalError('UNKNOWN_DATASET', `no source "${key.slice(0, 80)}"; allowed: ${allowed}`, {
    field: 'source',
    value: key,
    allowed,
  });
}

/**
 * The rows of a source, in the order of its publication. Throws UNKNOWN_DATASET, DATASET_MISSING (naming where was looked), and
 * what the files are refused with.
 */
export async function importRows({ source: key, env = process.env }: ImportRequest): Promise<readonly ImportRow[]> {
  const source = getImportSource(key);
  const folder = labelFolder(source.folder, env);
  if (folder) return source.rows(folder);
  const searched = dataDirectories(env).map((directory) => join(directory, source.folder));
  const allowed = `a folder ${source.folder} under TOUCHSTONE_DATA`;
  throw new EvalError(
    'DATASET_MISSING',
    `${source.key} needs ${source.folder}, which is not here (searched ${searched.join(', ')}); allowed: ${allowed}`,
    { field: source.folder, value: searched.join(', '), allowed },
  );
}
