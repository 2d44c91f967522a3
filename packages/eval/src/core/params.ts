/** Completing and checking a method's parameters. */
import { LossError, type MethodDefinition, parseParams } from '@touchstone/losses/meta';
import { EvalError } from './errors.js';
import type { JsonValue } from './types.js';

type Params = Readonly<Record<string, JsonValue>>;

/**
 * All parameters of a method, defaults filled in, in the order of its schema. Throws UNKNOWN_PARAM, PARAM_TYPE or
 * PARAM_RANGE with the field `<prefix>.<name>`; NaN and infinities are PARAM_TYPE.
 */
export function completeParams(method: MethodDefinition, given: Params = {}, prefix = 'params'): Params {
  try {
    return normalise(parseParams(method, given));
  } catch (error) {
    if (!(error instanceof LossError)) throw error;
    const { field: name, value, allowed } = error.details;
    const field = name === undefined || name === 'params' ? prefix : `${prefix}.${name}`;
    const code =
      error.code === 'UNKNOWN_PARAM' || error.code === 'PARAM_TYPE'
        ? error.code
        : typeof value === 'number' && !Number.isFinite(value)
          ? 'PARAM_TYPE'
          : 'PARAM_RANGE';
    throw new EvalError(code, `${field}: ${error.message}`, { field, value, allowed }, { cause: error });
  }
}

/** −0 has no canonical form; it means 0 in every schema. */
function normalise(params: Params): Params {
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, value === 0 ? 0 : value]));
}
