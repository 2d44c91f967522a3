/** The resident memory of this process. */
import { readFileSync, writeFileSync } from 'node:fs';

function status(field) {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(found[1]) * 1024;
}

/** Forgets the peak so far; → a function that gives the bytes by which the peak since then exceeds what was held now. */
export function watchPeak() {
  try {
    // Linux: 5 sets the high-water mark back to what is resident now.
    writeFileSync('/proc/self/clear_refs', '5');
    const held = status('VmRSS');
    return () => Math.max(0, status('VmHWM') - held);
  } catch {
    const held = process.memoryUsage.rss();
    return () => Math.max(0, process.resourceUsage().maxRSS * 1024 - held);
  }
}
