import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Axis, IntervalBar } from '@/components/interval';
import { Live } from '@/components/live';
import { DataTable } from '@/components/data-table';
import { Badge, ClaimMark, Facts, Hash, PageHead, StateMark, TableFrame, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';
import { columnScale, type Scale } from '@/lib/scale';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatParams,
  formatScore,
  formatSigned,
  formatTime,
  words,
} from '@/lib/format';

const query = graphql(`
  query EntryPage($id: ID!) {
    node(id: $id) {
      __typename
      ... on Entry {
        id
        rank
        rankInterval
        mean
        deviation
        n
        unrankedReason
        reference
        belowUntrained
        division
        claim
        label
        params
        variant
        variantHash
        attempts
        edge
        notConverged
        shipped
        submitter
        updatedAt
        interval {
          low
          high
          over
          level
        }
        method {
          key
          title
        }
        summaries {
          scoreKey
          mean
          deviation
          n
          interval {
            low
            high
          }
        }
        difference {
          mean
          low
          high
          n
          p
          tooSmall
          b {
            id
            label
          }
        }
        cost {
          wallMs
          cpuMs
          peakBytes
          flops
        }
        benchmark {
          key
          version
          title
          scoreKeys {
            key
            title
            precision
          }
          primary {
            key
            title
            precision
          }
          baseline {
            id
          }
        }
        runs {
          id
          seed
          state
          reason
          message
          generation
          shipped
          rederivedEqual
          scores {
            key
            value
          }
          cost {
            wallMs
          }
        }
        events {
          id
          at
          kind
          message
          actor
        }
      }
    }
  }
`);

interface Props {
  params: Promise<{ id: string }>;
}

const load = cache(async (id: string) => {
  const { node } = await request(query, { id });
  return node?.__typename === 'Entry' ? node : null;
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const entry = await load(decodeURIComponent((await params).id));
  return { title: entry ? `${entry.label}, ${entry.benchmark.title}` : 'Not found' };
}

export default async function EntryPage({ params }: Props) {
  const e = await load(decodeURIComponent((await params).id));
  if (!e) notFound();
  const primary = e.benchmark.primary;
  const scale = columnScale(
    e.runs.flatMap((run) => run.scores.filter((s) => s.key === primary.key).map((s) => s.value)),
  );
  const live = e.runs.some((run) => run.state === 'QUEUED' || run.state === 'RUNNING');
  return (
    <>
      {live && <Live everyMs={2500} />}
      <PageHead
        title={e.label}
        kicker={
          <>
            Entry of{' '}
            <TextLink href={`/leaderboards/${e.benchmark.key}?division=${e.division.toLowerCase()}`}>
              {e.benchmark.title}
            </TextLink>
          </>
        }
      >
        <span className="flex flex-wrap gap-2">
          <ClaimMark claim={e.claim} /> <Badge>{words(e.division)}</Badge>
          {e.reference && <Badge tone="accent">{words(e.reference)}</Badge>}
          {e.belowUntrained && <Badge tone="bad">below untrained</Badge>}
          {e.edge && <Badge>edge</Badge>}
          {e.notConverged && <Badge>not converged</Badge>}
          {e.shipped && <Badge>shipped</Badge>}
        </span>
      </PageHead>
      <div className="grid gap-x-12 gap-y-1 lg:grid-cols-[2fr_1fr] items-start">
        <Facts
          items={[
            [
              'Rank',
              e.rank === null
                ? (e.unrankedReason ?? 'unranked')
                : `${e.rank}${e.rankInterval && e.rankInterval[0] !== e.rankInterval[1] ? ` (${e.rankInterval[0]} to ${e.rankInterval[1]})` : ''}`,
            ],
            [
              primary.title,
              e.mean === null
                ? 'no result yet'
                : `${formatScore(e.mean, primary.precision)}${e.deviation === null ? '' : ` ± ${formatScore(e.deviation, primary.precision)}`} over ${e.n} seeds`,
            ],
            [
              'Interval',
              e.interval
                ? `${formatScore(e.interval.low, primary.precision)} to ${formatScore(e.interval.high, primary.precision)}, ${e.interval.level * 100} %, over ${words(e.interval.over)}`
                : 'none',
            ],
            [
              'Baseline',
              e.difference ? (
                <span key="d">
                  {formatSigned(e.difference.mean, primary.precision)} (
                  {formatSigned(e.difference.low, primary.precision)} to{' '}
                  {formatSigned(e.difference.high, primary.precision)}), paired over {e.difference.n} seeds
                  {e.difference.tooSmall && ', too small to see here'}.{' '}
                  <TextLink href={`/compare?a=${e.id}&b=${e.difference.b.id}`}>
                    Compare with {e.difference.b.label}
                  </TextLink>
                </span>
              ) : (
                'no difference to show'
              ),
            ],
            [
              'Method',
              e.method ? (
                <TextLink key="m" href={`/methods/${e.method.key}`}>
                  {e.method.title}
                </TextLink>
              ) : (
                'none'
              ),
            ],
            ['Parameters', formatParams(e.params) || 'none'],
            ['Attempts', e.attempts],
            ['Submitter', e.submitter ?? 'this installation'],
            ['Variant', <Hash key="h" value={e.variantHash} length={24} />],
            ['Updated', formatTime(e.updatedAt)],
          ]}
        />
        <Facts
          items={[
            ['Time a run', formatDuration(e.cost.wallMs)],
            ['CPU time a run', formatDuration(e.cost.cpuMs)],
            ['Peak memory', formatBytes(e.cost.peakBytes)],
            ['Flops', formatCount(e.cost.flops)],
          ]}
        />
      </div>
      <h2>Scores</h2>
      <TableFrame label="Scores">
        <table>
          <thead>
            <tr>
              <th scope="col">Score</th>
              <th scope="col" className="num">
                Mean
              </th>
              <th scope="col" className="num">
                Deviation
              </th>
              <th scope="col" className="num">
                Interval
              </th>
              <th scope="col" className="num">
                Seeds
              </th>
            </tr>
          </thead>
          <tbody>
            {e.summaries.map((s) => {
              const precision = e.benchmark.scoreKeys.find((k) => k.key === s.scoreKey)?.precision ?? 1e-4;
              return (
                <tr key={s.scoreKey}>
                  <td>{e.benchmark.scoreKeys.find((k) => k.key === s.scoreKey)?.title ?? s.scoreKey}</td>
                  <td className="num">{formatScore(s.mean, precision)}</td>
                  <td className="num">{formatScore(s.deviation, precision)}</td>
                  <td className="num">
                    {s.interval
                      ? `${formatScore(s.interval.low, precision)} to ${formatScore(s.interval.high, precision)}`
                      : '–'}
                  </td>
                  <td className="num">{s.n}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </TableFrame>
      <h2>Runs</h2>
      <DataTable
        label="Runs"
        rows={e.runs}
        rowKey={(run) => run.id}
        columns={[
          { head: 'Seed', numeric: true, cell: (run) => <TextLink href={`/runs/${run.id}`}>{run.seed}</TextLink> },
          { head: 'State', cell: (run) => <StateMark state={run.state} /> },
          {
            head: primary.title,
            numeric: true,
            cell: (run) => formatScore(run.scores.find((s) => s.key === primary.key)?.value, primary.precision, 1),
          },
          {
            head: (
              <>
                <span className="sr-only">Drawn</span>
                <Axis scale={scale} />
              </>
            ),
            fold: true,
            headClassName: 'w-[32%] min-w-28 !pl-2',
            cellClassName: '!pl-2',
            cell: (run) => (
              <SeedMark
                value={run.scores.find((s) => s.key === primary.key)?.value}
                scale={scale}
                mean={e.mean}
                precision={primary.precision}
              />
            ),
          },
          { head: 'Time', numeric: true, cell: (run) => formatDuration(run.cost.wallMs) },
          {
            head: 'Note',
            headClassName: '!pl-2',
            cellClassName: 'text-soft !pl-2',
            cell: (run) =>
              run.reason
                ? `${words(run.reason)}: ${run.message ?? ''}`
                : run.rederivedEqual
                  ? 're-derived here: equal'
                  : run.shipped
                    ? 'shipped receipt'
                    : '',
          },
        ]}
      />
      <h2>History</h2>
      <ul>
        {e.events.map((event) => (
          <li key={event.id} className="border-b border-line py-1">
            <time dateTime={event.at} className="text-soft mr-4">
              {formatTime(event.at)}
            </time>
            {event.message} {event.actor && <span className="text-soft">by {event.actor}</span>}
          </li>
        ))}
        {e.events.length === 0 && <li className="text-soft">No event.</li>}
      </ul>
      <details className="mt-6">
        <summary>Variant as it is hashed</summary>
        <pre tabIndex={0} className="mt-2">
          {JSON.stringify(e.variant, null, 2)}
        </pre>
      </details>
    </>
  );
}

/** One seed's score on the common scale of the entry's runs; the dotted rule is their mean. */
function SeedMark({
  value,
  scale,
  mean,
  precision,
}: {
  value: number | undefined;
  scale: Scale;
  mean: number | null;
  precision: number;
}) {
  if (value === undefined) return null;
  return (
    <IntervalBar
      scale={scale}
      mean={value}
      rule={mean ?? undefined}
      label={`score ${formatScore(value, precision, 1)}`}
    />
  );
}
