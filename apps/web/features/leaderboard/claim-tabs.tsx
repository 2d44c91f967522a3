import { Link } from '@/components/link';
import { words } from '@/lib/format';
import { boardHref, CLAIMS, type BoardSearch, type ClaimCounts, type SentClaim } from './query';

/** What was scored here and what was only reported, each with its number of rows and ranks of its own. */
export function ClaimTabs({
  board,
  search,
  claim,
  counts,
}: {
  board: string;
  search: BoardSearch;
  claim: SentClaim;
  counts: ClaimCounts;
}) {
  return (
    <nav aria-label="Claims" className="flex flex-wrap gap-x-6 border-b border-line mb-3">
      {CLAIMS.map((one) => (
        <Link
          key={one}
          href={boardHref(board, search, { claim: one, highlight: undefined })}
          aria-current={one === claim ? 'page' : undefined}
          className={`py-2 -mb-px no-underline border-b-2 first-letter:uppercase ${one === claim ? 'border-accent text-ink font-medium' : 'border-transparent text-soft hover:text-ink'}`}
        >
          {words(one)} <span className="text-soft tabular-nums">{counts[one]}</span>
        </Link>
      ))}
    </nav>
  );
}
