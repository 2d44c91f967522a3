import { Badge, Notice, StateMark } from '@/components/ui';
import { progressText } from './progress-text';
import { words } from '@/lib/format';
import type { Run } from './query';

/** Where a run is, how far it has come, and why it stopped. */
export function RunState({ run }: { run: Run }) {
  const p = run.progress;
  return (
    <>
      <p className="flex flex-wrap gap-2 items-center mb-4" aria-live="polite">
        <StateMark state={run.state} />
        {run.shipped && <Badge title="Shipped with Touchstone as a receipt">shipped receipt</Badge>}
        {run.rederivedEqual === true && <Badge tone="good">re-derived here: equal</Badge>}
        {run.rederivedEqual === false && <Badge tone="bad">re-derived here: differs</Badge>}
        {run.state === 'QUEUED' && (
          <span>
            {run.queuePosition === null ? 'waiting' : `position ${run.queuePosition} in the queue`}
            {run.waitingReason ? `: ${run.waitingReason}` : ''}
          </span>
        )}
        {run.state === 'RUNNING' && p && <span>{progressText(p)}</span>}
      </p>
      {run.state === 'RUNNING' && p && (
        <progress
          aria-label="Progress"
          className="w-full h-1.5 accent-[var(--accent)] mb-4"
          value={p.step}
          max={Math.max(1, p.steps)}
        />
      )}
      {(run.state === 'FAILED' || run.state === 'CANCELLED') && (
        <Notice tone="bad">
          <strong>{run.reason ? words(run.reason) : words(run.state)}</strong>
          {run.message && <span className="block break-words">{run.message}</span>}
          {run.state === 'FAILED' && (
            <span className="block text-soft">The seed counts as missing: the entry is unranked, never zero.</span>
          )}
        </Notice>
      )}
    </>
  );
}
