/**
 * Workers that share the memory with the main thread. Whoever is free takes the next unit of the round; a round ends when
 * its units are done. Results do not depend on who ran what, so neither on the number of threads.
 */
import { Worker } from 'node:worker_threads';
import { LossError } from '../../core/errors.js';
import type { CodeSet, Functions } from './code.js';
import type { Products } from './products.js';
import type { Job, TileFunctions } from './unit.js';
import { markPairs, runUnit } from './unit.js';
import type { WasmMemory, WasmModule } from './webassembly.js';

const MOST = 64;

function checked(count: number, field: string, given: unknown = count): number {
  if (Number.isInteger(count) && count >= 1 && count <= MOST) return count;
  throw new LossError('PARAM_RANGE', `${field}: expected a whole number from 1 to ${MOST}, received ${String(given)}`, {
    field,
    value: given,
    allowed: `1 to ${MOST}`,
  });
}

let wanted: number | undefined;
interface Hired {
  readonly worker: Worker;
  /** Names of the code that it has. */
  readonly sent: Set<string>;
  memory: WasmMemory | undefined;
}
const workers: Hired[] = [];

/** Threads that the wasm executor uses, the calling one included: what was set, else TOUCHSTONE_THREADS, else 1. */
export function pairThreads(): number {
  if (wanted === undefined) {
    const given = process.env['TOUCHSTONE_THREADS'];
    wanted = given === undefined || given === '' ? 1 : checked(Number(given), 'TOUCHSTONE_THREADS', given);
  }
  return wanted;
}

/** Sets that number, 1 to 64. It changes the time that a loss takes and no bit of it. Throws PARAM_RANGE. */
export function setPairThreads(count: number): void {
  wanted = checked(count, 'threads');
  for (const { worker } of workers.splice(wanted - 1)) void worker.terminate();
}

/** Self-contained, because workers get its text: runs units of every round until none is left. */
function runRounds(
  job: Job,
  control: Int32Array,
  thread: number,
  products: Products,
  tiles: TileFunctions,
  memory: WasmMemory,
  run: typeof runUnit,
): void {
  const { rounds } = job;
  const failed = 2 * rounds.length;
  for (let round = 0; round < rounds.length; round++) {
    const units = rounds[round]!;
    for (let u = Atomics.add(control, 2 * round, 1); u < units.length; u = Atomics.add(control, 2 * round, 1)) {
      run(job, units[u]!, thread, products, tiles, memory.buffer);
      if (Atomics.add(control, 2 * round + 1, 1) === units.length - 1) Atomics.notify(control, 2 * round + 1);
    }
    for (;;) {
      const done = Atomics.load(control, 2 * round + 1);
      if (done === units.length) break;
      if (Atomics.load(control, failed) !== 0) return;
      Atomics.wait(control, 2 * round + 1, done, 100);
    }
  }
}

interface Message {
  readonly job: Job;
  readonly control: Int32Array;
  readonly thread: number;
  /** Names of the code: products, then tiles by name; and what the worker does not have yet. */
  readonly products: string;
  readonly tiles: Readonly<Record<string, string>>;
  readonly modules: readonly (readonly [string, WasmModule])[];
  readonly memory: WasmMemory | undefined;
}

/** What a worker runs, as text: a file would have another name before and after compilation. */
const SOURCE = `
const { parentPort } = require('node:worker_threads');
const markPairs = ${markPairs.toString()};
const runUnit = ${runUnit.toString()};
const runRounds = ${runRounds.toString()};
const modules = new Map();
let instances = new Map();
let memory;
const exportsOf = (key) => {
  if (!instances.has(key))
    instances.set(key, new WebAssembly.Instance(modules.get(key), { env: { memory, exp: Math.exp } }).exports);
  return instances.get(key);
};
parentPort.on('message', (message) => {
  const { job, control, thread } = message;
  try {
    for (const [key, module] of message.modules) modules.set(key, module);
    if (message.memory) {
      memory = message.memory;
      instances = new Map();
    }
    const tiles = Object.fromEntries(Object.entries(message.tiles).map(([name, key]) => [name, exportsOf(key).tile]));
    runRounds(job, control, thread, exportsOf(message.products), tiles, memory, runUnit);
  } catch (error) {
    Atomics.store(control, 2 * job.rounds.length, 1);
    throw error;
  }
});
`;

function hire(count: number): void {
  while (workers.length < count) {
    const worker = new Worker(SOURCE, { eval: true });
    // A thread that is waiting for work keeps no process alive; one that failed is replaced at the next call.
    worker.unref();
    const entry: Hired = { worker, sent: new Set(), memory: undefined };
    worker.on('error', () => workers.splice(workers.indexOf(entry), 1));
    workers.push(entry);
  }
}

function send(to: Hired, job: Job, control: Int32Array, thread: number, code: CodeSet, memory: WasmMemory): void {
  const parts = [code.products, ...Object.values(code.tiles)].filter(({ key }) => !to.sent.has(key));
  const message: Message = {
    job,
    control,
    thread,
    products: code.products.key,
    tiles: Object.fromEntries(Object.entries(code.tiles).map(([name, { key }]) => [name, key])),
    modules: parts.map(({ key, module }) => [key, module] as const),
    memory: to.memory === memory ? undefined : memory,
  };
  to.worker.postMessage(message);
  for (const { key } of parts) to.sent.add(key);
  to.memory = memory;
}

/** Runs a job to its end on the calling thread and as many others as are wanted and useful. */
export function runJob(
  job: Job,
  code: CodeSet,
  { products, tiles }: Functions,
  memory: WasmMemory,
  threads: number,
): void {
  if (threads === 1) {
    for (const units of job.rounds) for (const unit of units) runUnit(job, unit, 0, products, tiles, memory.buffer);
    return;
  }
  const control = new Int32Array(new SharedArrayBuffer(4 * (2 * job.rounds.length + 1)));
  hire(threads - 1);
  for (let k = 1; k < threads; k++) send(workers[k - 1]!, job, control, k, code, memory);
  runRounds(job, control, 0, products, tiles, memory, runUnit);
  if (Atomics.load(control, 2 * job.rounds.length) !== 0)
    throw new LossError('DEVICE_FAILED', 'a worker of the wasm executor failed', { field: 'threads', value: threads });
}
