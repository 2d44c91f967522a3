import type { Metadata } from 'next';
import { Link } from '@/components/link';
import { Empty, PageHead } from '@/components/ui';
import { byField, sentence } from '@/features/metrics/fields';
import { MetricList } from '@/features/metrics/metric-list';
import { type ListedMetric, metricsQuery } from '@/features/metrics/query';
import { request } from '@/lib/api/client';

export const metadata: Metadata = { title: 'Metrics' };

/** What a search may hold. */
const MOST_CHARACTERS = 200;

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

async function load(search: string): Promise<readonly ListedMetric[]> {
  const found: ListedMetric[] = [];
  for (let after: string | null = null; ;) {
    const { metrics }: Awaited<ReturnType<typeof page>> = await page(search, after);
    found.push(...metrics.nodes);
    after = metrics.pageInfo.endCursor;
    if (!metrics.pageInfo.hasNextPage) return found;
  }
}

const page = (search: string, after: string | null) => request(metricsQuery, { search: search || null, after });

export default async function MetricsPage({ searchParams }: Props) {
  const { q } = await searchParams;
  const text = (typeof q === 'string' ? q : '').trim().slice(0, MOST_CHARACTERS);
  const groups = byField(await load(text));
  return (
    <>
      <PageHead title="Metrics">
        What every score means: its formula, its ties and edge cases, the tool that it must equal with the test that
        proves it, and where other implementations differ.
      </PageHead>
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
        <nav aria-label="Fields" className="flex flex-wrap gap-x-4 gap-y-1 max-w-[72ch]">
          {groups.map(({ field, anchor, metrics }) => (
            <span key={field} className="whitespace-nowrap">
              <Link href={`#${anchor}`}>{sentence(field)}</Link> <span className="text-soft">{metrics.length}</span>
            </span>
          ))}
        </nav>
        <form action="/metrics" className="flex gap-2">
          <input name="q" type="search" defaultValue={text} aria-label="Words or a score key" className="w-52" />
          <button className="button">Find</button>
        </form>
      </div>
      {groups.length === 0 && <Empty>No metric has “{text}” in its name, keys, field or summary.</Empty>}
      {groups.map((group) => (
        <MetricList key={group.field} group={group} />
      ))}
    </>
  );
}
