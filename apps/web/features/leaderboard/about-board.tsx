import { Facts, TextLink } from '@/components/ui';
import { formatScore, words } from '@/lib/format';
import type { BoardBenchmark } from './query';

/** What a board measures, in short. */
export function AboutBoard({ benchmark }: { benchmark: BoardBenchmark }) {
  return (
    <Facts
      items={[
        [
          'Primary score',
          `${benchmark.primary.title}, ${benchmark.primary.direction === 'HIGHER' ? 'higher' : 'lower'} is better`,
        ],
        [
          'Resolution',
          benchmark.resolution === null
            ? 'not measured yet'
            : `${formatScore(benchmark.resolution, benchmark.primary.precision)}: a smaller difference is too small to see here`,
        ],
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
