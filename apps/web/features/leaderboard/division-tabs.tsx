import { Tabs } from '@/components/tabs';
import { words } from '@/lib/format';
import { boardHref, DIVISIONS, type BoardSearch, type Division, type DivisionCounts } from './query';

/** The divisions of a board, each with its number of rows. */
export function DivisionTabs({
  board,
  search,
  division,
  counts,
}: {
  board: string;
  search: BoardSearch;
  division: Division;
  counts: DivisionCounts;
}) {
  return (
    <Tabs
      label="Divisions"
      current={division}
      tabs={DIVISIONS.map((one) => ({
        key: one,
        title: words(one),
        href: boardHref(board, search, { division: one, highlight: undefined }),
        count: counts[one],
      }))}
    />
  );
}
