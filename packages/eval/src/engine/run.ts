/** One run: a pure function of benchmark version, variant, seed, data revision and kernel plan. */
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { EvalError } from '../core/errors.js';
import { methodOf } from '../core/methods.js';
import { CODE_VERSION, receiptDigest } from '../core/receipt.js';
import { benchmarkHash, benchmarkName, getBenchmark, metricsOf, primaryOutput } from '../core/registry.js';
import type {
  BenchmarkDefinition,
  ChildMessage,
  MetricDefinition,
  MetricInputs,
  Protocol,
  Receipt,
  RunRequest,
  RunResult,
  TuningRecord,
  Variant,
} from '../core/types.js';
import { variantHash } from '../core/variant.js';
import type { Prepared, Source } from '../tasks/prepare.js';
import { REPLICATES } from '../statistics/poisson-weights.js';
import { classesOf, openSource, prepare } from '../tasks/prepare.js';
import { convergence } from './convergence.js';
import { NonFinite } from './failure.js';
import type { Reporter } from './progress.js';
import { openReporter } from './progress.js';
import type { Drawn } from './sketches.js';
import { sketchRun } from './sketches.js';
import type { TrainingOutput } from './train.js';
import { train } from './train.js';
import type { Point } from './tuning.js';
import { componentsAt, tune } from './tuning.js';
import { cachedTuning, fits, storeTuning } from './tuning-store.js';

export interface RunOptions {
  readonly onMessage?: (message: ChildMessage) => void;
  /** Aborting ends the run within one step, with CANCELLED. */
  readonly signal?: AbortSignal;
  /** The point of a tuned variant; without it shipped and cached records are looked up, else it is computed. */
  readonly tuning?: TuningRecord;
}

/** The request of one seed of a variant. */
export function requestFor(
  benchmark: BenchmarkDefinition,
  variant: Variant,
  seed: number,
  fraction?: number,
): RunRequest {
  return {
    benchmark: benchmarkName(benchmark.protocol),
    benchmarkHash: benchmarkHash(benchmark.protocol),
    variant,
    variantHash: variantHash(variant),
    seed,
    ...(fraction === undefined || fraction === 1 ? {} : { fraction }),
  };
}

function mismatch(field: string, here: unknown, asked: unknown): never {
  throw new EvalError('HASH_MISMATCH', `${field}: ${String(here)} here, the run asks for ${String(asked)}`, {
    field,
    value: asked,
    allowed: String(here),
  });
}

function checked(request: RunRequest): Protocol {
  const { protocol } = getBenchmark(request.benchmark);
  const hash = benchmarkHash(protocol);
  if (hash !== request.benchmarkHash) mismatch('benchmarkHash', hash, request.benchmarkHash);
  const named = variantHash(request.variant);
  if (named !== request.variantHash) mismatch('variantHash', named, request.variantHash);
  for (const ref of Object.values({ ...protocol.fixed, ...request.variant.components })) {
    const { version } = methodOf(ref.method);
    if (version !== ref.version) mismatch(`${ref.method} version`, version, ref.version);
  }
  const { fraction = 1, seed } = request;
  if (!(fraction > 0 && fraction <= 1))
    throw new EvalError('PARAM_RANGE', `fraction: received ${fraction}`, {
      field: 'fraction',
      value: fraction,
      allowed: 'above 0 up to 1',
    });
  if (!Number.isInteger(seed) || seed < 0)
    throw new EvalError('SEEDS_RANGE', `seed: received ${seed}`, {
      field: 'seed',
      value: seed,
      allowed: 'an integer from 0',
    });
  return protocol;
}

interface Scored extends Pick<RunResult, 'scores' | 'outcomes'> {
  readonly resampling: ReadonlyMap<string, MetricDefinition['resampling']>;
}

/** Every score key of the benchmark, outcomes by unit, and what each key's metric draws again. Throws NonFinite. */
function score(protocol: Protocol, inputs: MetricInputs, step: number): Scored {
  const scores: Record<string, number> = {};
  const outcomes: Record<string, Float64Array> = {};
  const resampling = new Map<string, MetricDefinition['resampling']>();
  for (const metric of metricsOf(protocol)) {
    const result = metric.compute(inputs);
    Object.assign(outcomes, result.outcomes);
    for (const { key } of metric.outputs) {
      const value = result.scores[key];
      if (value === undefined || !Number.isFinite(value)) throw new NonFinite(`score ${key}`, step);
      scores[key] = value === 0 ? 0 : value;
      resampling.set(key, metric.resampling);
    }
  }
  return { scores, outcomes, resampling };
}

/** Items are drawn by themselves, queries with their class: those of one class share their gallery. */
function drawnOf({ resampling }: Scored, groups: readonly string[]): (key: string, units: number) => Drawn | null {
  return (key, units) => {
    const unit = resampling.get(key);
    if (unit === undefined || unit === 'none') return null;
    return { ids: unit === 'query' && groups.length === units ? groups : units };
  };
}

class Run {
  private readonly started = { wall: performance.now(), cpu: process.cpuUsage() };
  private readonly report: Reporter;
  private readonly signal: AbortSignal;
  private readonly steps: number;

  constructor(
    private readonly request: RunRequest,
    private readonly protocol: Protocol,
    private readonly options: RunOptions,
  ) {
    this.report = openReporter(options.onMessage ?? (() => undefined));
    this.signal = options.signal ?? new AbortController().signal;
    this.steps = Math.max(1, Math.round(protocol.steps * (request.fraction ?? 1)));
  }

  async result(): Promise<RunResult> {
    const { request, protocol, report } = this;
    report.phase('data', 1);
    const source = await openSource(protocol);
    const { variant } = request;
    const tuning = variant.space === 'tuned' && !variant.untrained ? await this.tuning(source) : null;
    const point: Point = tuning ? tuning.points[tuning.chosen]! : (variant.space as Exclude<Variant['space'], 'tuned'>);
    const prepared = await prepare(protocol, source, 'test', request.fraction);
    const output = await this.train(prepared, point, request.seed);
    report.phase('scoring', 1);
    const scored = score(protocol, output.inputs, this.steps);
    report.step(1, null);
    const result = this.packed(output, scored.scores, scored.outcomes, tuning);
    const groups = await classesOf(source, prepared);
    report.phase('scoring', REPLICATES);
    const sketches = await sketchRun({
      ...scored,
      drawn: drawnOf(scored, groups),
      signal: this.signal,
      onProgress: (done, total) => report.step(Math.round((done / total) * REPLICATES), null),
      onWarning: (line) => report.log('warn', line),
    });
    return { ...result, sketches, units: { names: null, groups } };
  }

  private async train(prepared: Prepared, point: Point, seed: number): Promise<TrainingOutput> {
    const { protocol, request, report, steps } = this;
    const untrained = request.variant.untrained === true;
    const stride = Math.max(1, Math.floor(steps / 500));
    report.phase('training', steps);
    return train({
      protocol,
      prepared,
      components: { ...protocol.fixed, ...componentsAt(protocol, request.variant, point) },
      seed,
      steps: untrained ? 0 : steps,
      learningRate: point.learningRate,
      weightDecay: point.weightDecay,
      untrained,
      signal: this.signal,
      onStep(step, loss, rate) {
        if (step % stride === 0 || step === steps) {
          report.point('loss', step, loss);
          report.point('learning_rate', step, rate);
        }
        report.step(step, loss);
      },
      onReport: (key, step, value) => report.point(key, step, value),
      onScoring: () => report.phase('scoring', 1),
    });
  }

  private async tuning(source: Source): Promise<TuningRecord> {
    const { request, protocol, options } = this;
    const { benchmarkHash: benchmark, variantHash: variant } = request;
    if (options.tuning) {
      if (fits(options.tuning, benchmark, variant)) return options.tuning;
      throw new EvalError('HASH_MISMATCH', 'tuning: the record is of another benchmark or variant', {
        field: 'tuning',
        value: `${options.tuning.benchmarkHash}/${options.tuning.variantHash}`,
        allowed: `${benchmark}/${variant}`,
      });
    }
    // A record of a fraction would say something else under the same name.
    const whole = request.fraction === undefined;
    const known = await cachedTuning(benchmark, variant);
    if (known) return known;
    this.report.log('info', `choosing rate and scale among ${protocol.space.trials} points on validation data`);
    const record = await this.tuned(source);
    if (whole) await storeTuning(record);
    return record;
  }

  private async tuned(source: Source): Promise<TuningRecord> {
    const { protocol, request, report, steps } = this;
    const prepared = await prepare(protocol, source, 'validation', request.fraction);
    const primary = primaryOutput(protocol);
    const metric = metricsOf(protocol).find((each) => each.outputs.some((output) => output.key === primary.key))!;
    report.phase('tuning', protocol.space.trials * steps);
    return tune({
      protocol,
      benchmarkHash: request.benchmarkHash,
      variant: request.variant,
      variantHash: request.variantHash,
      direction: primary.direction,
      tryPoint: async (point, index) => {
        try {
          const output = await train({
            protocol,
            prepared,
            components: { ...protocol.fixed, ...componentsAt(protocol, request.variant, point) },
            seed: protocol.tuningSeed,
            steps,
            learningRate: point.learningRate,
            weightDecay: point.weightDecay,
            untrained: false,
            signal: this.signal,
            onStep: (step, loss) => report.step(index * steps + step, loss),
            onReport: () => undefined,
            onScoring: () => undefined,
          });
          const value = metric.compute(output.inputs).scores[primary.key]!;
          return Number.isFinite(value) ? value : null;
        } catch (error) {
          if (error instanceof EvalError && error.code === 'NON_FINITE') return null;
          throw error;
        }
      },
    });
  }

  private packed(
    output: TrainingOutput,
    scores: RunResult['scores'],
    outcomes: RunResult['outcomes'],
    tuning: TuningRecord | null,
  ): RunResult {
    const { request, protocol, report } = this;
    report.flush();
    const cpu = process.cpuUsage(this.started.cpu);
    const resources = {
      wallMs: Math.round(performance.now() - this.started.wall),
      cpuMs: Math.round((cpu.user + cpu.system) / 1000),
      peakBytes: process.resourceUsage().maxRSS * 1024,
      flops: output.flops,
    };
    const settled = request.variant.untrained ? 'CONVERGED' : convergence(output.losses, output.stepsPerEpoch);
    const digested = {
      schema: 1 as const,
      benchmark: request.benchmark,
      benchmarkHash: request.benchmarkHash,
      variant: request.variant,
      variantHash: request.variantHash,
      datasets: protocol.datasets,
      code: CODE_VERSION,
      backend: output.backend,
      plan: output.plan,
      seed: request.seed,
      ...(request.fraction === undefined ? {} : { fraction: request.fraction }),
      tuned: tuning ? tunedFields(tuning) : null,
      scores,
    };
    const receipt: Receipt = {
      ...digested,
      digest: receiptDigest(digested),
      environment: {
        node: process.version,
        cpu: cpus()[0]?.model ?? 'unknown',
        platform: `${process.platform}-${process.arch}`,
      },
      resources,
      convergence: settled,
    };
    return {
      scores,
      series: report.series,
      outcomes,
      sketches: {},
      units: null,
      convergence: settled,
      tuning,
      resources,
      receipt,
    };
  }
}

function tunedFields(tuning: TuningRecord): NonNullable<Receipt['tuned']> {
  const { learningRate, weightDecay, scale } = tuning.points[tuning.chosen]!;
  return { learningRate, weightDecay, ...(scale === undefined ? {} : { scale }), edge: tuning.edge };
}

/**
 * Trains and scores one seed of a variant in this process. The same request gives the same scores bit for bit.
 * Throws EvalError: HASH_MISMATCH when benchmark, variant or method versions are not this installation's,
 * DATASET_MISSING, DATASET_CORRUPT, NON_FINITE (with its `step`), CANCELLED; MethodFailure when a method's code throws.
 */
export async function runVariant(request: RunRequest, options: RunOptions = {}): Promise<RunResult> {
  return new Run(request, checked(request), options).result();
}
