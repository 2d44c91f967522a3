/** Runs a job's blocks on this thread and on workers; the outcome does not depend on who ran what. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WasmMemory, WasmModule } from '@touchstone/losses/meta';
import { wasm } from '@touchstone/losses/meta';
import { EvalError } from '../../core/errors.js';
import type { Arithmetic } from './kernel.js';
import { countingModule, productModule } from './kernel.js';

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

/** What a crew does: a module, the job's runner and the functions it gets; the last two go to the workers as text. */
export interface Trade<J, X, F> {
  readonly module: WasmModule;
  /** Makes the function that does one block; self-contained. */
  readonly runner: (job: J, thread: number, exports: X, memory: WasmMemory, functions: F) => (block: number) => void;
  readonly functions: F;
}

/** What a worker runs, as text: a file would have another name before and after compilation. */
const sourceOf = <J, X, F extends object>({ runner, functions }: Trade<J, X, F>): string => `
const { parentPort, workerData } = require('node:worker_threads');
const functions = { ${Object.entries(functions)
  .map(([name, each]) => `${name}: ${String(each)}`)
  .join(',\n')} };
const runner = ${runner.toString()};
const { module, memory, thread } = workerData;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
parentPort.on('message', ({ job, control, blocks }) => {
  const run = runner(job, thread, exports, memory, functions);
  for (let b = Atomics.add(control, 0, 1); b < blocks; b = Atomics.add(control, 0, 1)) {
    run(b);
    Atomics.add(control, 1, 1);
  }
  parentPort.postMessage('done');
});
`;

const modules = new Map<Arithmetic, WasmModule>();

/** The module of that arithmetic; fused multiply-add only where the runtime has it. */
export function moduleOf(arithmetic: Arithmetic): WasmModule {
  const known = modules.get(arithmetic);
  if (known) return known;
  const bytes = arithmetic === 'whole' ? countingModule() : productModule(arithmetic);
  const made = arithmetic === 'fused' && !wasm.validate(bytes) ? moduleOf('float') : new wasm.Module(bytes);
  modules.set(arithmetic, made);
  return made;
}

/** Threads that share a memory, from the first job until `close`. */
export class Crew<J, X, F extends object> {
  private readonly exports: X;
  private readonly workers: Worker[] = [];

  constructor(
    readonly memory: WasmMemory,
    readonly threads: number,
    private readonly trade: Trade<J, X, F>,
  ) {
    this.exports = new wasm.Instance(trade.module, { env: { memory } }).exports as X;
  }

  /** Runs every block of the job. `told` hears of done blocks; what it throws stops the work and comes out here. */
  async run(job: J, blocks: number, told: (done: number, total: number) => void): Promise<void> {
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
      const run = this.trade.runner(job, 0, this.exports, this.memory, this.trade.functions);
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
    const workerData = { module: this.trade.module, memory: this.memory, thread: this.workers.length + 1 };
    this.workers.push(new Worker(sourceOf(this.trade), { eval: true, workerData }));
  }
}
