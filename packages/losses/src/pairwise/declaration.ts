/** A pairwise loss as declared: statistics of each row or column of S = A·Bᵀ, over masks. */
import { LossError } from '../core/errors.js';
import type { Mask, Side, Value } from './expression.js';
import { all, show, walk } from './expression.js';

/** Stands for −∞: the log-sum-exp and the maximum over no pair; its negative is the minimum over none. */
export const FLOOR = -1e30;

export type StatisticKind = 'sum' | 'logSumExp' | 'max' | 'min';

/**
 * One number for each row (or column): the reduction of `of` over the pairs of that row (column) for which `over` holds.
 * Over no pair: sum 0, logSumExp and max FLOOR, min −FLOOR. max and min also give the position of the first winner
 * (its column, or its row), −1 where there is none; their derivative goes to that pair alone.
 */
export interface Statistic {
  readonly per: Side;
  readonly kind: StatisticKind;
  readonly of: Value;
  readonly over: Mask;
}

export interface PairwiseDeclaration {
  /** Names the generated kernels in caches and snapshots. */
  readonly name: string;
  readonly statistics: Readonly<Record<string, Statistic>>;
}

/** A statistic; without `over`, over every pair; without `per`, of each row. */
export function statistic(kind: StatisticKind, of: Value, options: { over?: Mask; per?: Side } = {}): Statistic {
  return { per: options.per ?? 'row', kind, of, over: options.over ?? all };
}

/** The names that a set of trees reads. */
export interface Reads {
  readonly rowFields: readonly string[];
  readonly columnFields: readonly string[];
  readonly rowIds: readonly string[];
  readonly columnIds: readonly string[];
  readonly relations: readonly string[];
  readonly uniforms: readonly string[];
}

export function readsOf(trees: readonly (Value | Mask)[]): Reads {
  const sets = {
    rowFields: new Set<string>(),
    columnFields: new Set<string>(),
    rowIds: new Set<string>(),
    columnIds: new Set<string>(),
    relations: new Set<string>(),
    uniforms: new Set<string>(),
  };
  for (const tree of trees)
    for (const part of walk(tree)) {
      if (part.kind === 'field' || part.kind === 'atPosition')
        sets[part.per === 'row' ? 'rowFields' : 'columnFields'].add(part.name);
      else if (part.kind === 'sameId') {
        sets.rowIds.add(part.row);
        sets.columnIds.add(part.column);
      } else if (part.kind === 'member') sets.relations.add(part.relation);
      else if (part.kind === 'uniform') sets.uniforms.add(part.name);
    }
  const sorted = (set: Set<string>): string[] => [...set].sort();
  return {
    rowFields: sorted(sets.rowFields),
    columnFields: sorted(sets.columnFields),
    rowIds: sorted(sets.rowIds),
    columnIds: sorted(sets.columnIds),
    relations: sorted(sets.relations),
    uniforms: sorted(sets.uniforms),
  };
}

const NAME = /^[A-Za-z][A-Za-z0-9]*$/;

/** Checks and freezes a declaration. Throws DOMAIN for a name that is no identifier and for one without a statistic. */
export function definePairwise(declaration: PairwiseDeclaration): PairwiseDeclaration {
  const names = Object.keys(declaration.statistics);
  const reads = readsOf(Object.values(declaration.statistics).flatMap(({ of, over }) => [of, over]));
  const bad = [...names, ...Object.values(reads).flat()].find((name) => !NAME.test(name));
  if (bad !== undefined || names.length === 0)
    throw new LossError('DOMAIN', `${declaration.name}: "${bad ?? ''}" is no name of a statistic or field`, {
      field: declaration.name,
      value: bad,
      allowed: 'letters and digits, a letter first; at least one statistic',
    });
  return Object.freeze(declaration);
}

export const showStatistic = ({ per, kind, of, over }: Statistic): string =>
  `${per} ${kind} of ${show(of)} over ${show(over)}`;
