/** Tie groups in words: what the bars at the left edge show. */
import { ranges, type TiedRows } from './lanes';
import type { BoardRow } from './query';

type Ranked = Pick<BoardRow, 'id' | 'label' | 'rank' | 'rankLow' | 'rankHigh'>;

const ranksOf = (rows: readonly Ranked[], ids: ReadonlySet<string>): number[] =>
  rows.flatMap(({ id, rank }) => (ids.has(id) && rank !== null ? [rank] : []));

const elsewhere = (count: number): string => (count === 0 ? '' : ` and ${count} on other pages`);

export interface TiesInWords {
  readonly number: number;
  /** "1 to 3", "2, 3 and 4 on other pages". */
  readonly ranks: string;
  readonly labels: readonly string[];
}

/** Each group of at least two rows, by its number. */
export function tiesInWords(groups: readonly TiedRows[], rows: readonly Ranked[]): TiesInWords[] {
  return groups
    .filter(({ entries, rowsBefore, rowsAfter }) => entries.length + rowsBefore + rowsAfter > 1)
    .toSorted((a, b) => a.number - b.number)
    .map(({ number, entries, rowsBefore, rowsAfter }) => {
      const ids = new Set(entries);
      const labels = rows.filter(({ id }) => ids.has(id)).map(({ label }) => label);
      return { number, labels, ranks: ranges(ranksOf(rows, ids)) + elsewhere(rowsBefore + rowsAfter) };
    });
}

/** Ranks of the other rows of this page that share a group with a row; empty where it stands alone. */
export function tiedWith(id: string, groups: readonly TiedRows[], rows: readonly Ranked[]): string {
  const others = new Set(groups.filter(({ entries }) => entries.includes(id)).flatMap(({ entries }) => entries));
  others.delete(id);
  return ranges(ranksOf(rows, others));
}

/** What the first ranks of a board are worth, from all of its rows or the first page of them; null where nothing is compared. */
export function verdictOf(rows: readonly Ranked[]): string | null {
  const judged = rows.filter(({ rankLow, rankHigh }) => rankLow !== null && rankHigh !== null);
  const last = Math.max(...judged.map(({ rankHigh }) => rankHigh!));
  if (judged.length < 2) return null;
  if (judged.every(({ rankLow, rankHigh }) => rankLow === 1 && rankHigh === last))
    return 'No two rows of this board can be told apart.';
  const first = judged.filter(({ rankLow }) => rankLow === 1);
  const [only] = first;
  if (only && first.length === 1 && only.rankHigh === 1) return `${only.label} is better than every other row.`;
  const names = first.slice(0, 3).map(({ label }) => label);
  const named = first.length > 3 ? [...names, `${first.length - 3} more`] : names;
  const list = [named.slice(0, -1).join(', '), named.at(-1)].filter(Boolean).join(' and ');
  return `No row stands first: none is significantly better than ${list}.`;
}
