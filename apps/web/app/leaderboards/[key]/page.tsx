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
import { DivisionTabs } from '@/features/leaderboard/division-tabs';
import { ParetoView } from '@/features/leaderboard/pareto-view';
import {
  boardHref,
  boardQuery,
  countsQuery,
  DIVISION_TEXT,
  openingDivision,
  PREDICTIONS_TEXT,
  predictionsCommand,
  readCounts,
  readSearch,
} from '@/features/leaderboard/query';
import { leaderboardCurl } from '@/features/leaderboard/snippets';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';
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
      counts: readCounts(await request(countsQuery, { key })),
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

export default async function LeaderboardPage({ params, searchParams }: Props) {
  const key = decodeURIComponent((await params).key);
  const asked = readSearch(await searchParams);
  const board = await overview(key);
  if (!board) notFound();
  const { counts } = board;
  const sent = board.track === 'PREDICTIONS';
  const division = sent ? 'OPEN' : (asked.division ?? openingDivision(counts));
  const search = { ...asked, division };
  const { benchmark, leaderboard } = await request(boardQuery, {
    key,
    division,
    orderBy: search.sort ? { key: search.sort, direction: search.direction ?? null } : null,
    where: search.method ? { methods: [search.method] } : null,
    after: search.after ?? null,
  });
  if (!benchmark) notFound();
  const score = benchmark.scoreKeys.find((candidate) => candidate.key === search.sort) ?? benchmark.primary;
  const rows = leaderboard.nodes;
  const direction = search.direction ?? (score.direction === 'HIGHER' ? 'DESC' : 'ASC');

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

      {!sent && <DivisionTabs board={key} search={search} division={division} counts={counts} />}
      <p className="text-soft mb-3">
        {sent ? PREDICTIONS_TEXT : DIVISION_TEXT[division]} The score is{' '}
        <TextLink href={scoreHref(key, score.key)}>{score.title}</TextLink>.
      </p>

      <BoardFilter board={key} benchmark={benchmark} division={division} score={score.key} method={search.method} />

      {rows.length === 0 ? (
        <Empty>
          {sent ? 'No entry' : 'No entry in this division'}
          {search.method ? ` with ${search.method}` : ' yet'}.{' '}
          <TextLink href={`/submit?benchmark=${benchmark.key}`}>
            {sent ? 'Send predictions' : 'Submit a variant'}
          </TextLink>
        </Empty>
      ) : (
        <BoardTable
          benchmark={benchmark}
          score={score}
          rows={rows}
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
      {rows.length > 0 && (
        <p className="text-soft max-w-[88ch] mt-3">
          Rows joined by a bar at the left edge are not separable from the first row of the bar (paired over seeds,
          adjusted for the number of pairs); the small figures below a rank are its interval. The dotted rule is the
          untrained level, and zero for differences.
        </p>
      )}
      <p className="mt-4 flex flex-wrap gap-3">
        <Link className="button" href={`/submit?benchmark=${benchmark.key}`}>
          {sent ? 'Send predictions' : 'Submit a variant'}
        </Link>
        <Link className="button" href={`/compare?benchmark=${benchmark.key}`}>
          Compare two entries
        </Link>
      </p>

      <ParetoView rows={rows} score={score} />

      <section className="grid gap-x-10 lg:grid-cols-2">
        <div className="min-w-0">
          <h2>About this board</h2>
          <AboutBoard benchmark={benchmark} />
        </div>
        <div className="min-w-0">
          <h2>Read it elsewhere</h2>
          {sent && <Snippet label="Send predictions" text={predictionsCommand(benchmark.key)} />}
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
