import { Link } from '@/components/link';
import { Live } from '@/components/live';
import { TextLink } from '@/components/ui';
import { BoardCard, type CardBoard } from '@/features/leaderboard/board-card';
import { boardQuery, countsQuery, openingDivision, readCounts } from '@/features/leaderboard/query';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';
import { formatTime } from '@/lib/format';

const homeQuery = graphql(`
  query Home {
    serverInfo {
      demo
      methods
      benchmarks
    }
    benchmarks(first: 100) {
      nodes {
        key
        title
        scale
        state
        entryCount
      }
    }
    queue {
      queued
      running
      message
    }
    events(first: 8) {
      nodes {
        id
        at
        kind
        message
        entry {
          id
        }
        run {
          id
        }
      }
    }
  }
`);

export default async function HomePage() {
  const home = await request(homeQuery);
  const shown = home.benchmarks.nodes.filter(
    (benchmark) => benchmark.scale !== 'SMOKE' && benchmark.state !== 'SUPERSEDED',
  );
  const started = shown.filter((benchmark) => benchmark.entryCount > 0);
  const boards = (await Promise.all(started.map((benchmark) => firstRows(benchmark.key)))).filter(
    (board) => board !== null,
  );
  const filled = boards.filter((board) => board.rows.length > 0);
  const empty = shown.filter((benchmark) => filled.every((board) => board.benchmark.key !== benchmark.key));

  return (
    <>
      <Live everyMs={5000} />
      <div className="grid gap-6 md:grid-cols-[2fr_1fr] mb-8">
        <div>
          <h1>Method variants on one stone</h1>
          <p className="mt-2 max-w-[64ch] text-soft">
            Send a loss, a layer or a trainer with its parameters. It is trained and scored here under a frozen protocol
            over several seeds, and stands on the board with its interval, beside the untrained level and the baseline
            that it must beat.
          </p>
          <p className="mt-3 flex flex-wrap gap-3">
            <Link href="/submit" className="button button-primary">
              Submit a variant
            </Link>
            <Link href="/benchmarks" className="button">
              {home.serverInfo.benchmarks} benchmarks
            </Link>
            <Link href="/methods" className="button">
              {home.serverInfo.methods} methods
            </Link>
          </p>
        </div>
        <aside aria-label="State" className="border-l border-line pl-4 text-soft">
          <p>
            <TextLink href="/queue">Queue</TextLink>: {home.queue.running} running, {home.queue.queued} waiting
          </p>
          <p>{home.queue.message}</p>
          {home.serverInfo.demo !== 'off' && <p className="mt-2">Demonstration: {home.serverInfo.demo}</p>}
        </aside>
      </div>

      <div className="grid gap-x-10 gap-y-8 md:grid-cols-2">
        {filled.map((board) => (
          <BoardCard key={board.benchmark.key} board={board} />
        ))}
      </div>
      {empty.length > 0 && (
        <p className="mt-8 text-soft">
          No entry yet:{' '}
          {empty.map((benchmark, i) => (
            <span key={benchmark.key}>
              {i > 0 && '; '}
              <TextLink href={`/leaderboards/${benchmark.key}`}>{benchmark.title}</TextLink>
              {benchmark.state === 'DATA_MISSING' && ' (data missing)'}
            </span>
          ))}
          .
        </p>
      )}

      <section className="mt-10">
        <h2>Latest events</h2>
        <ul>
          {home.events.nodes.map((event) => (
            <li key={event.id} className="border-b border-line py-1 flex flex-wrap gap-x-4">
              <time dateTime={event.at} className="text-soft">
                {formatTime(event.at)}
              </time>
              <span className="min-w-0 break-words">
                {event.entry ? (
                  <TextLink href={`/entries/${event.entry.id}`}>{event.message}</TextLink>
                ) : event.run ? (
                  <TextLink href={`/runs/${event.run.id}`}>{event.message}</TextLink>
                ) : (
                  event.message
                )}
              </span>
            </li>
          ))}
          {home.events.nodes.length === 0 && <li className="text-soft">Nothing has happened yet.</li>}
        </ul>
      </section>
    </>
  );
}

/** The opening division's first rows, for a board in miniature. */
async function firstRows(key: string): Promise<CardBoard | null> {
  const counts = readCounts(await request(countsQuery, { key }));
  const division = openingDivision(counts);
  const { benchmark, leaderboard } = await request(boardQuery, {
    key,
    division,
    orderBy: null,
    where: null,
    after: null,
  });
  if (!benchmark) return null;
  const untrained = leaderboard.nodes.filter((row) => row.reference === 'UNTRAINED');
  const ranked = leaderboard.nodes.filter((row) => row.rank !== null);
  return { benchmark, division, ranked: counts[division], rows: [...ranked.slice(0, 5), ...untrained.slice(0, 1)] };
}
