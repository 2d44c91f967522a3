/**
 * One entry point of the API in a process of its own: `launch.mjs NAME OPTIONS`, options as JSON.
 * It ends when the command line that started it is gone, however that ended.
 */
const entries = {
  start: ['@touchstone/api/start', 'start'],
  worker: ['@touchstone/api/worker', 'worker'],
  rebuild: ['@touchstone/api/rebuild', 'rebuild'],
};

const [name, options] = process.argv.slice(2);
const [specifier, exported] = entries[name];
// An ordinary SIGTERM, so that runs are drained as at Ctrl-C.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
try {
  const module = await import(specifier);
  await module[exported](JSON.parse(options));
} catch (error) {
  const code = typeof error?.code === 'string' ? error.code : 'INTERNAL';
  process.stderr.write(`error ${code}: ${error?.message ?? error}\n`);
  process.exitCode = Number.isInteger(error?.exitCode) ? error.exitCode : 1;
  // Nothing was started that could still be waited for.
  if (process.connected) process.disconnect();
}
