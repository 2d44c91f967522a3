import { Tabs } from '@/components/tabs';
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
    <Tabs
      label="Claims"
      current={claim}
      tabs={CLAIMS.map((one) => ({
        key: one,
        title: words(one),
        href: boardHref(board, search, { claim: one, highlight: undefined }),
        count: counts[one],
      }))}
    />
  );
}
