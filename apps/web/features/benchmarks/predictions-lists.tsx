import { DataTable } from '@/components/data-table';
import { Notice, ScaleBadge, TextLink } from '@/components/ui';
import type { ListedBenchmark } from './list';

/** Boards that score files: those with entries as a table, the others in short. */
export function PredictionsLists({ benchmarks }: { benchmarks: readonly ListedBenchmark[] }) {
  const filled = benchmarks.filter((b) => b.entryCount > 0);
  const empty = benchmarks.filter((b) => b.entryCount === 0);
  const missing = benchmarks.filter((b) => b.state === 'DATA_MISSING');
  return (
    <>
      {missing.length > 0 && (
        <Notice>
          <span className="text-soft">
            {missing.length === 1 ? 'One board needs' : `${missing.length} boards need`} a folder with official labels
            that this installation does not have. Whoever has one lays it under <code>TOUCHSTONE_DATA</code>; the page
            of each board and <code>docs/score-predictions.md</code> say how. Files may be sent before: they wait.
          </span>
        </Notice>
      )}
      {filled.length > 0 && <FilledTable benchmarks={filled} />}
      {empty.length > 0 && (
        <>
          <h2>Without entries yet</h2>
          <ul className="grid gap-x-10 sm:grid-cols-2" aria-label="Boards without entries">
            {empty.map((b) => (
              <li key={b.id} className="border-b border-line py-1.5 min-w-0">
                <TextLink href={`/benchmarks/${b.key}`}>{b.title}</TextLink>{' '}
                <span className="text-soft">
                  {b.primary.title}
                  {!b.officialLabels && ', own labels'}
                </span>
                {b.state === 'DATA_MISSING' && <DataNote keys={b.dataKeys} />}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function DataNote({ keys }: { keys: readonly string[] }) {
  return (
    <span className="block text-soft text-[12px]">
      needs the {keys.length === 1 ? 'folder' : 'folders'}{' '}
      {keys.map((key, i) => (
        <span key={key}>
          {i > 0 && ', '}
          <code>{key}</code>
        </span>
      ))}
    </span>
  );
}

function FilledTable({ benchmarks }: { benchmarks: readonly ListedBenchmark[] }) {
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
                {!b.reportedOnly && <TextLink href={`/submit?benchmark=${b.key}`}>submit predictions</TextLink>}
              </span>
              {b.state === 'DATA_MISSING' && <DataNote keys={b.dataKeys} />}
            </>
          ),
        },
        { head: 'Primary score', fold: true, cell: (b) => b.primary.title },
        {
          head: 'Labels',
          fold: true,
          cell: (b) =>
            b.reportedOnly ? 'published numbers' : b.officialLabels ? 'official' : 'rows of different data',
        },
        { head: 'Entries', numeric: true, cell: (b) => b.entryCount },
      ]}
    />
  );
}
