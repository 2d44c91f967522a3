/**
 * How long a request's body may take to arrive. Node's own limit is one for all requests, so it is off: uploads are bounded by their
 * pace, everything else by a deadline. Headers keep Node's limit.
 */
import type { RequestHandler } from 'express';

/** Node's own, which uploads cannot live with. */
export const BODY_DEADLINE_MS = 300_000;

/** Ends a connection whose body is not there in time, with 408 where nothing was answered yet. */
export function bodyDeadline(ms: number): RequestHandler {
  return (request, response, next) => {
    const timer = setTimeout(() => {
      if (request.complete) return;
      if (!response.headersSent) request.socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
      request.socket.destroySoon();
    }, ms).unref();
    response.once('close', () => clearTimeout(timer));
    next();
  };
}

export interface Pace {
  /** Longest silence. */
  readonly idleMs: number;
  /** Slowest rate on average, once `graceMs` have been waited. */
  readonly bytesPerSecond: number;
  readonly graceMs: number;
}

/** The largest upload arrives within a day at this rate. */
export const UPLOAD_PACE: Pace = { idleMs: 60_000, bytesPerSecond: 32 * 1024, graceMs: 60_000 };

/**
 * The chunks of a stream while they keep the pace; throws where they do not. Only the time spent waiting for the sender counts, so that
 * a slow disk is not his fault. The stream is left open: whoever reads it may still want to answer.
 */
export async function* paced(source: AsyncIterable<Uint8Array>, pace: Pace): AsyncIterable<Uint8Array> {
  const { idleMs, bytesPerSecond, graceMs } = pace;
  const chunks = source[Symbol.asyncIterator]();
  let waited = 0;
  let bytes = 0;
  for (;;) {
    const due = Math.min(idleMs, graceMs + (bytes / bytesPerSecond) * 1000 - waited);
    const began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`less than ${bytesPerSecond} bytes a second came`)), Math.max(0, due));
    });
    const next = chunks.next();
    // Settles unheard when the pace was lost.
    next.catch(() => undefined);
    const chunk = await Promise.race([next, late]).finally(() => clearTimeout(timer));
    waited += performance.now() - began;
    if (chunk.done) return;
    bytes += chunk.value.byteLength;
    yield chunk.value;
  }
}
