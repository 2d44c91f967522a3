/** Methods as the engine sees them: the catalogue of `@touchstone/losses`, and what a process adds to it for itself. */
import type { MethodDefinition } from '@touchstone/losses/meta';
import { listMethods as catalogue } from '@touchstone/losses/meta';
import { EvalError } from './errors.js';

const provided = new Map<string, MethodDefinition>();

/**
 * Adds a method to this process only, before any lookup of it. A process that does so has other registry hashes
 * than the catalogue's, so no worker made this way is given runs. Used by preloaded modules (`node --import`).
 */
export function provideMethod(definition: MethodDefinition): void {
  provided.set(definition.key, definition);
}

export function allMethods(): readonly MethodDefinition[] {
  return [...catalogue(), ...provided.values()];
}

/** Throws UNKNOWN_METHOD naming the known keys. */
export function methodOf(key: string, field = 'method'): MethodDefinition {
  const found = allMethods().find((method) => method.key === key);
  if (found) return found;
  const known = allMethods()
    .map((method) => method.key)
    .join(', ');
  throw new EvalError('UNKNOWN_METHOD', `${field}: no method "${key}"; known are ${known}`, {
    field,
    value: key,
    allowed: known,
  });
}
