import { Facts, TextLink } from '@/components/ui';
import { formatScore, formatSigned } from '@/lib/format';
import type { Difference } from './query';

/** The paired difference and how to read it. */
export function DifferenceFacts({ difference: d }: { difference: Difference }) {
  const board = d.a.benchmark;
  const precision = board.scoreKeys.find((key) => key.key === d.scoreKey)?.precision ?? 1e-4;
  const better = d.low !== null && d.high !== null && (d.low > 0 || d.high < 0);
  return (
    <Facts
      items={[
        [
          'Difference',
          `${formatSigned(d.mean, precision)}${d.low === null ? '' : `, interval ${formatSigned(d.low, precision)} to ${formatSigned(d.high, precision)}`}`,
        ],
        [
          'Reading',
          d.tooSmall
            ? 'Too small to see here: below the resolution of the benchmark.'
            : better
              ? 'The interval does not contain zero.'
              : 'The interval contains zero: these seeds do not tell them apart.',
        ],
        ['Covers', `${d.over.toLowerCase()}, ${d.n} paired`],
        ['p', d.p === null ? '–' : d.p < 0.001 ? '< 0.001' : d.p.toFixed(3)],
        ['Resolution', board.resolution === null ? 'not measured yet' : formatScore(board.resolution, precision)],
        [
          d.a.label,
          <TextLink key="a" href={`/entries/${d.a.id}`}>
            {formatScore(d.a.mean, precision)}
          </TextLink>,
        ],
        [
          d.b.label,
          <TextLink key="b" href={`/entries/${d.b.id}`}>
            {formatScore(d.b.mean, precision)}
          </TextLink>,
        ],
      ]}
    />
  );
}
