/** Event streams for subscriptions. */

/** `first`, then whatever the stream gives. Ending the result ends the stream at once, even while it waits. */
export function startingWith<T>(first: T, stream: AsyncIterable<T>): AsyncIterableIterator<T> {
  const inner = stream[Symbol.asyncIterator]();
  let begun = false;
  return {
    next() {
      if (begun) return inner.next();
      begun = true;
      return Promise.resolve({ value: first, done: false });
    },
    async return() {
      await inner.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
