import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Live } from '@/components/live';
import { Badge, Empty, Facts, Notice, PageHead, ScaleBadge } from '@/components/ui';
import { BoardTable } from '@/features/leaderboard/board-table';
import { boardHref, boardQuery, countsQuery, DIVISION_TEXT, DIVISIONS, openingDivision, readSearch } from '@/features/leaderboard/query';
import { request } from '@/lib/api/client';
import { formatScore, words } from '@/lib/format';

interface Props {
  params: Promise<{ key: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).key) };
}

export default async function LeaderboardPage({ params, searchParams }: Props) {
  const key = decodeURIComponent((await params).key);
  const asked = readSearch(await searchParams);
  const found = await request(countsQuery, { key });
  const counts = { PLATFORM_TUNED: found.PLATFORM_TUNED.totalCount, PUBLISHED_DEFAULTS: found.PUBLISHED_DEFAULTS.totalCount, OPEN: found.OPEN.totalCount };
  const division = asked.division ?? openingDivision(counts);
  const search = { ...asked, division };
  const data = await request(boardQuery, {
    key,
    division,
    orderBy: search.sort ? { key: search.sort, direction: search.direction ?? null } : null,
    where: search.method ? { methods: [search.method] } : null,
    after: search.after ?? null,
  });
  const { benchmark, leaderboard } = data;
  if (!benchmark) notFound();
  const score = benchmark.scoreKeys.find((candidate) => candidate.key === search.sort) ?? benchmark.primary;
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
        {benchmark.summary} <Link href={`/benchmarks/${benchmark.key}`}>The whole protocol</Link>
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
            href={boardHref(key, search, { division: one })}
            prefetch={false}
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
        <label className="grid text-soft">
          Score
          <select name="sort" defaultValue={score.key}>
            {benchmark.scoreKeys.map((option) => (
              <option key={option.key} value={option.key}>
                {option.title} ({option.direction === 'HIGHER' ? 'higher' : 'lower'} is better)
              </option>
            ))}
          </select>
        </label>
        <label className="grid text-soft">
          Method
          <input name="method" defaultValue={search.method} placeholder="all" className="w-40" />
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
          No entry in this division yet. <Link href={`/submit?benchmark=${benchmark.key}`}>Submit a variant</Link>
        </Empty>
      ) : (
        <BoardTable benchmark={benchmark} score={score} rows={rows} highlight={search.highlight} direction={direction} turned={boardHref(key, search, { sort: score.key, direction: direction === 'DESC' ? 'ASC' : 'DESC' })} />
      )}
      {leaderboard.pageInfo.hasNextPage && (
        <p className="mt-3">
          <Link href={boardHref(key, search, { after: leaderboard.pageInfo.endCursor ?? undefined })}>Next rows</Link>
        </p>
      )}

      <section className="grid gap-6 md:grid-cols-2 mt-6">
        <div className="text-soft max-w-[64ch]">
          <p>
            Rows joined by a bar at the left edge cannot be told apart by this benchmark. Intervals cover what they say they cover. A dotted rule
            marks the untrained level in the interval column and zero in the difference column.
          </p>
          <p className="mt-3">
            <Link className="button" href={`/submit?benchmark=${benchmark.key}`}>
              Submit a variant
            </Link>
          </p>
        </div>
        <Facts
          items={[
            ['Primary score', `${benchmark.primary.title}, ${benchmark.primary.direction === 'HIGHER' ? 'higher' : 'lower'} is better`],
            ['Resolution', benchmark.resolution === null ? 'not measured yet' : `${formatScore(benchmark.resolution, benchmark.primary.precision, 1)} (smaller claims are too small to see here)`],
            ['Ranks', `the ${words(benchmark.slot)} slot`],
            ['Seeds', benchmark.seeds.join(', ')],
            ['Data', benchmark.datasets.map((dataset) => dataset.title).join(', ')],
            ['Backend', benchmark.backend],
          ]}
        />
      </section>
    </>
  );
}
