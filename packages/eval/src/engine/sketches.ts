/** Bootstrap sketches of a finished run: what each of its scores does when the test units are drawn again. */
import { performance } from 'node:perf_hooks';
import type { Reweighing } from '../predictions/types.js';
import type { UnitIds } from '../statistics/poisson-weights.js';
import { poissonWeights, REPLICATES } from '../statistics/poisson-weights.js';
import { encodeSketch, sketchMean } from '../statistics/sketch.js';
import { Cancelled } from './failure.js';

/** What is sampled behind a score. */
export interface Drawn {
  /** One id a unit; units of one id are drawn together. A number stands for positions 0 … n − 1. */
  readonly ids: UnitIds;
  /** For folds: test size over training size of one. */
  readonly testTrainRatio?: number;
}

export interface SketchSource {
  readonly scores: Readonly<Record<string, number>>;
  readonly outcomes: Readonly<Record<string, Float64Array>>;
  readonly reweigh?: Reweighing;
  /**
   * For so many units of a score's outcomes or, weighted, of a score of weighted units; null where nothing is drawn. Answers share
   * their weights when `ids` are the same object.
   */
  readonly drawn: (key: string, units: number, weighted: boolean) => Drawn | null;
  readonly signal: AbortSignal;
  /** Replicates done. */
  readonly onProgress: (done: number, total: number) => void;
  readonly onWarning: (line: string) => void;
  /** Longest that all replicates of `reweigh` may take, ms; two minutes unless given. */
  readonly limitMs?: number;
}

/** Bytes of weights held at a time: the table of all 1,000 replicates of 60,000 units would take 60 MB. */
const BLOCK_BYTES = 4 * 1024 * 1024;
const LIMIT_MS = 120_000;
/** How far a score may be from what its outcomes or weights of one give. */
const TOLERANCE = 1e-9;
const BREATH_MS = 100;

const near = (a: number, b: number): boolean => Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));

function meanOfCounted(outcomes: Float64Array): number {
  let [sum, n] = [0, 0];
  for (const value of outcomes) {
    if (Number.isNaN(value)) continue;
    sum += value;
    n++;
  }
  return sum / n;
}

/** Timers and messages get their turn; throws Cancelled when the caller gave up. */
class Breath {
  private last = performance.now();
  constructor(private readonly signal: AbortSignal) {}
  async take(): Promise<void> {
    if (performance.now() - this.last >= BREATH_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      this.last = performance.now();
    }
    if (this.signal.aborted) throw new Cancelled();
  }
}

interface Sketched {
  readonly key: string;
  readonly drawn: Drawn;
  readonly deviations: Float32Array;
  units: number;
}

/**
 * Keys whose score is the mean of its outcomes; the others' outcomes say nothing of how the score varies. A key that is re-weighed is
 * none of them: its outcomes come about by a choice (which cluster is which class) that another sample would make anew.
 */
function decomposing({ scores, outcomes, reweigh, drawn }: SketchSource): Sketched[] {
  return Object.keys(scores).flatMap((key) => {
    const values = outcomes[key];
    if (!values || reweigh?.keys.includes(key) || !near(meanOfCounted(values), scores[key]!)) return [];
    const source = drawn(key, values.length, false);
    return source ? [{ key, drawn: source, deviations: new Float32Array(REPLICATES), units: 1 }] : [];
  });
}

/** Keys of `reweigh` whose weights of one give the score; none where all replicates would take too long. */
async function reweighed(source: SketchSource, breath: Breath): Promise<Sketched[]> {
  const { reweigh, scores, limitMs = LIMIT_MS, onWarning } = source;
  const wanted = reweigh?.keys.filter((key) => key in scores) ?? [];
  if (!reweigh || wanted.length === 0) return [];
  const drawn = source.drawn(wanted[0]!, reweigh.units, true);
  if (!drawn) return [];
  const budget = limitMs / REPLICATES;
  const { values, units } = poissonWeights(drawn.ids, 4);
  const plain = reweigh.scores(null);
  let fastest = Infinity;
  for (let call = 0; call < 4 && !(fastest > 8 * budget && call > 0); call++) {
    const started = performance.now();
    reweigh.scores(values.subarray(call * units, (call + 1) * units));
    fastest = Math.min(fastest, performance.now() - started);
    await breath.take();
  }
  if (fastest > budget) {
    const seconds = Math.round((fastest * REPLICATES) / 1000);
    onWarning(
      `no interval over test units of ${wanted.join(', ')}: ${REPLICATES} replicates would take about ${seconds} s, ` +
        `the limit is ${limitMs / 1000} s`,
    );
    return [];
  }
  return wanted.flatMap((key) => {
    const found = plain[key];
    if (found !== undefined && near(found, scores[key]!))
      return [{ key, drawn, deviations: new Float32Array(REPLICATES), units: 1 }];
    onWarning(`no interval over test units of ${key}: counting every unit once gives ${found}, not ${scores[key]}`);
    return [];
  });
}

/** Sets a replicate's scores; one that does not exist under its weights keeps the score. */
function setReplicate(source: SketchSource, sketches: readonly Sketched[], weights: Uint8Array, r: number): void {
  const found = source.reweigh!.scores(weights);
  for (const { key, deviations } of sketches) {
    const value = found[key];
    deviations[r] = value !== undefined && Number.isFinite(value) ? value - source.scores[key]! : 0;
  }
}

/**
 * Encoded sketches by score key: of the scores that the report re-weighs, and of every other that is the mean of its outcomes.
 * A score that is neither, or takes too long, has none. Weights are made in blocks of replicates, each used for all keys and then
 * dropped. Throws CANCELLED.
 */
export async function sketchRun(source: SketchSource): Promise<Record<string, Uint8Array>> {
  const { scores, outcomes, onProgress } = source;
  const breath = new Breath(source.signal);
  const means = decomposing(source);
  const others = await reweighed(source, breath);
  const tables = new Map<UnitIds, { means: Sketched[]; others: Sketched[] }>();
  for (const [kind, list] of [['means', means] as const, ['others', others] as const]) {
    for (const sketch of list) {
      const table = tables.get(sketch.drawn.ids) ?? { means: [], others: [] };
      tables.set(sketch.drawn.ids, table);
      table[kind].push(sketch);
    }
  }
  const total = tables.size * REPLICATES;
  let done = 0;
  for (const [ids, table] of tables) {
    const units = typeof ids === 'number' ? ids : ids.length;
    const rows = Math.min(REPLICATES, Math.max(4, Math.floor(BLOCK_BYTES / units / 4) * 4));
    for (let first = 0; first < REPLICATES; first += rows) {
      const weights = poissonWeights(ids, Math.min(rows, REPLICATES - first), first);
      for (const sketch of table.means) {
        const { testTrainRatio } = sketch.drawn;
        const part = sketchMean(outcomes[sketch.key]!, weights, testTrainRatio === undefined ? {} : { testTrainRatio });
        sketch.deviations.set(part.deviations, first);
        sketch.units = part.units;
        await breath.take();
      }
      if (table.others.length > 0) {
        for (let r = 0; r < weights.replicates; r++) {
          setReplicate(source, table.others, weights.values.subarray(r * units, (r + 1) * units), first + r);
          onProgress(done + r + 1, total);
          await breath.take();
        }
        for (const sketch of table.others) sketch.units = weights.distinct;
      }
      done += weights.replicates;
      onProgress(done, total);
      await breath.take();
    }
  }
  return Object.fromEntries(
    [...means, ...others].map(({ key, deviations, units }) => [
      key,
      encodeSketch({ score: scores[key]!, deviations, units }),
    ]),
  );
}
