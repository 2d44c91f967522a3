import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Markdown, Tex } from '@/components/markdown';
import { ReportedTable } from '@/features/methods/reported-table';
import { parseMarkdown, withoutTitle } from '@/lib/markdown';
import { DataTable } from '@/components/data-table';
import { Empty, Facts, PageHead, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';
import { formatParams, formatScore, words } from '@/lib/format';

const query = graphql(`
  query MethodPage($key: String!) {
    method(key: $key) {
      key
      version
      title
      summary
      family
      slot
      formula
      page
      notes
      functions
      paper {
        key
        title
        authors
        year
        venue
        url
      }
      parameters {
        name
        title
        type
        default
        minimum
        maximum
        exclusiveMinimum
        exclusiveMaximum
        options
        unit
        source
      }
      inputs {
        name
        shape
        dtype
        domain
      }
      reported {
        dataset
        metric
        value
        unit
        setting
        where
        verified
      }
      benchmarks {
        key
        title
      }
      entries(first: 50) {
        id
        rank
        mean
        n
        label
        division
        params
        interval {
          low
          high
        }
        benchmark {
          key
          title
          primary {
            title
            precision
          }
        }
      }
    }
  }
`);

interface Props {
  params: Promise<{ key: string }>;
}

const load = cache(async (key: string) => (await request(query, { key })).method);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await load(decodeURIComponent((await params).key)))?.title ?? 'Not found' };
}

interface Bounds {
  minimum: number | null;
  maximum: number | null;
  exclusiveMinimum: number | null;
  exclusiveMaximum: number | null;
  options: unknown[] | null;
}

function range(p: Bounds): string {
  if (p.options?.length) return p.options.map(String).join(', ');
  const low = p.exclusiveMinimum !== null ? `(${p.exclusiveMinimum}` : p.minimum !== null ? `[${p.minimum}` : '(−∞';
  const high = p.exclusiveMaximum !== null ? `${p.exclusiveMaximum})` : p.maximum !== null ? `${p.maximum}]` : '∞)';
  return `${low}, ${high}`;
}

export default async function MethodPage({ params }: Props) {
  const m = await load(decodeURIComponent((await params).key));
  if (!m) notFound();
  return (
    <>
      <PageHead
        title={m.title}
        kicker={
          <>
            Method <code>{m.key}</code> v{m.version}, {words(m.slot)}, {m.family}
          </>
        }
      >
        {m.summary}
      </PageHead>
      {m.formula && parseMarkdown(withoutTitle(m.page))[0]?.kind !== 'math' && <Tex tex={m.formula} display />}
      <div className="grid gap-8 lg:grid-cols-[3fr_2fr]">
        <div className="min-w-0">
          <Markdown source={m.page} />
          {m.notes.length > 0 && (
            <>
              <h2>Where paper and code differ</h2>
              <ul className="list-disc pl-5">
                {m.notes.map((note) => (
                  <li key={note} className="max-w-[72ch] my-1">
                    {note}
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
        <div className="min-w-0">
          <h2 className="!mt-0">Source</h2>
          <Facts
            items={[
              [
                'Paper',
                m.paper ? (
                  <TextLink key="p" href={`/papers/${m.paper.key}`}>
                    {m.paper.title}
                  </TextLink>
                ) : (
                  'none'
                ),
              ],
              m.paper ? ['Authors', m.paper.authors] : null,
              m.paper
                ? [
                    'Venue',
                    m.paper.venue.includes(String(m.paper.year)) ? m.paper.venue : `${m.paper.venue}, ${m.paper.year}`,
                  ]
                : null,
              ['Functions', m.functions.length ? <code key="f">{m.functions.join(', ')}</code> : 'none'],
              [
                'Inputs',
                m.inputs.map((input) => (
                  <span key={input.name} className="block">
                    <code>
                      {input.name}[{input.shape.join(', ')}]
                    </code>{' '}
                    {input.dtype}, {input.domain}
                  </span>
                )),
              ],
              [
                'Benchmarks',
                m.benchmarks.length
                  ? m.benchmarks.map((b) => (
                      <span key={b.key} className="block">
                        <TextLink href={`/submit?benchmark=${b.key}&method=${m.key}`}>{b.title}</TextLink>
                      </span>
                    ))
                  : 'none yet',
              ],
            ]}
          />
        </div>
      </div>

      <h2>Parameters</h2>
      {m.parameters.length === 0 ? (
        <Empty>It has none.</Empty>
      ) : (
        <DataTable
          label="Parameters"
          rows={m.parameters}
          rowKey={(p) => p.name}
          columns={[
            { head: 'Name', cell: (p) => <code>{p.name}</code> },
            {
              head: 'Meaning',
              cell: (p) => (
                <>
                  {p.title}
                  {p.unit ? `, ${p.unit}` : ''}
                </>
              ),
            },
            { head: 'Default', cell: (p) => <code>{JSON.stringify(p.default)}</code> },
            { head: 'Range', cellClassName: 'whitespace-nowrap', cell: (p) => range(p) },
            { head: 'Source of the default', fold: true, cell: (p) => p.source ?? '–' },
          ]}
        />
      )}

      <div className="grid gap-8 lg:grid-cols-2">
        <section className="min-w-0">
          <h2>Runs here</h2>
          {m.entries.length === 0 ? (
            <Empty>No entry yet.</Empty>
          ) : (
            <DataTable
              label="Runs here"
              rows={m.entries}
              rowKey={(e) => e.id}
              columns={[
                {
                  head: 'Benchmark',
                  cell: (e) => <TextLink href={`/leaderboards/${e.benchmark.key}`}>{e.benchmark.title}</TextLink>,
                },
                {
                  head: 'Variant',
                  cell: (e) => (
                    <>
                      <TextLink href={`/entries/${e.id}`}>{words(e.division)}</TextLink>
                      <span className="block text-soft">{formatParams(e.params)}</span>
                    </>
                  ),
                },
                {
                  head: 'Score',
                  numeric: true,
                  cell: (e) => (
                    <>
                      {formatScore(e.mean, e.benchmark.primary.precision)}
                      <span className="block text-soft text-[11px]">{e.benchmark.primary.title}</span>
                    </>
                  ),
                },
                { head: 'Rank', numeric: true, cell: (e) => e.rank ?? '–' },
              ]}
            />
          )}
        </section>
        <section className="min-w-0">
          <h2>Reported by the paper</h2>
          {m.reported.length === 0 ? <Empty>No figure is recorded.</Empty> : <ReportedTable figures={m.reported} />}
        </section>
      </div>
    </>
  );
}
