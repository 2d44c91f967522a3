/** The thread for statistics: started when first asked, ended when idle. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type {
  Answer,
  BoardResult,
  BoardsHead,
  BoardsPart,
  Head,
  PairHead,
  PairPart,
  PairResult,
  Part,
  Request,
} from './messages.js';

const IDLE_MS = 60_000;

/** The compiled entry, also when this file runs from src under a test runner. */
function threadEntry(): string {
  const here = import.meta.url;
  return fileURLToPath(new URL(here.endsWith('.ts') ? '../../dist/statistics/thread.js' : './thread.js', here));
}

interface Waiting {
  resolve(result: never): void;
  reject(error: Error): void;
}

class Thread {
  private worker: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  async run(head: Head, parts: AsyncIterable<Part> | Iterable<Part>): Promise<never> {
    const worker = this.start();
    const id = ++this.last;
    const result = new Promise<never>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    // A thread that ends while parts are still sent rejects before anybody listens.
    result.catch(() => undefined);
    const post = (message: Request): void => worker.postMessage(message);
    try {
      post({ id, head });
      for await (const part of parts) post({ id, part });
      post({ id, end: true });
    } catch (error) {
      this.settle(id);
      post({ id, dropped: true });
      throw error;
    }
    return result;
  }

  private start(): Worker {
    clearTimeout(this.idle);
    if (this.worker) return this.worker;
    const worker = new Worker(threadEntry(), { execArgv: [] });
    worker.unref();
    worker.on('message', (answer: Answer) => {
      const waiting = this.settle(answer.id);
      if ('error' in answer) waiting?.reject(new Error(`statistics: ${answer.error}`));
      else waiting?.resolve(answer.result as never);
    });
    worker.on('error', (error) => this.ended(worker, error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => this.ended(worker, new Error('statistics: the thread ended')));
    return (this.worker = worker);
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (this.waiting.size === 0) {
      clearTimeout(this.idle);
      this.idle = setTimeout(() => this.rest(), IDLE_MS);
      this.idle.unref();
    }
    return waiting;
  }

  private rest(): void {
    const { worker } = this;
    this.worker = undefined;
    void worker?.terminate();
  }

  private ended(worker: Worker, error: Error): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    clearTimeout(this.idle);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

const thread = new Thread();

/** One result a board, in order. Parts are sent as they come. Rejects where the thread fails. */
export function computeBoards(head: BoardsHead, parts: AsyncIterable<BoardsPart>): Promise<readonly BoardResult[]> {
  return thread.run(head, parts);
}

/** Rejects where the thread fails. */
export function computePair(head: PairHead, parts: AsyncIterable<PairPart>): Promise<PairResult> {
  return thread.run(head, parts);
}
