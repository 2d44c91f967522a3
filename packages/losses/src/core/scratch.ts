/** Freeing intermediate results early, where nothing is recorded. */
import type { Ops, Tensor } from './ops.js';

/**
 * Runs `body` and then frees the tensors that it marked. For the inside of a custom gradient: its intermediate results
 * would otherwise live until the training step ends. A marked tensor must not be part of the result.
 */
export function withScratch<T>(ops: Ops, body: (mark: (x: Tensor) => Tensor) => T): T {
  const marked: Tensor[] = [];
  const result = body((x) => (marked.push(x), x));
  for (const each of marked) ops.release(each);
  return result;
}
