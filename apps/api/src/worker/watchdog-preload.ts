/** Preloaded into the children of a worker; see watchdog.ts. */
import { isMainThread, Worker } from 'node:worker_threads';

const LOOK_MS = 500;

if (isMainThread) {
  const source = `
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
    }, ${LOOK_MS});
  `;
  new Worker(source, { eval: true, execArgv: [], stdout: false, stderr: false }).unref();
}
