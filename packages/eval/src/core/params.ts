/** Completing and checking a method's parameters. */
import type { MethodDefinition } from '@touchstone/losses/meta';
import type { z } from 'zod';
import type { EvalErrorCode } from './errors.js';
import { EvalError } from './errors.js';
import type { JsonValue } from './types.js';

type Params = Readonly<Record<string, JsonValue>>;

const described = new WeakMap<MethodDefinition, string>();

function names(method: MethodDefinition): string {
  let text = described.get(method);
  if (text === undefined) described.set(method, (text = Object.keys(method.params.shape).join(', ') || 'none'));
  return text;
}

function codeOf(issue: z.core.$ZodIssue): EvalErrorCode {
  if (issue.code === 'unrecognized_keys') return 'UNKNOWN_PARAM';
  if (issue.code === 'invalid_type') return 'PARAM_TYPE';
  return 'PARAM_RANGE';
}

function valueAt(params: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], params);
}

/**
 * All parameters of a method, defaults filled in, in the order of its schema. Throws UNKNOWN_PARAM, PARAM_TYPE or
 * PARAM_RANGE with the field `<prefix>.<name>`; NaN and infinities are PARAM_TYPE.
 */
export function completeParams(method: MethodDefinition, given: Params = {}, prefix = 'params'): Params {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new EvalError('PARAM_TYPE', `${prefix}: expected an object of parameters`, {
      field: prefix,
      value: given,
      allowed: `an object with ${names(method)}`,
    });
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(method.params.shape, name));
  if (unknown !== undefined)
    throw new EvalError('UNKNOWN_PARAM', `${prefix}.${unknown}: ${method.key} has no such parameter`, {
      field: `${prefix}.${unknown}`,
      value: given[unknown],
      allowed: names(method),
    });
  const parsed = method.params.safeParse(given);
  if (parsed.success) return normalise(parsed.data as Params);
  const issue = parsed.error.issues[0]!;
  const field = [prefix, ...issue.path.map(String)].join('.');
  const value = valueAt(given, issue.path);
  throw new EvalError(codeOf(issue), `${field}: ${issue.message} (received ${String(value)})`, {
    field,
    value,
    allowed: issue.message,
  });
}

/** −0 has no canonical form; it means 0 in every schema. */
function normalise(params: Params): Params {
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, value === 0 ? 0 : value]));
}
