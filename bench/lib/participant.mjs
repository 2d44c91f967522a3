/** One implementation of one case, in a process of its own: opened once, warmed, then measured whenever the parent says. */
import { performance } from 'node:perf_hooks';
import { loadSuite } from '../suites/index.mjs';
import { watchPeak } from './memory.mjs';

/** A sample repeats short work until it takes about so long, far above the resolution of the CPU clock. */
const SAMPLE_MS = 100;
const WARM_MS = 1000;
const WARM_UNITS = 3;
/** Work that is not run only to warm up. */
const LONG_MS = 20_000;

const [suiteName, caseName, implementation, sizes] = process.argv.slice(2);

function cpuMs(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

async function measure(unit, count) {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  for (let i = 0; i < count; i++) await unit();
  return { cpuMs: cpuMs(cpu) / count, wallMs: (performance.now() - wall) / count };
}

async function open() {
  const suite = await loadSuite(suiteName);
  const { unit, backend, check } = await suite.open(caseName, implementation, JSON.parse(sizes));
  const peak = watchPeak();
  let checked;
  const first = await measure(async () => (checked = await check?.()), 1);
  // So long that it counts as the first sample: nothing would be warmer the second time.
  if (first.cpuMs > LONG_MS) return { unit, backend, check: checked, peak, count: 1, first };
  let count = 0;
  let perUnit = 0;
  for (const start = process.cpuUsage(); count < WARM_UNITS || cpuMs(start) < WARM_MS; count++) {
    perUnit = (await measure(unit, 1)).cpuMs;
    // Work of seconds has nothing to warm that one pass would not.
    if (perUnit > 2 * WARM_MS) break;
  }
  return { unit, backend, check: checked, peak, count: Math.max(1, Math.round(SAMPLE_MS / Math.max(perUnit, 1e-3))) };
}

try {
  const opened = await open();
  const { unit, backend, check, peak, count } = opened;
  let { first } = opened;
  process.on('message', async (message) => {
    if (message === 'end') {
      process.send({ kind: 'end', peakBytes: peak() }, () => process.disconnect());
      return;
    }
    try {
      const sample = first ?? (await measure(unit, count));
      first = undefined;
      process.send({ kind: 'sample', ...sample });
    } catch (error) {
      process.send({ kind: 'failed', message: error.message }, () => process.disconnect());
    }
  });
  process.send({ kind: 'ready', backend, check });
} catch (error) {
  process.send({ kind: 'failed', message: error.message }, () => process.disconnect());
}
