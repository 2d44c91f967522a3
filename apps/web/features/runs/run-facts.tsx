import { Facts, Hash, TextLink } from '@/components/ui';
import { formatBytes, formatCount, formatDuration, formatTime, words } from '@/lib/format';
import type { Run } from './query';

/** Where a run belongs, when it ran and what it took. */
export function RunFacts({ run }: { run: Run }) {
  return (
    <Facts
      items={[
        [
          'Entry',
          run.entry ? (
            <TextLink key="e" href={`/entries/${run.entry.id}`}>
              {run.entry.label}
            </TextLink>
          ) : (
            '–'
          ),
        ],
        ['Division', run.entry ? words(run.entry.division) : '–'],
        ['Benchmark', `${run.benchmark.key}@${run.benchmark.version}`],
        ['Seed', run.seed],
        ['Attempt', `${run.attempt} of at most ${run.maxAttempts}`],
        ['Generation', run.generation],
        ['Worker', run.worker ?? '–'],
        ['Sent', formatTime(run.createdAt)],
        ['Started', formatTime(run.startedAt)],
        ['Finished', formatTime(run.finishedAt)],
        ['Time', formatDuration(run.cost.wallMs)],
        ['CPU time', formatDuration(run.cost.cpuMs)],
        ['Peak memory', formatBytes(run.cost.peakBytes)],
        ['Flops', formatCount(run.cost.flops)],
        ['Variant', <Hash key="v" value={run.variantHash} />],
        run.receiptDigest ? ['Receipt', <Hash key="r" value={run.receiptDigest} length={24} />] : null,
      ]}
    />
  );
}
