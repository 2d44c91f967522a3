import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Live } from '@/components/live';
import { Snippet } from '@/components/snippet';
import { DataTable } from '@/components/data-table';
import { Badge, Facts, Hash, Notice, PageHead, StateMark, TextLink } from '@/components/ui';
import { ActionButton } from '@/features/submit/action-button';
import { Curve } from '@/features/runs/curve';
import { progressText } from '@/features/runs/progress-text';
import { graphql } from '@/lib/api/graphql';
import { isSignedIn, request } from '@/lib/api/client';
import { formatBytes, formatCount, formatDuration, formatTime, words } from '@/lib/format';

const runQuery = graphql(`
  query RunPage($id: ID!) {
    run(id: $id) {
      id
      seed
      state
      reason
      message
      attempt
      maxAttempts
      generation
      variantHash
      variant
      receipt
      receiptDigest
      shipped
      rederivedEqual
      queuePosition
      waitingReason
      worker
      createdAt
      startedAt
      finishedAt
      seriesKeys
      benchmark {
        key
        version
        title
        primary {
          key
        }
        scoreKeys {
          key
          title
          precision
        }
      }
      entry {
        id
        label
        division
      }
      scores {
        key
        value
      }
      logs(last: 60) {
        at
        attempt
        level
        line
      }
      progress {
        phase
        step
        steps
        loss
        stepsPerSecond
        etaMs
      }
      cost {
        wallMs
        cpuMs
        peakBytes
        flops
      }
    }
  }
`);

const seriesQuery = graphql(`
  query RunSeries($id: ID!, $keys: [String!]) {
    metricSeries(runs: [$id], keys: $keys, points: 200) {
      key
      points {
        step
        value
        min
        max
      }
    }
  }
`);

interface Props {
  params: Promise<{ id: string }>;
}

const load = cache(async (id: string) => (await request(runQuery, { id })).run);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const run = await load(decodeURIComponent((await params).id));
  return { title: run ? `${run.entry?.label ?? 'Run'}, seed ${run.seed}` : 'Not found' };
}

export default async function RunPage({ params }: Props) {
  const id = decodeURIComponent((await params).id);
  const run = await load(id);
  if (!run) notFound();
  const live = run.state === 'QUEUED' || run.state === 'RUNNING';
  const { metricSeries } = run.seriesKeys.length
    ? await request(seriesQuery, { id, keys: run.seriesKeys.slice(0, 6) })
    : { metricSeries: [] };
  const series = metricSeries.toSorted((a, b) => Number(b.key.includes('loss')) - Number(a.key.includes('loss')));
  const p = run.progress;
  return (
    <>
      {live && <Live everyMs={1500} />}
      <PageHead
        kicker={
          <>
            Run of <TextLink href={`/leaderboards/${run.benchmark.key}`}>{run.benchmark.title}</TextLink>
          </>
        }
        title={
          <>
            {run.entry?.label ?? 'Run'}, seed {run.seed}
          </>
        }
      />
      <p className="flex flex-wrap gap-2 items-center mb-4" aria-live="polite">
        <StateMark state={run.state} />
        {run.shipped && <Badge title="Shipped with Touchstone as a receipt">shipped receipt</Badge>}
        {run.rederivedEqual === true && <Badge tone="good">re-derived here: equal</Badge>}
        {run.rederivedEqual === false && <Badge tone="bad">re-derived here: differs</Badge>}
        {run.state === 'QUEUED' && (
          <span>
            {run.queuePosition === null ? 'waiting' : `position ${run.queuePosition} in the queue`}
            {run.waitingReason ? `: ${run.waitingReason}` : ''}
          </span>
        )}
        {run.state === 'RUNNING' && p && <span>{progressText(p)}</span>}
      </p>
      {run.state === 'RUNNING' && p && (
        <progress
          aria-label="Progress"
          className="w-full h-1.5 accent-[var(--accent)] mb-4"
          value={p.step}
          max={Math.max(1, p.steps)}
        />
      )}
      {(run.state === 'FAILED' || run.state === 'CANCELLED') && (
        <Notice tone="bad">
          <strong>{run.reason ? words(run.reason) : words(run.state)}</strong>
          {run.message && <span className="block break-words">{run.message}</span>}
          {run.state === 'FAILED' && (
            <span className="block text-soft">The seed counts as missing: the entry is unranked, never zero.</span>
          )}
        </Notice>
      )}
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[2fr_1fr]">
        <div className="min-w-0">
          {series.map(({ key, points }) => (
            <Curve key={key} name={key} points={points} height={key.includes('loss') ? 200 : 72} />
          ))}
          {run.scores.length > 0 && (
            <DataTable
              label="Scores"
              rows={run.scores}
              rowKey={(s) => s.key}
              rowClassName={(s) => (s.key === run.benchmark.primary.key ? 'font-medium' : undefined)}
              columns={[
                {
                  head: 'Score',
                  cell: (s) => (
                    <>
                      {run.benchmark.scoreKeys.find((k) => k.key === s.key)?.title ?? s.key}{' '}
                      <code className="text-soft">{s.key}</code>
                    </>
                  ),
                },
                { head: 'Value', numeric: true, cell: (s) => s.value.toPrecision(6) },
              ]}
            />
          )}
          <h2>Log</h2>
          {run.logs.length === 0 ? (
            <p className="text-soft">{live ? 'No line yet.' : 'It wrote no line.'}</p>
          ) : (
            <pre tabIndex={0} className="max-h-[320px] overflow-y-auto">
              {run.logs
                .map(
                  (line) =>
                    `${line.at.slice(11, 19)} #${line.attempt} ${line.level === 'info' ? '' : `${line.level}: `}${line.line}`,
                )
                .join('\n')}
            </pre>
          )}
        </div>
        <div className="min-w-0">
          <Facts
            items={[
              [
                'Entry',
                run.entry ? (
                  <TextLink key="e" href={`/entries/${run.entry.id}`}>
                    {run.entry.label}
                  </TextLink>
                ) : (
                  '–'
                ),
              ],
              ['Division', run.entry ? words(run.entry.division) : '–'],
              ['Benchmark', `${run.benchmark.key}@${run.benchmark.version}`],
              ['Seed', run.seed],
              ['Attempt', `${run.attempt} of at most ${run.maxAttempts}`],
              ['Generation', run.generation],
              ['Worker', run.worker ?? '–'],
              ['Sent', formatTime(run.createdAt)],
              ['Started', formatTime(run.startedAt)],
              ['Finished', formatTime(run.finishedAt)],
              ['Time', formatDuration(run.cost.wallMs)],
              ['CPU time', formatDuration(run.cost.cpuMs)],
              ['Peak memory', formatBytes(run.cost.peakBytes)],
              ['Flops', formatCount(run.cost.flops)],
              ['Variant', <Hash key="v" value={run.variantHash} />],
              run.receiptDigest ? ['Receipt', <Hash key="r" value={run.receiptDigest} length={24} />] : null,
            ]}
          />
          {live && (await isSignedIn()) && (
            <div className="mt-4">
              <ActionButton action="cancel" id={run.id} back={`/runs/${run.id}`}>
                Cancel this run
              </ActionButton>
            </div>
          )}
          {run.receipt && (
            <details className="mt-6">
              <summary>Receipt</summary>
              <pre tabIndex={0} className="max-h-[400px] overflow-y-auto mt-2">
                {JSON.stringify(run.receipt, null, 2)}
              </pre>
              <Snippet
                label="Saved as receipt.json, it can be checked anywhere"
                text="npx touchstone rerun receipt.json"
              />
            </details>
          )}
        </div>
      </div>
    </>
  );
}
