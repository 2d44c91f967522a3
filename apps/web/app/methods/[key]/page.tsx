import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Markdown, Tex } from '@/components/markdown';
import { Empty, PageHead } from '@/components/ui';
import { EntriesTable } from '@/features/methods/entries-table';
import { ParameterTable } from '@/features/methods/parameter-table';
import { ReportedTable } from '@/features/methods/reported-table';
import { SourceFacts } from '@/features/methods/source-facts';
import { methodQuery } from '@/features/methods/query';
import { request } from '@/lib/api/client';
import { words } from '@/lib/format';
import { parseMarkdown, withoutTitle } from '@/lib/markdown';

interface Props {
  params: Promise<{ key: string }>;
}

const load = cache(async (key: string) => (await request(methodQuery, { key })).method);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await load(decodeURIComponent((await params).key)))?.title ?? 'Not found' };
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
          <SourceFacts method={m} />
        </div>
      </div>

      <h2>Parameters</h2>
      {m.parameters.length === 0 ? <Empty>It has none.</Empty> : <ParameterTable parameters={m.parameters} />}

      <div className="grid gap-8 lg:grid-cols-2">
        <section className="min-w-0">
          <h2>Runs here</h2>
          {m.entries.length === 0 ? <Empty>No entry yet.</Empty> : <EntriesTable entries={m.entries} />}
        </section>
        <section className="min-w-0">
          <h2>Reported by the paper</h2>
          {m.reported.length === 0 ? <Empty>No figure is recorded.</Empty> : <ReportedTable figures={m.reported} />}
        </section>
      </div>
    </>
  );
}
