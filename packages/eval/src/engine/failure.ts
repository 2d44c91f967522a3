/** From whatever was thrown to the closed list of reasons. */
import { sep } from 'node:path';
import { EvalError } from '../core/errors.js';
import type { RunReason } from '../core/types.js';
import { dataDirectories } from '../data-store.js';

/** A loss, gradient or score that is not a finite number, and the step at which it appeared. */
export class NonFinite extends EvalError {
  constructor(
    what: string,
    readonly step: number,
  ) {
    super('NON_FINITE', `${what} is not finite at step ${step}`, { field: what, allowed: 'finite numbers' });
  }
}

/** An error thrown by a method's own code; `cause` is what it threw. */
export class MethodFailure extends Error {
  override readonly name = 'MethodFailure';
  constructor(method: string, cause: unknown) {
    super(`${method}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** A file that was sent cannot be scored; the message names file and place. */
export class BadFile extends Error {
  override readonly name = 'BadFile';
}

export class Cancelled extends EvalError {
  constructor() {
    super('CANCELLED', 'the run was cancelled');
  }
}

const MEMORY =
  /out of memory|allocation failed|invalid typed array length|memory access out of bounds|cannot enlarge memory/i;

function ownReason(error: unknown): RunReason {
  // A device that failed under a method is not the method's error.
  if (error instanceof MethodFailure)
    return (error.cause as { code?: unknown } | null)?.code === 'DEVICE_FAILED' ? 'INTERNAL' : 'METHOD_ERROR';
  if (error instanceof BadFile) return 'BAD_FILE';
  if (!(error instanceof EvalError)) {
    const code = (error as { code?: unknown } | null)?.code;
    return code === 'NO_BACKEND' ? 'BACKEND_MISSING' : 'INTERNAL';
  }
  switch (error.code) {
    case 'NON_FINITE':
      return 'NON_FINITE';
    case 'DATASET_MISSING':
    case 'UNKNOWN_DATASET':
      return 'DATASET_MISSING';
    case 'DATASET_CORRUPT':
    case 'FILE_MALFORMED':
    case 'FILE_TOO_LARGE':
      return 'DATASET_CORRUPT';
    case 'BACKEND_MISSING':
      return 'BACKEND_MISSING';
    case 'HASH_MISMATCH':
    case 'UNKNOWN_BENCHMARK':
    case 'UNKNOWN_METHOD':
    case 'UNKNOWN_METRIC':
      return 'REGISTRY_MISMATCH';
    case 'CANCELLED':
      return 'CANCELLED_BY_USER';
    default:
      return 'INTERNAL';
  }
}

/** Whether a message names a file below the folders in which this machine keeps its data. */
export const namesDataFile = (message: string): boolean =>
  dataDirectories().some((directory) => message.includes(directory + sep));

/** Where a machine keeps its data says nothing to whoever sent the run. */
function withoutDataFolders(message: string): string {
  const brief = message.replace(/ \(searched [^]*?\)(?=[;.])/, '');
  return dataDirectories().reduce((text, directory) => text.replaceAll(directory + sep, ''), brief);
}

/** The reason, a message for people that names no folder of this machine's data and, for NON_FINITE, the step. */
export function failureOf(error: unknown): { reason: RunReason; message: string; step?: number } {
  const message = withoutDataFolders(error instanceof Error ? error.message : String(error));
  if (error instanceof NonFinite) return { reason: 'NON_FINITE', message, step: error.step };
  const cause = error instanceof MethodFailure ? error.cause : error;
  const memory = cause instanceof RangeError || cause instanceof Error ? MEMORY.test(cause.message) : false;
  return { reason: memory ? 'OUT_OF_MEMORY' : ownReason(error), message };
}
