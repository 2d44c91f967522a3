/**
 * A child whose code blocks its event loop cannot notice that its parent is gone. A thread of its own can: preloaded into
 * every child, it ends the process as soon as another process adopts it.
 */
import { fileURLToPath } from 'node:url';

/** Arguments of node that preload the watchdog; the compiled file also when this one runs from src. */
export function watchdogArguments(): string[] {
  const here = import.meta.url;
  const file = new URL(here.endsWith('.ts') ? '../../dist/worker/watchdog-preload.js' : './watchdog-preload.js', here);
  return ['--import', fileURLToPath(file)];
}
