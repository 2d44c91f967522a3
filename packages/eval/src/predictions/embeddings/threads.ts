/** Runs a job's blocks on this thread and on workers; the outcome does not depend on who ran what. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WasmMemory, WasmModule } from '@touchstone/losses/meta';
import { wasm } from '@touchstone/losses/meta';
import { EvalError } from '../../core/errors.js';
import type { Product } from './kernel.js';
import { productModule } from './kernel.js';
import { exactDots, largest, largestAt, neighbourRow, rankRow } from './rows.js';
import type { Job } from './scan.js';
import { blockRunner } from './scan.js';

const MOST = 64;

/** Threads to use: TOUCHSTONE_THREADS where set, else one a core. Throws PARAM_RANGE. */
export function scoringThreads(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const given = env['TOUCHSTONE_THREADS'];
  if (given === undefined || given === '') return Math.min(MOST, availableParallelism());
  const count = Number(given);
  if (Number.isInteger(count) && count >= 1 && count <= MOST) return count;
  throw new EvalError('PARAM_RANGE', `TOUCHSTONE_THREADS: found ${given}, expected 1 to ${MOST}`, {
    field: 'TOUCHSTONE_THREADS',
    value: given,
    allowed: `a whole number from 1 to ${MOST}`,
  });
}

const FUNCTIONS = { exactDots, largest, neighbourRow, rankRow, largestAt };

/** What a worker runs, as text: a file would have another name before and after compilation. */
const SOURCE = `
const { parentPort, workerData } = require('node:worker_threads');
const functions = { ${Object.entries(FUNCTIONS)
  .map(([name, each]) => `${name}: ${each.toString()}`)
  .join(',\n')} };
const blockRunner = ${blockRunner.toString()};
const { module, memory, thread } = workerData;
const { product } = new WebAssembly.Instance(module, { env: { memory } }).exports;
parentPort.on('message', ({ job, control, blocks }) => {
  const run = blockRunner(job, thread, product, memory, functions);
  for (let b = Atomics.add(control, 0, 1); b < blocks; b = Atomics.add(control, 0, 1)) {
    run(b);
    Atomics.add(control, 1, 1);
  }
  parentPort.postMessage('done');
});
`;

const modules = new Map<boolean, WasmModule>();

/** The module; fused multiply-add only where the answer does not depend on its rounding and the runtime has it. */
function moduleOf(fused: boolean): WasmModule {
  const bytes = productModule(fused);
  const usable = !fused || wasm.validate(bytes) ? fused : false;
  const known = modules.get(usable) ?? new wasm.Module(usable === fused ? bytes : productModule(false));
  modules.set(usable, known);
  return known;
}

/** Threads that share a memory, from the first job until `close`. */
export class Crew {
  private readonly module: WasmModule;
  private readonly product: Product;
  private readonly workers: Worker[] = [];

  constructor(
    readonly memory: WasmMemory,
    readonly threads: number,
    fused: boolean,
  ) {
    this.module = moduleOf(fused);
    this.product = new wasm.Instance(this.module, { env: { memory } }).exports['product'] as unknown as Product;
  }

  /** Runs every block of the job. `told` hears of done blocks; what it throws stops the work and comes out here. */
  async run(job: Job, told: (done: number, total: number) => void): Promise<void> {
    const blocks = Math.ceil(job.queries.n / job.blockRows);
    const control = new Int32Array(new SharedArrayBuffer(8));
    const useful = Math.min(this.threads, blocks);
    while (this.workers.length < useful - 1) this.hire();
    let failed: Error | undefined;
    const others = this.workers.slice(0, useful - 1).map(
      (worker) =>
        new Promise<void>((resolve, reject) => {
          const leave = (error: Error): void => {
            failed = error;
            reject(error);
          };
          worker.once('error', leave);
          worker.once('message', () => {
            worker.off('error', leave);
            resolve();
          });
          worker.postMessage({ job, control, blocks });
        }),
    );
    const finished = Promise.all(others);
    finished.catch(() => undefined);
    try {
      const run = blockRunner(job, 0, this.product, this.memory, FUNCTIONS);
      for (let b = Atomics.add(control, 0, 1); b < blocks && !failed; b = Atomics.add(control, 0, 1)) {
        run(b);
        told(Atomics.add(control, 1, 1) + 1, blocks);
        // Lets signals and errors of the workers in.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      Atomics.store(control, 0, blocks);
      throw error;
    }
    await finished;
    told(blocks, blocks);
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.terminate()));
  }

  private hire(): void {
    const workerData = { module: this.module, memory: this.memory, thread: this.workers.length + 1 };
    this.workers.push(new Worker(SOURCE, { eval: true, workerData }));
  }
}
