/** The worker of a local start: forked by the supervisor, configured by environment, gone when the supervisor is. */
import { endWithParent } from '../lib/parent.js';
import { runWorker } from './main.js';

const {
  TOUCHSTONE_WORKER_SERVER: server,
  TOUCHSTONE_WORKER_TOKEN: token,
  TOUCHSTONE_WORKER_CAPACITY: capacity,
} = process.env;
if (!server || !token) throw new Error('TOUCHSTONE_WORKER_SERVER and TOUCHSTONE_WORKER_TOKEN are not set');
// The children have no business with it.
delete process.env['TOUCHSTONE_WORKER_TOKEN'];

const running = runWorker({
  server,
  token,
  name: 'local',
  capacity: Number(capacity ?? 1),
  drainMs: 4_000,
  onLine: (line) => process.stdout.write(`${line}\n`),
});
// Ctrl-C reaches the whole group; the supervisor decides when we drain.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void running.stop());
endWithParent(() => running.kill());
await running.done;
process.exit(0);
