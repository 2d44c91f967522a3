import { Facts, StateMark, TextLink } from '@/components/ui';
import { formatScore, formatSigned, formatTime, words } from '@/lib/format';
import type { Submission } from './query';

/** Where a submission stands, against its baseline and on its board. */
export function SubmissionFacts({ submission: s, board }: { submission: Submission; board: string }) {
  const precision = s.benchmark.primary.precision;
  const sent = s.benchmark.track === 'PREDICTIONS';
  const noResult = s.state === 'FAILED' ? 'no result' : 'no result yet';
  return (
    <Facts
      items={[
        ['State', <StateMark key="s" state={s.state} />],
        ['Sent', `${formatTime(s.createdAt)}${s.submitter ? ` by ${s.submitter}` : ''}`],
        sent ? null : ['Division', words(s.division)],
        [
          s.benchmark.primary.title,
          s.entry?.mean === null || !s.entry
            ? noResult
            : `${formatScore(s.entry.mean, precision)}${sent ? '' : ` over ${s.entry.n} seeds`}${s.entry.interval ? `, ${formatScore(s.entry.interval.low, precision)} to ${formatScore(s.entry.interval.high, precision)} over ${words(s.entry.interval.over)}` : ''}`,
        ],
        s.entry?.difference
          ? [
              'Baseline',
              `${formatSigned(s.entry.difference.mean, precision)} (${formatSigned(s.entry.difference.low, precision)} to ${formatSigned(s.entry.difference.high, precision)}) against ${s.entry.difference.b.label}${s.entry.difference.tooSmall ? ', too small to see here' : ''}`,
            ]
          : null,
        sent && s.entry?.mean === null ? null : ['Rank', s.entry?.rank ?? s.entry?.unrankedReason ?? 'unranked'],
        s.entry && s.entry.mean !== null
          ? [
              'Row',
              <TextLink key="r" href={`/entries/${s.entry.id}`}>
                All its scores
              </TextLink>,
            ]
          : null,
        s.withdrawnAt ? ['Withdrawn', formatTime(s.withdrawnAt)] : null,
        [
          'Board',
          <TextLink key="b" href={board}>
            See it on the leaderboard
          </TextLink>,
        ],
      ]}
    />
  );
}
