/** Entry of the thread that computes statistics of boards and pairs, so that no request waits for another's. */
import { parentPort } from 'node:worker_threads';
import { boardResults } from './boards.js';
import type { Answer, BoardsPart, Head, PairPart, Part, Request } from './messages.js';
import { pairResult } from './pair.js';

const open = new Map<number, { readonly head: Head; readonly parts: Part[] }>();

function answer(id: number): Answer {
  const { head, parts } = open.get(id)!;
  open.delete(id);
  try {
    const result =
      head.kind === 'boards' ? boardResults(head, parts as BoardsPart[]) : pairResult(head, parts as PairPart[]);
    return { id, result };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.on('message', (message: Request) => {
  if ('head' in message) open.set(message.id, { head: message.head, parts: [] });
  else if ('part' in message) open.get(message.id)?.parts.push(message.part);
  else if ('dropped' in message) open.delete(message.id);
  else parentPort?.postMessage(answer(message.id));
});
