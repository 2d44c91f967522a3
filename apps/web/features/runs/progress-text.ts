import { formatDuration, words } from '@/lib/format';

export interface RunProgress {
  readonly phase: string;
  readonly step: number;
  readonly steps: number;
  readonly loss?: number | null;
  readonly stepsPerSecond?: number | null;
  readonly etaMs: number | null;
}

/** Where a run is, in words. A phase of one step, such as scoring, has no rate and no end to foretell. */
export function progressText(p: RunProgress): string {
  if (p.steps <= 1) return words(p.phase);
  const parts = [`${words(p.phase)} ${p.step} of ${p.steps}`];
  if (p.loss !== null && p.loss !== undefined) parts.push(`loss ${p.loss.toPrecision(4)}`);
  if (p.stepsPerSecond) parts.push(`${p.stepsPerSecond.toFixed(0)} steps a second`);
  if (p.etaMs !== null) parts.push(`about ${formatDuration(p.etaMs)} left`);
  return parts.join(', ');
}
