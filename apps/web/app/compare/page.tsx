import type { Metadata } from 'next';
import { Link } from '@/components/link';
import { Axis, IntervalBar } from '@/components/interval';
import { Facts, Notice, PageHead, TableFrame, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { ApiError, request } from '@/lib/api/client';
import { formatScore, formatSigned } from '@/lib/format';
import { columnScale } from '@/lib/scale';

export const metadata: Metadata = { title: 'Compare' };

const query = graphql(`
  query Compare($a: ID!, $b: ID!, $scoreKey: String) {
    difference(a: $a, b: $b, scoreKey: $scoreKey) {
      scoreKey
      mean
      low
      high
      n
      p
      tooSmall
      over
      a {
        id
        label
        mean
        benchmark {
          key
          title
          resolution
          scoreKeys {
            key
            title
            precision
            direction
          }
        }
      }
      b {
        id
        label
        mean
      }
      seeds {
        seed
        a
        b
        difference
      }
    }
  }
`);

const choicesQuery = graphql(`
  query CompareChoices($key: String!) {
    leaderboard(benchmark: $key, first: 100) {
      nodes {
        id
        label
        division
        mean
      }
    }
  }
`);

const boardsQuery = graphql(`
  query CompareBoards {
    benchmarks(first: 100) {
      nodes {
        key
        title
        entryCount
      }
    }
  }
`);

interface Props {
  searchParams: Promise<Record<string, string | undefined>>;
}

export default async function ComparePage({ searchParams }: Props) {
  const { a, b, score, benchmark } = await searchParams;
  if (!a || !b) return <Choose benchmark={benchmark} />;
  let difference;
  try {
    ({ difference } = await request(query, { a, b, scoreKey: score ?? null }));
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'UNREACHABLE') throw error;
    return (
      <>
        <PageHead title="Compare two entries" />
        <Notice tone="bad">{error.message}</Notice>
      </>
    );
  }
  if (!difference)
    return (
      <>
        <PageHead title="Compare two entries" />
        <Notice tone="bad">These two have no seed in common on one benchmark, so there is no paired difference.</Notice>
      </>
    );
  const d = difference;
  const board = d.a.benchmark;
  const key = board.scoreKeys.find((candidate) => candidate.key === d.scoreKey);
  const precision = key?.precision ?? 1e-4;
  const scale = columnScale([0, ...d.seeds.map((s) => s.difference), d.low ?? 0, d.high ?? 0]);
  const better = d.low !== null && d.high !== null && (d.low > 0 || d.high < 0);
  return (
    <>
      <PageHead
        title={
          <>
            {d.a.label} against {d.b.label}
          </>
        }
        kicker={
          <>
            Paired difference on <TextLink href={`/leaderboards/${board.key}`}>{board.title}</TextLink>
          </>
        }
      />
      <form className="flex flex-wrap gap-3 items-end mb-4">
        <input type="hidden" name="a" value={a} />
        <input type="hidden" name="b" value={b} />
        <label className="grid text-soft">
          Score
          <select name="score" defaultValue={d.scoreKey}>
            {board.scoreKeys.map((k) => (
              <option key={k.key} value={k.key}>
                {k.title}
              </option>
            ))}
          </select>
        </label>
        <button className="button">Show</button>
        <Link className="button" href={`/compare?a=${b}&b=${a}`}>
          Swap
        </Link>
      </form>
      <Facts
        items={[
          [
            'Difference',
            `${formatSigned(d.mean, precision)}${d.low === null ? '' : `, interval ${formatSigned(d.low, precision)} to ${formatSigned(d.high, precision)}`}`,
          ],
          [
            'Reading',
            d.tooSmall
              ? 'Too small to see here: below the resolution of the benchmark.'
              : better
                ? 'The interval does not contain zero.'
                : 'The interval contains zero: these seeds do not tell them apart.',
          ],
          ['Covers', `${d.over.toLowerCase()}, ${d.n} paired`],
          ['p', d.p === null ? '–' : d.p < 0.001 ? '< 0.001' : d.p.toFixed(3)],
          ['Resolution', board.resolution === null ? 'not measured yet' : formatScore(board.resolution, precision)],
          [
            d.a.label,
            <TextLink key="a" href={`/entries/${d.a.id}`}>
              {formatScore(d.a.mean, precision)}
            </TextLink>,
          ],
          [
            d.b.label,
            <TextLink key="b" href={`/entries/${d.b.id}`}>
              {formatScore(d.b.mean, precision)}
            </TextLink>,
          ],
        ]}
      />
      <h2>By seed</h2>
      <TableFrame label="By seed">
        <table className="max-sm:[&_:is(th,td):nth-child(2)]:hidden max-sm:[&_:is(th,td):nth-child(3)]:hidden">
          <thead>
            <tr>
              <th scope="col" className="num">
                Seed
              </th>
              <th scope="col" className="num !whitespace-normal">
                {d.a.label}
              </th>
              <th scope="col" className="num !whitespace-normal">
                {d.b.label}
              </th>
              <th scope="col" className="num">
                Difference
              </th>
              <th scope="col" className="w-[36%] min-w-32">
                Drawn <span className="font-normal">(dotted: zero)</span>
                <Axis scale={scale} signed />
              </th>
            </tr>
          </thead>
          <tbody>
            {d.seeds.map((s) => (
              <tr key={s.seed}>
                <td className="num">{s.seed}</td>
                <td className="num">{formatScore(s.a, precision, 1)}</td>
                <td className="num">{formatScore(s.b, precision, 1)}</td>
                <td className="num">{formatSigned(s.difference, precision / 10)}</td>
                <td>
                  <IntervalBar
                    scale={scale}
                    mean={s.difference}
                    rule={0}
                    label={`seed ${s.seed}: ${formatSigned(s.difference, precision)}`}
                  />
                </td>
              </tr>
            ))}
            <tr className="font-medium">
              <td className="num">mean</td>
              <td className="num">{formatScore(d.a.mean, precision, 1)}</td>
              <td className="num">{formatScore(d.b.mean, precision, 1)}</td>
              <td className="num">{formatSigned(d.mean, precision / 10)}</td>
              <td>
                <IntervalBar
                  scale={scale}
                  mean={d.mean}
                  low={d.low}
                  high={d.high}
                  rule={0}
                  label="mean difference and interval"
                />
              </td>
            </tr>
          </tbody>
        </table>
      </TableFrame>
    </>
  );
}

async function Choose({ benchmark }: { benchmark: string | undefined }) {
  const { benchmarks } = await request(boardsQuery);
  const key = benchmark ?? benchmarks.nodes.toSorted((a, b) => b.entryCount - a.entryCount)[0]?.key;
  const rows = key ? (await request(choicesQuery, { key })).leaderboard.nodes.filter((row) => row.mean !== null) : [];
  return (
    <>
      <PageHead title="Compare two entries">
        Both were trained on the same data order and the same initial weights, seed by seed, so their difference is
        paired.
      </PageHead>
      <form className="flex flex-wrap gap-3 items-end mb-6">
        <label className="grid text-soft min-w-0">
          Benchmark
          <select name="benchmark" defaultValue={key}>
            {benchmarks.nodes.map((b) => (
              <option key={b.key} value={b.key}>
                {b.title}
              </option>
            ))}
          </select>
        </label>
        <button className="button">Choose</button>
      </form>
      <form className="grid gap-3 max-w-[560px]">
        {(['a', 'b'] as const).map((side, i) => (
          <label key={side} className="grid text-soft min-w-0">
            {side === 'a' ? 'Entry' : 'Against'}
            <select name={side} defaultValue={rows[i]?.id}>
              {rows.map((row) => (
                <option key={row.id} value={row.id}>
                  {row.label} ({row.division.toLowerCase().replaceAll('_', ' ')})
                </option>
              ))}
            </select>
          </label>
        ))}
        <div>
          <button className="button button-primary" disabled={rows.length < 2}>
            Compare
          </button>
          {rows.length < 2 && (
            <span className="text-soft ml-3">This board has fewer than two entries with a result.</span>
          )}
        </div>
      </form>
    </>
  );
}
