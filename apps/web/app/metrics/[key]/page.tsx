import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Link } from '@/components/link';
import { Markdown, Tex } from '@/components/markdown';
import { Facts, Notice, PageHead, TextLink } from '@/components/ui';
import { Boards } from '@/features/metrics/boards';
import { Proof } from '@/features/metrics/proof';
import { metricQuery } from '@/features/metrics/query';
import { ScorePatterns } from '@/features/metrics/score-patterns';
import { request } from '@/lib/api/client';

interface Props {
  params: Promise<{ key: string }>;
  /** `board`: the benchmark whose score the key is. */
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const load = cache(async (key: string, board: string | null) => (await request(metricQuery, { key, board })).metric);

async function read({ params, searchParams }: Props) {
  const { board } = await searchParams;
  const named = typeof board === 'string' && board !== '' ? board : null;
  const key = decodeURIComponent((await params).key);
  return { key, board: named, metric: await load(key, named) };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { metric } = await read(props);
  if (!metric) return { title: 'Not found' };
  return {
    title: metric.title,
    ...(metric.summary ? { description: metric.summary } : {}),
    alternates: { canonical: `/metrics/${metric.key}` },
  };
}

const bullets = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');

export default async function MetricPage(props: Props) {
  const { key, board, metric: m } = await read(props);
  if (!m) notFound();
  return (
    <>
      <PageHead
        title={m.title}
        kicker={
          <>
            Metric <code>{m.key}</code>
            {m.version !== null && <> v{m.version}</>}
            {m.field && <>, {m.field}</>}
          </>
        }
      >
        {m.summary}
      </PageHead>
      {key !== m.key && (
        <Notice>
          <code className="[overflow-wrap:anywhere]">{key}</code>
          {board && (
            <>
              {' '}
              of <TextLink href={`/benchmarks/${encodeURIComponent(board)}`}>{board}</TextLink>
            </>
          )}{' '}
          is a score of this metric.
        </Notice>
      )}
      {m.formula && <Tex tex={m.formula} display />}
      <div className="grid gap-x-10 lg:grid-cols-[3fr_2fr]">
        <div className="min-w-0">
          <h2>Definition</h2>
          <Markdown source={m.description} />
          {m.ties && (
            <>
              <h2>Ties</h2>
              <Markdown source={m.ties} />
            </>
          )}
          {m.edgeCases.length > 0 && (
            <>
              <h2>Edge cases</h2>
              <Markdown source={bullets(m.edgeCases)} />
            </>
          )}
          <h2>What is resampled</h2>
          <Markdown source={m.resampling} />
          {m.disagreements.length > 0 && (
            <>
              <h2>Where other implementations differ</h2>
              <Markdown source={bullets(m.disagreements)} />
            </>
          )}
        </div>
        <div className="min-w-0">
          <h2>Score keys</h2>
          <ScorePatterns metric={m} />
          {m.example && (
            <>
              <h2>Worked example</h2>
              <Markdown source={m.example.given} />
              <Markdown source={m.example.working} />
              <div className="mt-3">
                <Facts
                  items={m.example.results.map((result) => [
                    result.key,
                    <span key={result.key} className="tabular-nums">
                      {Number(result.value.toPrecision(6)).toString().replace('-', '−')}
                    </span>,
                  ])}
                />
              </div>
            </>
          )}
        </div>
      </div>
      <div className="grid gap-x-10 lg:grid-cols-[3fr_2fr]">
        <section className="min-w-0">
          <h2>Proof of parity</h2>
          <Proof metric={m} />
        </section>
        <section className="min-w-0">
          <h2>Boards</h2>
          <Boards metric={m} />
          {m.sources.length > 0 && (
            <>
              <h2>Sources</h2>
              <ul className="list-disc pl-5">
                {m.sources.map(({ title, url }) => (
                  <li key={url} className="my-1">
                    <Link href={url} rel="noreferrer">
                      {title}
                    </Link>
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
      </div>
    </>
  );
}
