import { DataTable } from '@/components/data-table';
import { COVERS } from '@/lib/coverage';
import { formatCount, formatScore } from '@/lib/format';
import type { Entry } from './query';

/** Every score of an entry over its seeds. */
export function ScoresTable({ entry }: { entry: Entry }) {
  const keyOf = (scoreKey: string) => entry.benchmark.scoreKeys.find((k) => k.key === scoreKey);
  const format = (scoreKey: string, value: number | null) => formatScore(value, keyOf(scoreKey)?.precision ?? 1e-4);
  return (
    <DataTable
      label="Scores"
      rows={entry.summaries}
      rowKey={(s) => s.scoreKey}
      columns={[
        { head: 'Score', cell: (s) => keyOf(s.scoreKey)?.title ?? s.scoreKey },
        { head: 'Mean', numeric: true, cell: (s) => format(s.scoreKey, s.mean) },
        { head: 'Deviation', numeric: true, fold: true, cell: (s) => format(s.scoreKey, s.deviation) },
        {
          head: 'Interval',
          numeric: true,
          cell: (s) =>
            s.interval ? `${format(s.scoreKey, s.interval.low)} to ${format(s.scoreKey, s.interval.high)}` : '–',
        },
        { head: 'Covers', fold: true, cell: (s) => (s.interval ? COVERS[s.interval.over] : '–') },
        { head: 'Seeds', numeric: true, fold: true, cell: (s) => s.n },
        { head: 'Test units', numeric: true, fold: true, cell: (s) => formatCount(s.units) },
      ]}
    />
  );
}
