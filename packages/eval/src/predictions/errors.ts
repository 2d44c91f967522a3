/** What a malformed file gets: a typed error that names file, place, what was found and what is allowed. */
import { EvalError } from '../core/errors.js';

export interface Place {
  /** Line from 1. */
  readonly line?: number;
  /** Column name or number from 1. */
  readonly column?: string | number;
  /** Offset from 0. */
  readonly byte?: number;
}

/** FILE_MALFORMED, e.g. `runs/a.csv, line 7, column score: found "abc", expected a finite number`. */
export function malformed(file: string, place: Place, found: string, allowed: string, cause?: unknown): EvalError {
  const where = [
    file,
    ...(place.line === undefined ? [] : [`line ${place.line}`]),
    ...(place.column === undefined ? [] : [`column ${place.column}`]),
    ...(place.byte === undefined ? [] : [`byte ${place.byte}`]),
  ].join(', ');
  const shown = found.length > 120 ? `${found.slice(0, 117)}…` : found;
  return new EvalError(
    'FILE_MALFORMED',
    `${where}: found ${shown}, expected ${allowed}`,
    { field: where, value: shown, allowed },
    cause === undefined ? undefined : { cause },
  );
}

/** FILE_TOO_LARGE, naming what was counted. */
export function tooLarge(file: string, found: string, allowed: string): EvalError {
  return new EvalError('FILE_TOO_LARGE', `${file}: found ${found}, expected ${allowed}`, {
    field: file,
    value: found,
    allowed,
  });
}
