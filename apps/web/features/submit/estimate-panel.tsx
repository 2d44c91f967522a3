import { formatDuration, words } from '@/lib/format';
import type { EstimateResult } from './query';

/** What would happen, beside the form; the same on the server and in the browser. */
export function EstimatePanel({ estimate }: { estimate: EstimateResult }) {
  return (
    <section aria-label="Estimate" aria-live="polite">
      <h2 className="!mt-0">What would happen</h2>
      {!estimate.valid ? (
        <ul className="text-bad">
          {estimate.userErrors.map((error) => (
            <li key={`${error.field}${error.message}`} className="break-words">
              {error.message}
            </li>
          ))}
        </ul>
      ) : (
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          <dt className="text-soft">Division</dt>
          <dd>{estimate.division ? words(estimate.division) : '–'}</dd>
          <dt className="text-soft">Runs</dt>
          <dd>
            {estimate.runs}, of which {estimate.newRuns} new
          </dd>
          <dt className="text-soft">Each takes</dt>
          <dd>
            {estimate.secondsPerRun === null
              ? 'not known yet'
              : `about ${formatDuration(estimate.secondsPerRun * 1000)}`}
          </dd>
          <dt className="text-soft">Queue</dt>
          <dd>
            {estimate.newRuns === 0 ? 'nothing to wait for: the runs exist' : `position ${estimate.queuePosition}`}
            {estimate.waitingReason && <span className="block text-bad">{estimate.waitingReason}</span>}
          </dd>
          <dt className="text-soft">Variant</dt>
          <dd>
            <code>{estimate.variantHash?.slice(0, 12)}</code>
          </dd>
        </dl>
      )}
    </section>
  );
}
