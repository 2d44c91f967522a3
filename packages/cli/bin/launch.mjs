/**
 * One entry point of the API in a process of its own: `launch.mjs NAME`, its options as JSON in TOUCHSTONE_LAUNCH.
 * It ends when the command line that started it is gone, however that ended.
 */
const entries = {
  start: ['@touchstone/api/start', 'start'],
  worker: ['@touchstone/api/worker', 'worker'],
  rebuild: ['@touchstone/api/rebuild', 'rebuild'],
};

const [specifier, exported] = entries[process.argv[2]];
const options = process.env.TOUCHSTONE_LAUNCH;
delete process.env.TOUCHSTONE_LAUNCH;
// An ordinary SIGTERM, so that runs are drained as at Ctrl-C.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The listener alone would keep a finished process alive.
process.channel?.unref();
// Whoever read the output may be gone first; stopping in order matters more than the last lines.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
try {
  const module = await import(specifier);
  await module[exported](JSON.parse(options));
} catch (error) {
  const { describeError, exitCodeOf, formatError } = await import('../dist/core/errors.js');
  const described = describeError(error);
  process.stderr.write(`${formatError(described)}\n`);
  process.exit(exitCodeOf(described.code));
}
