/** RFC 8785 canonical JSON and SHA-256, by which every record is named. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

function check(value: unknown, path: string): void {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${path}: ${value} has no canonical form`);
    if (Object.is(value, -0)) throw new TypeError(`${path}: -0 has no canonical form`);
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      throw new TypeError(`${path}: ${value} is beyond 2^53`);
  } else if (Array.isArray(value)) value.forEach((v, i) => check(v, `${path}[${i}]`));
  else if (value && typeof value === 'object') for (const [k, v] of Object.entries(value)) check(v, `${path}.${k}`);
  else if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol')
    throw new TypeError(`${path}: a ${typeof value} has no canonical form`);
}

/** Canonical JSON text; throws TypeError on NaN, infinities, −0 and integers beyond 2⁵³. */
export function canonicalJson(value: unknown): string {
  check(value, '$');
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('$: undefined has no canonical form');
  return text;
}

/** Lower-case hex SHA-256 of bytes or of UTF-8 text. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

export function hashJson(value: unknown): string {
  return sha256(canonicalJson(value));
}
