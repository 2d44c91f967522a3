/** One run of the predictions track: files that were sent, scored by their protocol, as the record of a run. */
import { cpus } from 'node:os';
import { dirname, sep } from 'node:path';
import { performance } from 'node:perf_hooks';
import { EvalError } from '../core/errors.js';
import { CODE_VERSION, receiptDigest } from '../core/receipt.js';
import { benchmarkHash, outputOf } from '../core/registry.js';
import { keptUnits } from '../core/run-units.js';
import type { ChildMessage, Protocol, RunRequest, RunResult } from '../core/types.js';
import { variantHash } from '../core/variant.js';
import { predictionBenchmark } from '../predictions/records.js';
import { getProtocol, scorePredictions, type ScoredPredictions } from '../predictions/score.js';
import type { PredictionProtocol, ScoreReport } from '../predictions/types.js';
import { BadFile, namesDataFile } from './failure.js';
import type { SketchSource } from './sketches.js';
import { sketchRun } from './sketches.js';

export interface ScoreRunOptions {
  readonly onMessage: (message: ChildMessage) => void;
  readonly signal: AbortSignal;
}

const PROGRESS_MS = 250;

function mismatch(field: string, here: unknown, asked: unknown): never {
  throw new EvalError('HASH_MISMATCH', `${field}: ${String(here)} here, the run asks for ${String(asked)}`, {
    field,
    value: asked,
    allowed: String(here),
  });
}

function checked(request: RunRequest, files: readonly string[]): Protocol {
  const found = predictionBenchmark(request.benchmark);
  if (!found?.scoring) mismatch('benchmark', 'no predictions benchmark of that name', request.benchmark);
  const hash = benchmarkHash(found.protocol);
  if (hash !== request.benchmarkHash) mismatch('benchmarkHash', hash, request.benchmarkHash);
  const named = variantHash(request.variant);
  if (named !== request.variantHash) mismatch('variantHash', named, request.variantHash);
  const wanted = request.variant.predictions?.files.length ?? 0;
  if (wanted !== files.length) mismatch('files', files.length, wanted);
  return found.protocol;
}

/** Where the files happen to lie says nothing to whoever sent them. */
function withoutFolders(message: string, files: readonly string[]): string {
  return files.reduce((text, file) => text.replaceAll(dirname(file) + sep, ''), message);
}

/** At most four messages a second. */
function progressOf(onMessage: ScoreRunOptions['onMessage']): (step: number, steps: number) => void {
  const started = performance.now();
  let told = -Infinity;
  return (step, steps) => {
    const now = performance.now();
    if (now - told < PROGRESS_MS && step < steps) return;
    told = now;
    const perMs = step / Math.max(1, now - started);
    onMessage({
      type: 'progress',
      phase: 'scoring',
      step,
      steps,
      loss: null,
      stepsPerSecond: perMs * 1000,
      etaMs: perMs > 0 ? (steps - step) / perMs : 0,
    });
  };
}

/** What is drawn again for intervals, for a score over `units` units; null where the protocol draws nothing. */
function drawnOf(protocol: PredictionProtocol, report: ScoreReport): SketchSource['drawn'] {
  const { resampling, testTrainRatio } = protocol;
  const { clusters, units: names } = report;
  const named = names && new Set(names).size === names.length ? names : undefined;
  return (_key, units, weighted) => {
    if (resampling === 'none') return null;
    // Units of a re-weighed score are drawn by themselves, as it says.
    const together = !weighted && clusters?.length === units ? clusters : undefined;
    const ids = together ?? (named?.length === units ? named : units);
    return resampling === 'fold' ? { ids, testTrainRatio: testTrainRatio ?? 1 / (units - 1) } : { ids };
  };
}

async function scored(
  request: RunRequest,
  files: readonly string[],
  { onMessage, signal }: ScoreRunOptions,
): Promise<ScoredPredictions> {
  try {
    return await scorePredictions({
      benchmark: request.benchmark,
      predictions: files,
      signal,
      onProgress: progressOf(onMessage),
    });
  } catch (error) {
    if (!(error instanceof EvalError) || (error.code !== 'FILE_MALFORMED' && error.code !== 'FILE_TOO_LARGE'))
      throw error;
    const message = withoutFolders(error.message, files);
    // A label file that cannot be read is not the fault of whoever sent predictions.
    if (namesDataFile(message)) throw error;
    throw new BadFile(message, { cause: error });
  }
}

function scoresOf(protocol: Protocol, { scores }: ScoredPredictions): Record<string, number> {
  const unknown = Object.keys(scores).find((key) => !outputOf(protocol, key));
  if (unknown !== undefined) throw new Error(`${protocol.key} gave a score ${unknown} that its protocol does not name`);
  return Object.fromEntries(Object.entries(scores).map(([key, value]) => [key, value === 0 ? 0 : value]));
}

/**
 * Scores the files at `files`, which are those of `request.variant.predictions` in order. What was counted and warned of
 * goes to the log. Throws HASH_MISMATCH, DATASET_MISSING, NON_FINITE, CANCELLED, and BadFile naming file and place.
 */
export async function scoreVariant(
  request: RunRequest,
  files: readonly string[],
  options: ScoreRunOptions,
): Promise<RunResult> {
  const wall = performance.now();
  const before = process.cpuUsage();
  const protocol = checked(request, files);
  const report = await scored(request, files, options);
  const counted = Object.entries(report.counts).map(([name, count]) => `${count} ${name}`);
  options.onMessage({ type: 'log', level: 'info', line: `scored ${counted.join(', ')}` });
  for (const line of report.warnings) options.onMessage({ type: 'log', level: 'warn', line });
  const { units, warnings } = keptUnits({ names: report.units ?? null, groups: report.groups ?? null });
  for (const line of warnings) options.onMessage({ type: 'log', level: 'warn', line });
  const scores = scoresOf(protocol, report);
  const cpu = process.cpuUsage(before);
  const resources = {
    wallMs: Math.round(performance.now() - wall),
    cpuMs: Math.round((cpu.user + cpu.system) / 1000),
    peakBytes: process.resourceUsage().maxRSS * 1024,
    flops: 0,
  };
  const digested = {
    schema: 1 as const,
    benchmark: request.benchmark,
    benchmarkHash: request.benchmarkHash,
    variant: request.variant,
    variantHash: request.variantHash,
    datasets: report.datasets,
    code: CODE_VERSION,
    // Scoring is plain arithmetic in double precision: no tensor backend takes part.
    backend: { name: 'none', version: '0' },
    plan: 'scoring',
    seed: request.seed,
    tuned: null,
    scores,
  };
  const convergence = 'CONVERGED' as const;
  const sketches = await sketchRun({
    scores,
    outcomes: report.outcomes,
    ...(report.reweigh ? { reweigh: report.reweigh } : {}),
    drawn: drawnOf(getProtocol(request.benchmark), report),
    signal: options.signal,
    onProgress: progressOf(options.onMessage),
    onWarning: (line) => options.onMessage({ type: 'log', level: 'warn', line }),
  });
  return {
    scores,
    series: [],
    outcomes: report.outcomes,
    sketches,
    units,
    convergence,
    tuning: null,
    resources,
    receipt: {
      ...digested,
      digest: receiptDigest(digested),
      environment: { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', platform: process.platform },
      resources,
      convergence,
    },
  };
}
