import { Facts, Hash, TextLink } from '@/components/ui';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatParams,
  formatScore,
  formatSigned,
  formatTime,
  words,
} from '@/lib/format';
import type { Entry } from './query';

/** What an entry stands for and what it costs. */
export function EntryFacts({ entry: e }: { entry: Entry }) {
  const primary = e.benchmark.primary;
  return (
    <div className="grid gap-x-12 gap-y-1 lg:grid-cols-[2fr_1fr] items-start">
      <Facts
        items={[
          [
            'Rank',
            e.rank === null
              ? (e.unrankedReason ?? 'unranked')
              : `${e.rank}${e.rankInterval && e.rankInterval[0] !== e.rankInterval[1] ? ` (${e.rankInterval[0]} to ${e.rankInterval[1]})` : ''}`,
          ],
          [
            primary.title,
            e.mean === null
              ? 'no result yet'
              : `${formatScore(e.mean, primary.precision)}${e.deviation === null ? '' : ` ± ${formatScore(e.deviation, primary.precision)}`}${e.source ? ', as published' : ` over ${e.n} seeds`}`,
          ],
          [
            'Interval',
            e.interval
              ? `${formatScore(e.interval.low, primary.precision)} to ${formatScore(e.interval.high, primary.precision)}, ${e.interval.level * 100} %, over ${words(e.interval.over)}`
              : 'none',
          ],
          [
            'Baseline',
            e.difference ? (
              <span key="d">
                {formatSigned(e.difference.mean, primary.precision)} (
                {formatSigned(e.difference.low, primary.precision)} to{' '}
                {formatSigned(e.difference.high, primary.precision)}), paired over {e.difference.n} seeds
                {e.difference.tooSmall && ', too small to see here'}.{' '}
                <TextLink href={`/compare?a=${e.id}&b=${e.difference.b.id}`}>
                  Compare with {e.difference.b.label}
                </TextLink>
              </span>
            ) : (
              'no difference to show'
            ),
          ],
          [
            'Method',
            e.method ? (
              <TextLink key="m" href={`/methods/${e.method.key}`}>
                {e.method.title}
              </TextLink>
            ) : (
              'none'
            ),
          ],
          ['Parameters', formatParams(e.params) || 'none'],
          ['Attempts', e.attempts],
          e.source === null
            ? null
            : [
                'Source',
                <span key="s">
                  <a href={e.source.url} rel="nofollow noopener noreferrer">
                    {e.source.title}
                  </a>
                  {e.source.year && ` (${e.source.year})`}
                  {e.source.note && <span className="block text-soft whitespace-pre-line">{e.source.note}</span>}
                </span>,
              ],
          ['Submitter', e.submitter ?? 'this installation'],
          ['Variant', <Hash key="h" value={e.variantHash} length={24} />],
          ['Updated', formatTime(e.updatedAt)],
        ]}
      />
      <Facts
        items={[
          ['Time a run', formatDuration(e.cost.wallMs)],
          ['CPU time a run', formatDuration(e.cost.cpuMs)],
          ['Peak memory', formatBytes(e.cost.peakBytes)],
          ['Flops', formatCount(e.cost.flops)],
        ]}
      />
    </div>
  );
}
