/** Relay's global ids: base64url(`Type:key`), where key is a row's UUID or, for catalogue objects, their own key. */
import { ApiError } from './errors.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Types named by a key of the catalogue rather than by a row. */
const KEYED = new Set(['Paper', 'Method', 'Dataset', 'Metric']);
const ROWED = new Set(['Benchmark', 'Entry', 'Run', 'Submission', 'Event', 'Worker', 'Viewer', 'ApiToken', 'Upload']);

export interface GlobalId {
  readonly type: string;
  readonly key: string;
}

export function encodeId(type: string, key: string): string {
  return Buffer.from(`${type}:${key}`, 'utf8').toString('base64url');
}

/** Throws BAD_ID when the text is no id of ours; existence is not checked. */
export function decodeId(id: string, field = 'id'): GlobalId {
  const text =
    id.length <= 200 && /^[A-Za-z0-9_-]+={0,2}$/.test(id) ? Buffer.from(id, 'base64url').toString('utf8') : '';
  const colon = text.indexOf(':');
  const [type, key] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)];
  const valid = KEYED.has(type) ? /^[a-z0-9][a-z0-9._-]*$/i.test(key) : ROWED.has(type) && UUID.test(key);
  if (!valid)
    throw new ApiError('BAD_ID', `${field} is not an id of this server`, {
      field,
      value: id,
      allowed: 'an id that a query returned',
    });
  return { type, key };
}

/** The row's UUID of an id that must name the given type. */
export function idOf(type: string, id: string, field = 'id'): string {
  const decoded = decodeId(id, field);
  if (decoded.type !== type)
    throw new ApiError('BAD_ID', `${field} names a ${decoded.type}, not a ${type}`, {
      field,
      value: id,
      allowed: `an id of a ${type}`,
    });
  return decoded.key;
}
