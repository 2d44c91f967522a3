/**
 * What an executor runs. Everything about losses has been lowered away: a forward program reduces expressions over pairs
 * to statistics, a backward program multiplies a matrix of weights, never stored whole, with the two factors.
 */
import type { Statistic } from './declaration.js';
import { readsOf, showStatistic } from './declaration.js';
import type { Reads } from './declaration.js';
import type { Value } from './expression.js';
import { show } from './expression.js';

export interface ForwardProgram {
  /** Same key, same computation. */
  readonly key: string;
  readonly name: string;
  readonly statistics: readonly Statistic[];
  readonly reads: Reads;
}

export interface BackwardProgram {
  readonly key: string;
  readonly name: string;
  /** w_ij = dL/ds_ij */
  readonly weight: Value;
  readonly reads: Reads;
}

/** A sparse set of pairs: columns of row i are `columns[offsets[i]] … columns[offsets[i + 1] − 1]`, ascending. */
export interface Relation {
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
}

/** The operands of a program, in a binding's own arrays. */
export interface PairArrays<A> {
  /** [n, d] */
  readonly a: A;
  /** [m, d]; the very object `a` where the columns are the rows: tiles are then computed once for both. */
  readonly b: A;
  /** Vectors of n (rows) and m (columns) numbers. */
  readonly rowFields: Readonly<Record<string, A>>;
  readonly columnFields: Readonly<Record<string, A>>;
  readonly rowIds: Readonly<Record<string, Int32Array>>;
  readonly columnIds: Readonly<Record<string, Int32Array>>;
  readonly relations: Readonly<Record<string, Relation>>;
  readonly uniforms: Readonly<Record<string, number>>;
}

/** Where a program's results lie in the one vector that forward returns. */
export interface Block {
  readonly statistic: number;
  /**
   * `value`; `position` of max and min, as a float; `residual` of logSumExp: what rounding to float32 cut off the value,
   * so that value + residual has the digits which e^(z − value − residual) needs.
   */
  readonly part: 'value' | 'position' | 'residual';
  readonly offset: number;
  readonly length: number;
}

/** Blocks of a forward program's result: for each statistic its value, then its position or residual. */
export function blocksOf(statistics: readonly Statistic[], n: number, m: number): readonly Block[] {
  const blocks: Block[] = [];
  let offset = 0;
  statistics.forEach(({ per, kind }, statistic) => {
    const length = per === 'row' ? n : m;
    const parts =
      kind === 'sum' ? (['value'] as const) : (['value', kind === 'logSumExp' ? 'residual' : 'position'] as const);
    for (const part of parts) {
      blocks.push({ statistic, part, offset, length });
      offset += length;
    }
  });
  return blocks;
}

export interface PairExecutor<A> {
  /** One vector with the blocks of `blocksOf`. */
  forward(program: ForwardProgram, arrays: PairArrays<A>): A;
  /**
   * [W·B] and [Wᵀ·A], each only where wanted, else undefined. Where b is a, `a` is W·A + Wᵀ·A and `b` stays undefined.
   */
  backward(
    program: BackwardProgram,
    arrays: PairArrays<A>,
    want: { readonly a: boolean; readonly b: boolean },
  ): { readonly a: A | undefined; readonly b: A | undefined };
}

export function forwardProgram(name: string, statistics: readonly Statistic[]): ForwardProgram {
  return {
    key: statistics.map(showStatistic).join('; '),
    name,
    statistics,
    reads: readsOf(statistics.flatMap(({ of, over }) => [of, over])),
  };
}

export function backwardProgram(name: string, weight: Value): BackwardProgram {
  return { key: show(weight), name, weight, reads: readsOf([weight]) };
}
