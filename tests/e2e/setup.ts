import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, start } from './process-tree.js';

/** One server for all browser tests, with the demonstration, on its own folder and ports. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.TOUCHSTONE_E2E_API) return async () => {};
  const home = mkdtempSync(join(tmpdir(), 'touchstone-e2e-'));
  const started = await start({ home, apiPort: await freePort(), webPort: await freePort() });
  process.env.TOUCHSTONE_E2E_API = started.api;
  process.env.TOUCHSTONE_E2E_WEB = started.site;
  process.env.TOUCHSTONE_E2E_SIGNIN = started.signIn;
  process.env.TOUCHSTONE_E2E_TOKEN = readFileSync(join(home, 'owner-token'), 'utf8').trim();
  return async () => {
    started.process.kill('SIGINT');
    const timer = setTimeout(() => started.process.kill('SIGKILL'), 20_000);
    await started.exited;
    clearTimeout(timer);
    rmSync(home, { recursive: true, force: true });
  };
}
