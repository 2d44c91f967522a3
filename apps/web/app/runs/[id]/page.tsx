import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Live } from '@/components/live';
import { Snippet } from '@/components/snippet';
import { PageHead, TextLink } from '@/components/ui';
import { Curve } from '@/features/runs/curve';
import { RunFacts } from '@/features/runs/run-facts';
import { RunScores } from '@/features/runs/run-scores';
import { RunState } from '@/features/runs/run-state';
import { ActionButton } from '@/features/submit/action-button';
import { runQuery, seriesQuery } from '@/features/runs/query';
import { isSignedIn, request } from '@/lib/api/client';

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
      <RunState run={run} />
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[2fr_1fr]">
        <div className="min-w-0">
          {series.map(({ key, points }) => (
            <Curve key={key} name={key} points={points} height={key.includes('loss') ? 200 : 72} />
          ))}
          {run.scores.length > 0 && <RunScores run={run} />}
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
          <RunFacts run={run} />
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
