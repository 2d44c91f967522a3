import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { Link } from '@/components/link';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Live } from '@/components/live';
import { Snippet } from '@/components/snippet';
import { Badge, Empty, Facts, Notice, PageHead, ScaleBadge, TextLink } from '@/components/ui';
import { BoardTable } from '@/features/leaderboard/board-table';
import { ParetoView } from '@/features/leaderboard/pareto-view';
import {
  boardHref,
  boardQuery,
  countsQuery,
  DIVISION_TEXT,
  DIVISIONS,
  openingDivision,
  readCounts,
  readSearch,
} from '@/features/leaderboard/query';
import { leaderboardCurl } from '@/features/leaderboard/snippets';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';
import { formatScore, words } from '@/lib/format';
import { siteAddress } from '@/lib/origin';

const titleQuery = graphql(`
  query BoardTitle($key: String!) {
    benchmark(key: $key) {
      title
    }
  }
`);

/** Title and row counts, once for the page and its head. */
const overview = cache(async (key: string) => {
  const { benchmark } = await request(titleQuery, { key });
  return benchmark && { title: benchmark.title, counts: readCounts(await request(countsQuery, { key })) };
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
  const division = asked.division ?? openingDivision(counts);
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
  const methods = benchmark.slots.find((slot) => slot.ranked)?.methods ?? [];
  const rows = leaderboard.nodes;
  const direction = search.direction ?? (score.direction === 'HIGHER' ? 'DESC' : 'ASC');
  const exportQuery = `division=${division.toLowerCase()}`;

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

      <nav aria-label="Divisions" className="flex flex-wrap gap-x-6 border-b border-line mb-3">
        {DIVISIONS.map((one) => (
          <Link
            key={one}
            href={boardHref(key, search, { division: one, highlight: undefined })}
            aria-current={one === division ? 'page' : undefined}
            className={`py-2 -mb-px no-underline border-b-2 first-letter:uppercase ${one === division ? 'border-accent text-ink font-medium' : 'border-transparent text-soft hover:text-ink'}`}
          >
            {words(one)} <span className="text-soft tabular-nums">{counts[one]}</span>
          </Link>
        ))}
      </nav>
      <p className="text-soft mb-3">{DIVISION_TEXT[division]}</p>

      <form className="flex flex-wrap gap-3 items-end mb-3" action={`/leaderboards/${encodeURIComponent(key)}`}>
        <input type="hidden" name="division" value={division.toLowerCase()} />
        <label className="grid text-soft min-w-0">
          Score
          <select name="sort" defaultValue={score.key} className="max-w-56">
            {benchmark.scoreKeys.map((option) => (
              <option key={option.key} value={option.key}>
                {option.title} {option.direction === 'HIGHER' ? '↑' : '↓'}
              </option>
            ))}
          </select>
        </label>
        <label className="grid text-soft min-w-0">
          Method
          <select name="method" defaultValue={search.method ?? ''} className="max-w-56">
            <option value="">all</option>
            {methods.map((method) => (
              <option key={method.key} value={method.key}>
                {method.title}
              </option>
            ))}
          </select>
        </label>
        <button className="button">Show</button>
        <span className="grow" />
        <span className="text-soft flex gap-3">
          Export
          {['csv', 'latex', 'bibtex', 'json'].map((format) => (
            <a key={format} href={`/leaderboards/${encodeURIComponent(key)}/export?format=${format}&${exportQuery}`}>
              {format === 'latex' ? 'LaTeX' : format === 'bibtex' ? 'BibTeX' : format.toUpperCase()}
            </a>
          ))}
        </span>
      </form>

      {rows.length === 0 ? (
        <Empty>
          No entry in this division{search.method ? ` with ${search.method}` : ' yet'}.{' '}
          <TextLink href={`/submit?benchmark=${benchmark.key}`}>Submit a variant</TextLink>
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
          Submit a variant
        </Link>
        <Link className="button" href={`/compare?benchmark=${benchmark.key}`}>
          Compare two entries
        </Link>
      </p>

      <ParetoView rows={rows} score={score} />

      <section className="grid gap-x-10 lg:grid-cols-2">
        <div className="min-w-0">
          <h2>About this board</h2>
          <Facts
            items={[
              [
                'Primary score',
                `${benchmark.primary.title}, ${benchmark.primary.direction === 'HIGHER' ? 'higher' : 'lower'} is better`,
              ],
              [
                'Resolution',
                benchmark.resolution === null
                  ? 'not measured yet'
                  : `${formatScore(benchmark.resolution, benchmark.primary.precision)}: a smaller difference is too small to see here`,
              ],
              [
                'Headroom',
                benchmark.headroom === null
                  ? 'not measured yet'
                  : formatScore(benchmark.headroom, benchmark.primary.precision),
              ],
              ['Ranks', `the ${words(benchmark.slot)} slot`],
              ['Seeds', benchmark.seeds.join(', ')],
              [
                'Data',
                benchmark.datasets.map((dataset) => (
                  <span key={dataset.key} className="block">
                    <TextLink href={`/datasets/${dataset.key}`}>{dataset.title}</TextLink>
                  </span>
                )),
              ],
              ['Backend', benchmark.backend],
            ]}
          />
        </div>
        <div className="min-w-0">
          <h2>Read it elsewhere</h2>
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
