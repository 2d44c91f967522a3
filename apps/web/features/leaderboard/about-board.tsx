import { Facts, TextLink } from '@/components/ui';
import { formatScore, words } from '@/lib/format';
import type { Board, BoardBenchmark } from './query';

/** What a board measures, in short. */
export function AboutBoard({
  benchmark,
  score,
  board,
}: {
  benchmark: BoardBenchmark;
  score: BoardBenchmark['primary'];
  board: Board['leaderboard'];
}) {
  return (
    <Facts
      items={[
        [
          'Primary score',
          `${benchmark.primary.title}, ${benchmark.primary.direction === 'HIGHER' ? 'higher' : 'lower'} is better`,
        ],
        ['Resolution', resolutionText(board, score)],
        [
          'Headroom',
          benchmark.headroom === null
            ? 'not measured yet'
            : formatScore(benchmark.headroom, benchmark.primary.precision),
        ],
        [
          'Ranks',
          benchmark.reportedOnly
            ? 'numbers as published'
            : benchmark.track === 'PREDICTIONS'
              ? 'predictions that were sent'
              : `the ${words(benchmark.slot)} slot`,
        ],
        ['Seeds', benchmark.track === 'PREDICTIONS' ? 'none: scoring has no chance in it' : benchmark.seeds.join(', ')],
        [
          'Data',
          benchmark.reportedOnly
            ? 'none here: each row links to its source'
            : benchmark.track === 'PREDICTIONS'
              ? benchmark.fidelity === 'OFFICIAL'
                ? 'official labels'
                : benchmark.fidelity.replace(/^VARIANT\((.*)\)$/, '$1')
              : benchmark.datasets.map((dataset) => (
                  <span key={dataset.key} className="block">
                    <TextLink href={`/datasets/${dataset.key}`}>{dataset.title}</TextLink>
                  </span>
                )),
        ],
        ['Backend', benchmark.track === 'PREDICTIONS' ? 'none' : benchmark.backend],
      ]}
    />
  );
}

function resolutionText(board: Board['leaderboard'], score: BoardBenchmark['primary']): string {
  if (board.resolution === null)
    return board.nodes.some((row) => row.claim === 'REPORTED')
      ? 'none: the chance in published numbers is not known'
      : 'not known yet: it takes two rows that can be compared';
  const from = board.resolutionSource === 'COMPUTED' ? 'from the rows as they are now' : 'measured for the benchmark';
  return `differences below ${formatScore(board.resolution, score.precision)} cannot be seen here (80 % power, ${from})`;
}
