import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Live } from '@/components/live';
import { Notice, PageHead, TextLink } from '@/components/ui';
import { BadFiles } from '@/features/submissions/bad-files';
import { SubmissionRunsTable } from '@/features/submissions/runs-table';
import { SubmissionFacts } from '@/features/submissions/submission-facts';
import { ActionButton } from '@/features/submit/action-button';
import { submissionQuery } from '@/features/submissions/query';
import { request } from '@/lib/api/client';

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | undefined>>;
}

const load = cache(async (id: string) => (await request(submissionQuery, { id })).submission);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const submission = await load(decodeURIComponent((await params).id));
  return { title: submission ? `Submission: ${submission.label}` : 'Not found' };
}

export default async function SubmissionPage({ params, searchParams }: Props) {
  const s = await load(decodeURIComponent((await params).id));
  const { problem } = await searchParams;
  if (!s) notFound();
  const live = s.runs.some((run) => run.state === 'QUEUED' || run.state === 'RUNNING');
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
      <SubmissionFacts submission={s} board={board} />
      {s.benchmark.track === 'PREDICTIONS' ? <BadFiles submission={s} /> : null}
      <h2>{s.benchmark.track === 'PREDICTIONS' ? 'Scoring' : 'Runs'}</h2>
      <SubmissionRunsTable submission={s} />
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
