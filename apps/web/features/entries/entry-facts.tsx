import { Facts, Hash, TextLink } from '@/components/ui';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatParams,
  formatScore,
  formatSigned,
  formatTime,
} from '@/lib/format';
import { COVERS } from '@/lib/coverage';
import type { Entry, TiedEntry } from './query';

/** What an entry stands for and what it costs. */
export function EntryFacts({ entry: e, tied }: { entry: Entry; tied: readonly TiedEntry[] | null }) {
  const primary = e.benchmark.primary;
  const sent = e.benchmark.track === 'PREDICTIONS';
  return (
    <div className="grid gap-x-12 gap-y-1 lg:grid-cols-[2fr_1fr] items-start">
      <Facts
        items={[
          ['Rank', rankText(e)],
          tied === null ? null : ['Ties', <Ties key="t" entry={e} tied={tied} />],
          [
            primary.title,
            e.mean === null
              ? 'no result yet'
              : `${formatScore(e.mean, primary.precision)}${e.deviation === null ? '' : ` ± ${formatScore(e.deviation, primary.precision)}`}${e.source ? ', as published' : sent ? '' : ` over ${e.n} ${e.n === 1 ? 'seed' : 'seeds'}`}`,
          ],
          ['Interval', intervalText(e)],
          sent
            ? null
            : [
                'Baseline',
                e.difference ? (
                  <span key="d">
                    {formatSigned(e.difference.mean, primary.precision)} (
                    {formatSigned(e.difference.low, primary.precision)} to{' '}
                    {formatSigned(e.difference.high, primary.precision)}), paired {COVERS[e.difference.over]}
                    {e.difference.tooSmall && ', too small to see here'}.{' '}
                    <TextLink href={`/compare?a=${e.id}&b=${e.difference.b.id}`}>
                      Compare with {e.difference.b.label}
                    </TextLink>
                  </span>
                ) : (
                  'no difference to show'
                ),
              ],
          sent
            ? null
            : [
                'Method',
                e.method ? (
                  <TextLink key="m" href={`/methods/${e.method.key}`}>
                    {e.method.title}
                  </TextLink>
                ) : (
                  'none'
                ),
              ],
          sent ? null : ['Parameters', formatParams(e.params) || 'none'],
          sent ? null : ['Attempts', e.attempts],
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
      {e.claim !== 'REPORTED' && (
        <Facts
          items={[
            ['Time a run', formatDuration(e.cost.wallMs)],
            ['CPU time a run', formatDuration(e.cost.cpuMs)],
            ['Peak memory', formatBytes(e.cost.peakBytes)],
            ['Flops', formatCount(e.cost.flops)],
          ]}
        />
      )}
    </div>
  );
}

function rankText(e: Entry): string {
  if (e.supersededReason !== null) return 'none: superseded';
  if (e.rank === null) return e.unrankedReason ?? 'unranked';
  if (e.rankLow === null || e.rankHigh === null) return `${e.rank}; it cannot be compared with other rows`;
  if (e.rankLow === e.rankHigh) return `${e.rank}, and the data allow no other`;
  return `${e.rank}; the data allow ${e.rankLow} to ${e.rankHigh}, all pairs of the board judged at once`;
}

function intervalText(e: Entry): string {
  const { precision } = e.benchmark.primary;
  if (!e.interval)
    return e.source ? 'none: published without per-example outcomes' : 'none: nothing that was sampled is known twice';
  const { low, high, level, over } = e.interval;
  const units = e.units === null ? '' : `, ${formatCount(e.units)} test units`;
  return `${formatScore(low, precision)} to ${formatScore(high, precision)}, ${level * 100} %, ${COVERS[over]}${units}`;
}

/** Neighbours named at most. */
const MOST_NAMED = 12;

function Ties({ entry, tied }: { entry: Entry; tied: readonly TiedEntry[] }) {
  if (tied.length === 0) return 'separable from every other row';
  return (
    <>
      cannot be told apart from{' '}
      {tied.slice(0, MOST_NAMED).map((row, i) => (
        <span key={row.id}>
          {i > 0 && ', '}
          {row.rank} <TextLink href={`/compare?a=${entry.id}&b=${row.id}`}>{row.label}</TextLink>
        </span>
      ))}
      {tied.length > MOST_NAMED && ` and ${tied.length - MOST_NAMED} more`}
    </>
  );
}
