import { Facts, TextLink } from '@/components/ui';
import { formatScore } from '@/lib/format';
import { type Difference, scoreOf } from './query';
import { boardOf, coverageOf, formatP, seedsText } from './sentence';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What stands behind a paired difference. */
export function DifferenceFacts({ difference: d, resolution }: { difference: Difference; resolution: number | null }) {
  const { precision } = scoreOf(d);
  const sent = d.a.benchmark.track === 'PREDICTIONS';
  const reported = d.a.claim === 'REPORTED' || d.b.claim === 'REPORTED';
  const board = boardOf(d);
  const value = (side: 'a' | 'b') => (
    <span key={side}>
      {formatScore(mean(d.seeds.map((s) => s[side])), precision)}{' '}
      <TextLink href={`/entries/${d[side].id}`}>{d[side].label}</TextLink>
    </span>
  );
  return (
    <Facts
      items={[
        ['First', value('a')],
        ['Second', value('b')],
        ['Covers', reported ? 'no interval: published without per-example outcomes' : coverageOf(d)],
        ['p', d.p === null ? 'none without an interval' : `${formatP(d.p)}, two-sided, for this pair alone`],
        ['The board', board ?? 'does not compare the two'],
        [
          'Resolution',
          resolution === null
            ? 'not known yet'
            : `${formatScore(resolution, precision)}${d.tooSmall ? ': this difference is too small to see here' : ''}`,
        ],
        reported
          ? null
          : [
              'Seeds to decide',
              sent ? 'scoring has no seeds: more test examples would be needed' : seedsText(d.seedsToDecide, d),
            ],
      ]}
    />
  );
}
