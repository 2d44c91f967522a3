/**
 * Starts the built site: `node server.mjs [-p PORT] [-H HOST]`. It ends with the process that forked it, so that a killed
 * parent leaves nothing behind, and it says `{type: 'ready', port}` to the parent and one line on stdout once it listens.
 */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliScripts } from './static-brotli.mjs';
import { uploadDoor } from './upload-door.mjs';

process.env.NODE_ENV = 'production';
process.env.NEXT_TELEMETRY_DISABLED = '1';

const { values } = parseArgs({
  options: {
    port: { type: 'string', short: 'p', default: process.env.TOUCHSTONE_WEB_PORT ?? '3000' },
    host: { type: 'string', short: 'H', default: process.env.TOUCHSTONE_HOST ?? '127.0.0.1' },
  },
});

process.on('disconnect', () => process.exit(0));

const { default: next } = await import('next');
const port = Number(values.port);
const folder = fileURLToPath(new URL('.', import.meta.url));
const scripts = brotliScripts(folder);
const app = next({ dev: false, dir: folder, hostname: values.host, port });
const handle = app.getRequestHandler();
await app.prepare();

// Files of predictions may take as long to arrive as the address they go to is good for: one hour.
const server = createServer({ requestTimeout: 3_600_000 }, async (request, response) => {
  if (!uploadDoor(request, response) && !(await scripts(request, response))) await handle(request, response);
});
server.on('error', (error) => {
  console.error(`site: ${error.message}`);
  process.exit(1);
});
server.listen(port, values.host, () => {
  const bound = server.address().port;
  console.log(`site: http://${values.host}:${bound}`);
  process.send?.({ type: 'ready', port: bound });
});

const stop = () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
