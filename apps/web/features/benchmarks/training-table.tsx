import { DataTable } from '@/components/data-table';
import { Badge, ScaleBadge, TextLink } from '@/components/ui';
import { formatScore, words } from '@/lib/format';
import type { ListedBenchmark } from './list';

/** Boards whose rows are trained here. */
export function TrainingTable({ benchmarks }: { benchmarks: readonly ListedBenchmark[] }) {
  return (
    <DataTable
      label="Benchmarks"
      rows={benchmarks}
      rowKey={(b) => b.id}
      columns={[
        {
          head: 'Benchmark',
          cellClassName: 'min-w-56',
          cell: (b) => (
            <>
              <TextLink href={`/leaderboards/${b.key}`}>{b.title}</TextLink>{' '}
              <span className="text-soft">v{b.version}</span>
              <span className="block text-soft">{b.summary}</span>
              <span className="flex flex-wrap gap-2 mt-0.5">
                <ScaleBadge scale={b.scale} fidelity={b.fidelity} />
                <TextLink href={`/benchmarks/${b.key}`}>protocol</TextLink>
              </span>
            </>
          ),
        },
        { head: 'Ranks', fold: true, cell: (b) => words(b.slot) },
        { head: 'Primary score', fold: true, cell: (b) => b.primary.title },
        {
          head: 'Resolution',
          numeric: true,
          fold: true,
          cell: (b) => (b.resolution === null ? '–' : formatScore(b.resolution, b.primary.precision)),
        },
        {
          head: 'Data',
          fold: true,
          cell: (b) =>
            b.datasets.map((d) => (
              <TextLink key={d.key} href={`/datasets/${d.key}`}>
                {d.title}
              </TextLink>
            )),
        },
        { head: 'Entries', numeric: true, cell: (b) => b.entryCount },
        {
          head: 'State',
          cell: (b) =>
            b.state === 'READY' ? (
              <Badge tone="good">ready</Badge>
            ) : (
              <span className="text-soft whitespace-nowrap">{words(b.state)}</span>
            ),
        },
      ]}
    />
  );
}
