import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Live } from '@/components/live';
import { DataTable } from '@/components/data-table';
import { Facts, Notice, PageHead, StateMark, TextLink } from '@/components/ui';
import { ActionButton } from '@/features/submit/action-button';
import { progressText } from '@/features/runs/progress-text';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';
import { formatDuration, formatScore, formatSigned, formatTime, words } from '@/lib/format';

const query = graphql(`
  query SubmissionPage($id: ID!) {
    submission(id: $id) {
      id
      createdAt
      label
      state
      division
      withdrawnAt
      mine
      submitter
      benchmark {
        key
        title
        primary {
          key
          title
          precision
        }
      }
      entry {
        id
        rank
        mean
        deviation
        n
        unrankedReason
        interval {
          low
          high
          over
        }
        difference {
          mean
          low
          high
          n
          tooSmall
          b {
            label
          }
        }
      }
      runs {
        id
        seed
        state
        reason
        message
        queuePosition
        waitingReason
        progress {
          phase
          step
          steps
          etaMs
        }
        scores {
          key
          value
        }
        cost {
          wallMs
        }
      }
    }
  }
`);

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | undefined>>;
}

const load = cache(async (id: string) => (await request(query, { id })).submission);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const submission = await load(decodeURIComponent((await params).id));
  return { title: submission ? `Submission: ${submission.label}` : 'Not found' };
}

export default async function SubmissionPage({ params, searchParams }: Props) {
  const s = await load(decodeURIComponent((await params).id));
  const { problem } = await searchParams;
  if (!s) notFound();
  const live = s.runs.some((run) => run.state === 'QUEUED' || run.state === 'RUNNING');
  const precision = s.benchmark.primary.precision;
  const board = `/leaderboards/${s.benchmark.key}?division=${s.division.toLowerCase()}${s.entry ? `&entry=${s.entry.id}` : ''}`;
  const waiting = s.runs.find((run) => run.waitingReason)?.waitingReason;
  return (
    <>
      {live && <Live everyMs={1500} />}
      <PageHead
        title={s.label}
        kicker={
          <>
            Submission to <TextLink href={board}>{s.benchmark.title}</TextLink>
          </>
        }
      />
      {problem && <Notice tone="bad">{problem}</Notice>}
      {waiting && <Notice>{waiting}</Notice>}
      <Facts
        items={[
          ['State', <StateMark key="s" state={s.state} />],
          ['Sent', `${formatTime(s.createdAt)}${s.submitter ? ` by ${s.submitter}` : ''}`],
          ['Division', words(s.division)],
          [
            s.benchmark.primary.title,
            s.entry?.mean === null || !s.entry
              ? 'no result yet'
              : `${formatScore(s.entry.mean, precision)} over ${s.entry.n} seeds${s.entry.interval ? `, ${formatScore(s.entry.interval.low, precision)} to ${formatScore(s.entry.interval.high, precision)} over ${words(s.entry.interval.over)}` : ''}`,
          ],
          s.entry?.difference
            ? [
                'Baseline',
                `${formatSigned(s.entry.difference.mean, precision)} (${formatSigned(s.entry.difference.low, precision)} to ${formatSigned(s.entry.difference.high, precision)}) against ${s.entry.difference.b.label}${s.entry.difference.tooSmall ? ', too small to see here' : ''}`,
              ]
            : null,
          ['Rank', s.entry?.rank ?? s.entry?.unrankedReason ?? 'unranked'],
          s.withdrawnAt ? ['Withdrawn', formatTime(s.withdrawnAt)] : null,
          [
            'Board',
            <TextLink key="b" href={board}>
              See it on the leaderboard
            </TextLink>,
          ],
        ]}
      />
      <h2>Runs</h2>
      <DataTable
        label="Runs"
        rows={s.runs}
        rowKey={(run) => run.id}
        columns={[
          { head: 'Seed', numeric: true, cell: (run) => <TextLink href={`/runs/${run.id}`}>{run.seed}</TextLink> },
          { head: 'State', cell: (run) => <StateMark state={run.state} /> },
          {
            head: 'Where it is',
            cellClassName: 'text-soft min-w-48',
            cell: (run) =>
              run.state === 'RUNNING' && run.progress ? (
                <span className="block">
                  {progressText(run.progress)}
                  <progress
                    aria-label={`Progress of seed ${run.seed}`}
                    className="block w-full h-1 accent-[var(--accent)]"
                    value={run.progress.step}
                    max={Math.max(1, run.progress.steps)}
                  />
                </span>
              ) : run.state === 'QUEUED' ? (
                run.queuePosition === null ? (
                  'waiting'
                ) : (
                  `position ${run.queuePosition} in the queue`
                )
              ) : run.reason ? (
                `${words(run.reason)}: ${run.message ?? ''}`
              ) : (
                ''
              ),
          },
          {
            head: s.benchmark.primary.title,
            numeric: true,
            cell: (run) =>
              formatScore(run.scores.find((score) => score.key === s.benchmark.primary.key)?.value, precision, 1),
          },
          { head: 'Time', numeric: true, cell: (run) => formatDuration(run.cost.wallMs) },
        ]}
      />
      {s.mine && !s.withdrawnAt && (
        <div className="flex flex-wrap gap-3 mt-4">
          {!live && (
            <ActionButton action="rerun" id={s.id} back={`/submissions/${s.id}`}>
              Run it again as a new generation
            </ActionButton>
          )}
          <ActionButton action="withdraw" id={s.id} back={`/submissions/${s.id}`}>
            Withdraw
          </ActionButton>
        </div>
      )}
    </>
  );
}
