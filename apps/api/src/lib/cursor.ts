/** Keyset cursors: the sort key of the row they stand on, bound to the sort and filter that made them. */
import { createHash } from 'node:crypto';
import { ApiError } from './errors.js';

export type KeyPart = string | number | null;

/** Names a list with its sort and filter; a cursor of one scope is refused in another. */
export function scopeOf(list: string, filter: unknown): string {
  return createHash('sha256')
    .update(`${list}\n${JSON.stringify(filter)}`)
    .digest('base64url')
    .slice(0, 12);
}

export function encodeCursor(scope: string, key: readonly KeyPart[]): string {
  return Buffer.from(JSON.stringify([scope, ...key])).toString('base64url');
}

/** The sort key of a cursor, of exactly `width` parts. Throws BAD_CURSOR for garbage and for cursors of another list. */
export function decodeCursor(scope: string, cursor: string, width: number): KeyPart[] {
  const refuse = (why: string) =>
    new ApiError('BAD_CURSOR', `after: ${why}`, {
      field: 'after',
      value: cursor,
      allowed: 'a cursor of the same list with the same sort and filter',
    });
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw refuse('not a cursor of this server');
  }
  if (!Array.isArray(parts) || typeof parts[0] !== 'string') throw refuse('not a cursor of this server');
  const [made, ...key] = parts as [string, ...unknown[]];
  if (made !== scope) throw refuse('the cursor belongs to another list, sort or filter');
  const wellFormed = key.every((p) => p === null || typeof p === 'string' || typeof p === 'number');
  if (key.length !== width || !wellFormed) throw refuse('not a cursor of this server');
  return key as KeyPart[];
}

/** Page size: `fallback` where not given; BAD_INPUT outside 1 … 100. */
export function pageSize(first: number | null | undefined, fallback: number): number {
  const size = first ?? fallback;
  if (size < 1 || size > 100)
    throw new ApiError('BAD_INPUT', `first must be 1 to 100, not ${size}`, {
      field: 'first',
      value: size,
      allowed: '1 to 100',
    });
  return size;
}
