/** An implementation's own process, of Node.js or of Python; both speak the same messages. */
import { fork, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const beside = (name) => fileURLToPath(new URL(name, import.meta.url));

function ofNode(suite, each, implementation) {
  const values = [suite, each.name, implementation.name, JSON.stringify(each.sizes ?? {})];
  const env = each.sizes ? { ...process.env, TOUCHSTONE_THREADS: String(each.sizes.threads) } : process.env;
  const child = fork(beside('participant.mjs'), values, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env });
  const events = new EventEmitter();
  child.on('message', (message) => events.emit('message', message));
  return { child, events, send: (what) => child.send(what) };
}

/** `script` gets `values`; without, it is a loss of pytorch.py. */
function ofPython(each, { python, script = 'pytorch.py', values }) {
  const { n, dim, threads } = each.sizes;
  // torch.set_num_threads does not reach every BLAS.
  const env = { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) };
  const child = spawn(python, [beside(script), ...(values ?? [each.loss, n, dim, threads])].map(String), { env });
  const events = new EventEmitter();
  createInterface(child.stdout).on('line', (line) => events.emit('message', JSON.parse(line)));
  return { child, events, send: (what) => child.stdin.write(`${what}\n`) };
}

/** → { events, send, stop, ended }: `events` has `message` and `exit`; `ended()` says why it ended, if it has. */
export function launch(suite, each, implementation) {
  const started = implementation.python ? ofPython(each, implementation) : ofNode(suite, each, implementation);
  const { child, events, send } = started;
  let said = '';
  let ended;
  const end = (why) => {
    ended ??= why;
    events.emit('exit', ended);
  };
  child.stderr.on('data', (text) => (said = (said + text).slice(-2000)));
  child.on('exit', (code, signal) =>
    end([`ended with ${code ?? signal}`, said.trim().split('\n').at(-1)].filter(Boolean).join(': ')),
  );
  child.on('error', (error) => end(error.message));
  return { events, send, stop: () => child.kill(), ended: () => ended };
}
