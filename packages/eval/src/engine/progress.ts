/** Messages while a run works: at most four a second, with speed and the time that is left. */
import { performance } from 'node:perf_hooks';
import type { ChildMessage, SeriesPoint } from '../core/types.js';

type Phase = Extract<ChildMessage, { type: 'progress' }>['phase'];

const INTERVAL_MS = 250;

export interface Reporter {
  /** A new phase, reported at once. */
  phase(phase: Phase, steps: number): void;
  /** One step done. */
  step(step: number, loss: number | null): void;
  /** A value of a series, kept for the result and sent with the next message. */
  point(key: string, step: number, value: number): void;
  log(level: 'info' | 'warn' | 'error', line: string): void;
  /** Sends what is pending. */
  flush(): void;
  readonly series: readonly SeriesPoint[];
}

export function openReporter(send: (message: ChildMessage) => void): Reporter {
  const series: SeriesPoint[] = [];
  let sent = 0;
  let [phase, steps, started, last]: [Phase, number, number, number] = ['data', 0, performance.now(), 0];

  const flushSeries = (): void => {
    if (sent === series.length) return;
    send({ type: 'series', points: series.slice(sent) });
    sent = series.length;
  };
  const progress = (step: number, loss: number | null): void => {
    const now = performance.now();
    last = now;
    const seconds = (now - started) / 1000;
    const rate = seconds > 0 ? step / seconds : 0;
    send({
      type: 'progress',
      phase,
      step,
      steps,
      loss,
      stepsPerSecond: rate,
      etaMs: rate > 0 ? Math.round(((steps - step) / rate) * 1000) : 0,
    });
    flushSeries();
  };
  return {
    series,
    phase(next, total) {
      [phase, steps, started] = [next, total, performance.now()];
      progress(0, null);
    },
    step(step, loss) {
      if (step === steps || performance.now() - last >= INTERVAL_MS) progress(step, loss);
    },
    point: (key, step, value) => void series.push({ key, step, value }),
    log: (level, line) => send({ type: 'log', level, line }),
    flush: flushSeries,
  };
}
