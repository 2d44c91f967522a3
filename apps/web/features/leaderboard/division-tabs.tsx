import { Link } from '@/components/link';
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
    <nav aria-label="Divisions" className="flex flex-wrap gap-x-6 border-b border-line mb-3">
      {DIVISIONS.map((one) => (
        <Link
          key={one}
          href={boardHref(board, search, { division: one, highlight: undefined })}
          aria-current={one === division ? 'page' : undefined}
          className={`py-2 -mb-px no-underline border-b-2 first-letter:uppercase ${one === division ? 'border-accent text-ink font-medium' : 'border-transparent text-soft hover:text-ink'}`}
        >
          {words(one)} <span className="text-soft tabular-nums">{counts[one]}</span>
        </Link>
      ))}
    </nav>
  );
}
