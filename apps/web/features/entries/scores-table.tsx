import { type Column, DataTable } from '@/components/data-table';
import { COVERS } from '@/lib/coverage';
import { formatCount, formatScore } from '@/lib/format';
import type { Entry } from './query';

type Summary = Entry['summaries'][number];

/** Every score of an entry, over its seeds where it has any. */
export function ScoresTable({ entry }: { entry: Entry }) {
  const keyOf = (scoreKey: string) => entry.benchmark.scoreKeys.find((k) => k.key === scoreKey);
  const format = (scoreKey: string, value: number | null) => formatScore(value, keyOf(scoreKey)?.precision ?? 1e-4);
  const ofSeeds = (column: Column<Summary>) => (entry.benchmark.track === 'TRAIN' ? [column] : []);
  return (
    <DataTable
      label="Scores"
      rows={entry.summaries}
      rowKey={(s) => s.scoreKey}
      columns={[
        { head: 'Score', cell: (s) => keyOf(s.scoreKey)?.title ?? s.scoreKey },
        { head: 'Mean', numeric: true, cell: (s) => format(s.scoreKey, s.mean) },
        ...ofSeeds({ head: 'Deviation', numeric: true, fold: true, cell: (s) => format(s.scoreKey, s.deviation) }),
        {
          head: 'Interval',
          numeric: true,
          cell: (s) =>
            s.interval ? `${format(s.scoreKey, s.interval.low)} to ${format(s.scoreKey, s.interval.high)}` : '–',
        },
        { head: 'Covers', fold: true, cell: (s) => (s.interval ? COVERS[s.interval.over] : '–') },
        ...ofSeeds({ head: 'Seeds', numeric: true, fold: true, cell: (s) => s.n }),
        { head: 'Test units', numeric: true, fold: true, cell: (s) => formatCount(s.units) },
      ]}
    />
  );
}
