/** The negative pairs of a batch as the pairwise engine takes them: quartiles by counting, then one log-sum-exp. */
import type { Form } from '../../core/class-softmax.js';
import { formFor } from '../../core/class-softmax.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import type { PairwiseDeclaration, Statistic } from '../../pairwise/index.js';
import {
  add,
  and,
  before,
  constant,
  definePairwise,
  greater,
  greaterEqual,
  lessEqual,
  mul,
  not,
  row,
  sameId,
  score,
  statistic,
  uniform,
} from '../../pairwise/index.js';
import { quartilePositions } from './filter.js';

/** Looking for the quartiles takes about ten passes, which pay from that many times the pairs of other losses; measured. */
const PATIENCE = 64;

/** The form that the negatives of a batch take by themselves. */
export const fusedBatch = (rows: number): Form => formFor(rows, rows / PATIENCE);

const negative = and(before, not(sameId('label', 'label')));

/** Row i: log Σ e^{s·cos} over the negatives j > i between the whiskers. */
export const keptPairs = definePairwise({
  name: 'unpg',
  statistics: {
    kept: statistic('logSumExp', mul(uniform('s'), score), {
      over: and(negative, greaterEqual(score, row('low')), lessEqual(score, row('high'))),
    }),
  },
});

/** Thresholds that one pass counts for each quartile. */
const THRESHOLDS = 7;
/** Each pass divides the bracket by 8: from 2 to about 1e-7. */
const PASSES = 8;
/** Beyond the cosine of any two unit vectors, with their rounding. */
const REACH = 1.001;
/**
 * Brackets and whiskers are widened by this: executors may hold more digits of a similarity than of what it is compared
 * with, and rounding must not leave the element outside that defines a limit.
 */
export const SLACK = 2.5e-7;

const QUARTILES = ['lower', 'upper'] as const;
type Both<T> = Readonly<Record<(typeof QUARTILES)[number], T>>;
const both = <T>(make: (quartile: (typeof QUARTILES)[number]) => T): Both<T> => ({
  lower: make('lower'),
  upper: make('upper'),
});

const counting = definePairwise({
  name: 'unpg-counts',
  statistics: Object.fromEntries(
    QUARTILES.flatMap((quartile) =>
      Array.from({ length: THRESHOLDS }, (_, k): [string, Statistic] => {
        const threshold = add(row(`${quartile}From`), mul(uniform('step'), k + 1));
        return [`${quartile}${k}`, statistic('sum', constant(1), { over: and(negative, lessEqual(score, threshold)) })];
      }),
    ),
  ),
});

/** The smallest negative similarity above a limit. */
const nextAbove = definePairwise({
  name: 'unpg-next',
  statistics: both((quartile) =>
    statistic('min', score, { over: and(negative, greater(score, row(`${quartile}From`))) }),
  ),
});

/** How many lie at or below a similarity, and the smallest above it. */
const around = definePairwise({
  name: 'unpg-around',
  statistics: Object.fromEntries(
    QUARTILES.flatMap((quartile): [string, Statistic][] => {
      const at = row(`${quartile}At`);
      return [
        [`${quartile}Count`, statistic('sum', constant(1), { over: and(negative, lessEqual(score, at)) })],
        [`${quartile}Next`, statistic('min', score, { over: and(negative, greater(score, at)) })],
      ];
    }),
  ),
});

/**
 * The two quartiles, scalars, of the `count` ≥ 1 negative similarities of unit rows [B,D]: brackets around them are
 * narrowed by counting, then moved onto similarities. O(B·D) memory. The element found is the one of that rank, or one
 * within 1e-6 of it where several lie so close. Not differentiated.
 */
export function quartiles(ops: Ops, rows: Tensor, labels: Indices, count: number): readonly [Tensor, Tensor] {
  const n = labels.length;
  const a = ops.stopGradient(rows);
  const [lower, upper] = quartilePositions(count);
  const rank: Both<number> = { lower, upper };

  const pass = (
    declaration: PairwiseDeclaration,
    fields: Readonly<Record<string, Tensor>>,
    uniforms: Readonly<Record<string, number>> = {},
  ) => {
    const wide = Object.entries(fields).map(([name, x]) => [name, ops.add(ops.fill([n], 0), x)] as const);
    const side = { ids: { label: labels } };
    const rowsSide = { ...side, fields: Object.fromEntries(wide) };
    return ops.pairwise(declaration, { a, rows: rowsSide, columns: side, uniforms }).values;
  };
  /**
   * For each vector of counts a row, 1 where at most `wanted` were counted in all: [k]. Each row is compared with its
   * share, since totals may exceed the whole numbers that float32 holds.
   */
  const atMost = (counts: readonly Tensor[], wanted: number): Tensor => {
    const share = Math.floor(wanted / n);
    const excess = ops.sum(ops.sub(ops.stack(counts, 0), share), { axis: 1 });
    return ops.lessEqual(excess, wanted - n * share);
  };

  let from = both(() => ops.fill([], -REACH));
  let step = (2 * REACH) / (THRESHOLDS + 1);
  for (let round = 0; round < PASSES; round++) {
    const values = pass(counting, { lowerFrom: from.lower, upperFrom: from.upper }, { step });
    const start = from;
    from = both((quartile) => {
      const counts = Array.from({ length: THRESHOLDS }, (_, k) => values[`${quartile}${k}`]!);
      const moved = ops.mul(ops.sum(atMost(counts, rank[quartile])), step);
      return ops.sub(ops.add(start[quartile], moved), SLACK);
    });
    step = (step + 2 * SLACK) / (THRESHOLDS + 1);
  }
  const first = pass(nextAbove, { lowerFrom: from.lower, upperFrom: from.upper });
  const at = both((quartile) => ops.min(first[quartile]!));
  const values = pass(around, { lowerAt: at.lower, upperAt: at.upper });
  const found = both((quartile) =>
    ops.where(
      ops.squeeze(atMost([values[`${quartile}Count`]!], rank[quartile])),
      ops.min(values[`${quartile}Next`]!),
      at[quartile],
    ),
  );
  return [found.lower, found.upper];
}
