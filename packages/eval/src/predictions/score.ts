/** Scoring a set of prediction files by a protocol. */
import { EvalError } from '../core/errors.js';
import type { Receipt } from '../core/types.js';
import type { Environment } from '../data-store.js';
import { protocols, reportedBoards } from './registry.generated.js';
import type { InputTree } from './input.js';
import { openInput } from './input.js';
import { checkLabels } from './labels.js';
import type { PredictionProtocol, ScoreReport } from './types.js';

/** Every protocol of the predictions track, sorted by key. */
export const listProtocols = (): readonly PredictionProtocol[] => protocols;

/** The protocol of that key, or `key@version`. Throws UNKNOWN_BENCHMARK. */
export function getProtocol(name: string): PredictionProtocol {
  const [key, version] = name.split('@');
  const found = protocols.find(
    (each) => each.key === key && (version === undefined || String(each.version) === version),
  );
  if (found) return found;
  const allowed = protocols.map((each) => each.key).join(', ');
  if (reportedBoards.some((each) => each.key === key))
    throw new EvalError('UNKNOWN_BENCHMARK', `${key} holds reported numbers only: there is nothing to score it with`, {
      field: 'benchmark',
      value: name,
      allowed,
    });
  throw new EvalError('UNKNOWN_BENCHMARK', `no predictions benchmark "${name.slice(0, 80)}"; allowed: ${allowed}`, {
    field: 'benchmark',
    value: name,
    allowed,
  });
}

export interface ScoreRequest {
  readonly benchmark: string;
  readonly predictions: readonly string[];
  readonly labels?: readonly string[];
  readonly env?: Environment;
  readonly onProgress?: (done: number, total: number, what: string) => void;
  readonly signal?: AbortSignal;
}

export interface ScoredPredictions extends ScoreReport {
  /** `key@version` of the protocol. */
  readonly benchmark: string;
  /** The official labels that were read, with the digests of their content; those handed in by `labels` are not among them. */
  readonly datasets: Receipt['datasets'];
}

/**
 * Opens the files, scores them and checks that every score is a finite number of a known key.
 * Throws UNKNOWN_BENCHMARK, DATASET_MISSING, DATASET_CORRUPT, FILE_MALFORMED, FILE_TOO_LARGE, NON_FINITE, CANCELLED.
 */
export async function scorePredictions(request: ScoreRequest): Promise<ScoredPredictions> {
  const protocol = getProtocol(request.benchmark);
  const { env = process.env, signal } = request;
  const opened: InputTree[] = [];
  const open = async (paths: readonly string[]): Promise<InputTree[]> => {
    const trees: InputTree[] = [];
    for (const path of paths) {
      const tree = await openInput(path);
      opened.push(tree);
      trees.push(tree);
    }
    return trees;
  };
  try {
    const official = await checkLabels(protocol, env);
    const report = await protocol.score({
      predictions: await open(request.predictions),
      labels: await open(request.labels ?? []),
      dataFolder: (name) => official.folder(name),
      progress(done, total, what) {
        if (signal?.aborted) throw new EvalError('CANCELLED', 'scoring was cancelled');
        request.onProgress?.(done, total, what);
      },
    });
    const bad = Object.entries(report.scores).find(([, value]) => !Number.isFinite(value));
    if (bad) {
      const [key, value] = bad;
      throw new EvalError('NON_FINITE', `${protocol.key}: ${key} came out as ${value}`, { field: key, value });
    }
    return { benchmark: `${protocol.key}@${protocol.version}`, ...report, datasets: official.used() };
  } finally {
    for (const tree of opened) await tree.close();
  }
}
