import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { Link } from '@/components/link';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Live } from '@/components/live';
import { Snippet } from '@/components/snippet';
import { Badge, Empty, Notice, PageHead, ScaleBadge, TextLink } from '@/components/ui';
import { scoreHref } from '@/features/benchmarks/score-keys';
import { AboutBoard } from '@/features/leaderboard/about-board';
import { BoardFilter } from '@/features/leaderboard/board-filter';
import { BoardTable } from '@/features/leaderboard/board-table';
import { ClaimTabs } from '@/features/leaderboard/claim-tabs';
import { DivisionTabs } from '@/features/leaderboard/division-tabs';
import { HowToRead } from '@/features/leaderboard/how-to-read';
import { layoutLanes } from '@/features/leaderboard/lanes';
import { ParetoView } from '@/features/leaderboard/pareto-view';
import {
  boardHref,
  boardQuery,
  claimsQuery,
  countsQuery,
  DIVISION_TEXT,
  openingClaim,
  openingDivision,
  PREDICTIONS_TEXT,
  predictionsCommand,
  readClaims,
  readCounts,
  readSearch,
  REPORTED_TEXT,
} from '@/features/leaderboard/query';
import { leaderboardCurl } from '@/features/leaderboard/snippets';
import { verdictOf } from '@/features/leaderboard/ties';
import { ApiError, request } from '@/lib/api/client';
import { graphql, type VariablesOf } from '@/lib/api/graphql';
import { siteAddress } from '@/lib/origin';

const titleQuery = graphql(`
  query BoardTitle($key: String!) {
    benchmark(key: $key) {
      title
      track
    }
  }
`);

/** Title and row counts, once for the page and its head. */
const overview = cache(async (key: string) => {
  const { benchmark } = await request(titleQuery, { key });
  return (
    benchmark && {
      title: benchmark.title,
      track: benchmark.track,
      sent: benchmark.track === 'PREDICTIONS' ? readClaims(await request(claimsQuery, { key })) : null,
      counts: benchmark.track === 'PREDICTIONS' ? null : readCounts(await request(countsQuery, { key })),
    }
  );
});

interface Props {
  params: Promise<{ key: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await overview(decodeURIComponent((await params).key)))?.title ?? 'Not found' };
}

/** The page of a board; what the API says against a score or a place that the address names and the board does not have. */
const requestBoard = (variables: VariablesOf<typeof boardQuery>) =>
  request(boardQuery, variables).catch((error: unknown) => {
    if (error instanceof ApiError && error.code !== 'UNREACHABLE') return error;
    throw error;
  });

export default async function LeaderboardPage({ params, searchParams }: Props) {
  const key = decodeURIComponent((await params).key);
  const asked = readSearch(await searchParams);
  const board = await overview(key);
  if (!board) notFound();
  const { counts, sent } = board;
  const division = counts ? (asked.division ?? openingDivision(counts)) : 'OPEN';
  const claim = sent && (asked.claim ?? openingClaim(sent));
  const search = { ...asked, division };
  const answer = await requestBoard({
    key,
    division,
    claims: claim ? [claim] : null,
    orderBy: search.sort ? { key: search.sort, direction: search.direction ?? null } : null,
    where: search.method ? { methods: [search.method] } : null,
    after: search.after ?? null,
  });
  if (answer instanceof ApiError)
    return (
      <>
        <PageHead title={board.title} kicker="Leaderboard" />
        <Notice tone="bad">
          {answer.message} <TextLink href={boardHref(key, { ...search, sort: undefined })}>From the first row</TextLink>
        </Notice>
      </>
    );
  const { benchmark, leaderboard } = answer;
  if (!benchmark) notFound();
  const score = benchmark.scoreKeys.find((candidate) => candidate.key === search.sort) ?? benchmark.primary;
  const rows = leaderboard.nodes;
  const direction = search.direction ?? (score.direction === 'HIGHER' ? 'DESC' : 'ASC');
  const lanes = layoutLanes(
    leaderboard.tieGroups,
    rows.filter((row) => row.rank !== null).map((row) => row.id),
    {
      filtered: search.method !== undefined,
      reversed: (direction === 'DESC') !== (score.direction === 'HIGHER'),
    },
  );
  const verdict = search.after || search.method || search.direction ? null : verdictOf(rows);

  return (
    <>
      <Live everyMs={5000} />
      <PageHead
        title={benchmark.title}
        kicker={
          <span className="flex flex-wrap gap-2 items-center">
            Leaderboard
            <code>
              {benchmark.key}@{benchmark.version}
            </code>
            <ScaleBadge scale={benchmark.scale} fidelity={benchmark.fidelity} />
            {benchmark.state === 'SUPERSEDED' && <Badge tone="bad">superseded</Badge>}
          </span>
        }
      >
        {benchmark.summary} <TextLink href={`/benchmarks/${benchmark.key}`}>The whole protocol</TextLink>
      </PageHead>

      {benchmark.state === 'DATA_MISSING' && (
        <Notice tone="bad">
          The data of this benchmark is not on this installation, so no run can start. {benchmark.stateMessage}
        </Notice>
      )}

      {counts && <DivisionTabs board={key} search={search} division={division} counts={counts} />}
      {sent && claim && sent.SUBMITTED > 0 && sent.REPORTED > 0 && (
        <ClaimTabs board={key} search={search} claim={claim} counts={sent} />
      )}
      <p className="text-soft mb-3">
        {claim === 'REPORTED' ? REPORTED_TEXT : sent ? PREDICTIONS_TEXT : DIVISION_TEXT[division]} The score is{' '}
        <TextLink href={scoreHref(key, score.key)}>{score.title}</TextLink>.
      </p>

      <BoardFilter
        board={key}
        benchmark={benchmark}
        division={division}
        claim={asked.claim}
        score={score.key}
        method={search.method}
      />

      {verdict && <p className="mb-3 font-medium">{verdict}</p>}
      {rows.length === 0 ? (
        <Empty>
          {sent ? 'No entry' : 'No entry in this division'}
          {search.method ? ` with ${search.method}` : ' yet'}.{' '}
          {!benchmark.reportedOnly && (
            <TextLink href={`/submit?benchmark=${benchmark.key}`}>
              {sent ? 'Send predictions' : 'Submit a variant'}
            </TextLink>
          )}
        </Empty>
      ) : (
        <BoardTable
          benchmark={benchmark}
          score={score}
          rows={rows}
          tieGroups={leaderboard.tieGroups}
          lanes={lanes}
          highlight={search.highlight}
          direction={direction}
          turned={boardHref(key, search, { sort: score.key, direction: direction === 'DESC' ? 'ASC' : 'DESC' })}
        />
      )}
      {leaderboard.pageInfo.hasNextPage && (
        <p className="mt-3">
          <TextLink href={boardHref(key, search, { after: leaderboard.pageInfo.endCursor ?? undefined })}>
            Next rows
          </TextLink>
        </p>
      )}
      {rows.length > 0 && <HowToRead board={leaderboard} lanes={lanes} trained={!sent} />}
      <p className="mt-4 flex flex-wrap gap-3">
        {!benchmark.reportedOnly && (
          <Link className="button" href={`/submit?benchmark=${benchmark.key}`}>
            {sent ? 'Send predictions' : 'Submit a variant'}
          </Link>
        )}
        <Link className="button" href={`/compare?benchmark=${benchmark.key}`}>
          Compare two entries
        </Link>
      </p>

      {!sent && <ParetoView rows={rows} score={score} />}

      <section className="grid gap-x-10 lg:grid-cols-2">
        <div className="min-w-0">
          <h2>About this board</h2>
          <AboutBoard benchmark={benchmark} score={score} board={leaderboard} />
        </div>
        <div className="min-w-0">
          <h2>Read it elsewhere</h2>
          {sent && !benchmark.reportedOnly && (
            <Snippet label="Send predictions" text={predictionsCommand(benchmark.key)} />
          )}
          <Snippet
            label="Command line"
            text={`npx touchstone leaderboard ${benchmark.key} --division ${division} --json`}
          />
          <Snippet
            label="Any HTTP client"
            text={leaderboardCurl(siteAddress(await headers()), benchmark.key, division)}
          />
        </div>
      </section>
    </>
  );
}
