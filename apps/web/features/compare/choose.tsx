import { PageHead } from '@/components/ui';
import { request } from '@/lib/api/client';
import { boardsQuery, choicesQuery } from './query';

/** The two entries to compare, both of one board. */
export async function Choose({ benchmark }: { benchmark: string | undefined }) {
  const { benchmarks } = await request(boardsQuery);
  const key = benchmark ?? benchmarks.nodes.toSorted((a, b) => b.entryCount - a.entryCount)[0]?.key;
  const rows = key ? (await request(choicesQuery, { key })).leaderboard.nodes.filter((row) => row.mean !== null) : [];
  return (
    <>
      <PageHead title="Compare two entries">
        Differences are paired: the same seeds, with the same data order and initial weights, and the same test
        examples.
      </PageHead>
      <form className="flex flex-wrap gap-3 items-end mb-6">
        <label className="grid text-soft min-w-0">
          Benchmark
          <select name="benchmark" defaultValue={key}>
            {benchmarks.nodes
              .filter((b) => !b.reportedOnly)
              .map((b) => (
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
