/** Checks of what a caller hands in: shapes, label ranges and parameter intervals, as typed errors. */
import { LossError } from './errors.js';
import type { Indices, Tensor } from './ops.js';
import type { Batch } from './slots.js';

/** Rows and columns of a matrix; throws SHAPE_MISMATCH for another rank or, where given, another size. */
export function matrixShape(field: string, x: Tensor, rows?: number, columns?: number): [number, number] {
  const [n, m] = x.shape;
  const fits = x.shape.length === 2 && (rows === undefined || n === rows) && (columns === undefined || m === columns);
  if (!fits) {
    const allowed = `[${rows ?? 'rows'}, ${columns ?? 'columns'}]`;
    throw new LossError('SHAPE_MISMATCH', `${field} must have shape ${allowed}, received [${x.shape.join(', ')}]`, {
      field,
      value: x.shape,
      allowed,
    });
  }
  return [n ?? 0, m ?? 0];
}

/** Entries of a vector; throws SHAPE_MISMATCH for another rank or, where given, another length. */
export function vectorLength(field: string, x: Tensor, length?: number): number {
  const [n = 0] = x.shape;
  if (x.shape.length === 1 && (length === undefined || n === length)) return n;
  const allowed = `[${length ?? 'entries'}]`;
  throw new LossError('SHAPE_MISMATCH', `${field} must have shape ${allowed}, received [${x.shape.join(', ')}]`, {
    field,
    value: x.shape,
    allowed,
  });
}

/** One whole class number a row, in [0, classes) where `classes` is given; else DOMAIN or SHAPE_MISMATCH. */
export function checkLabels(field: string, labels: Indices, rows: number, classes = Infinity): void {
  if (labels.length !== rows)
    throw new LossError('SHAPE_MISMATCH', `${field} must have ${rows} entries, received ${labels.length}`, {
      field,
      value: labels.length,
      allowed: String(rows),
    });
  for (const label of labels)
    if (!Number.isInteger(label) || label < 0 || label >= classes)
      throw new LossError('DOMAIN', `${field} must be whole numbers in [0, ${classes}), received ${label}`, {
        field,
        value: label,
        allowed: `[0, ${classes})`,
      });
}

export interface Interval {
  readonly above?: number;
  readonly from?: number;
  readonly to?: number;
  readonly whole?: boolean;
  readonly fallback?: number;
}

/** A finite number parameter of a named function, restricted to an interval; else PARAM_RANGE. */
export function numberParam(params: Readonly<Record<string, unknown>>, field: string, within: Interval = {}): number {
  const value = params[field] ?? within.fallback;
  const { above = -Infinity, from = -Infinity, to = Infinity } = within;
  const fits = within.whole ? Number.isInteger(value) : Number.isFinite(value);
  if (typeof value === 'number' && fits && value > above && value >= from && value <= to) return value;
  const low = within.above === undefined ? `[${from}` : `(${above}`;
  const allowed = `a ${within.whole ? 'whole ' : ''}number in ${low}, ${to}]`;
  throw new LossError('PARAM_RANGE', `${field} must be ${allowed}, received ${String(value)}`, {
    field,
    value,
    allowed,
  });
}

/** The named option, the first one by default; PARAM_RANGE for another. */
export function choiceParam<T extends string>(
  params: Readonly<Record<string, unknown>>,
  field: string,
  options: readonly [T, ...T[]],
): T {
  const value = params[field] ?? options[0];
  const found = options.find((option) => option === value);
  if (found !== undefined) return found;
  const allowed = options.join(', ');
  throw new LossError('PARAM_RANGE', `${field} must be one of ${allowed}, received ${String(value)}`, {
    field,
    value,
    allowed,
  });
}

/** True or false, false by default; PARAM_TYPE for anything else. */
export function flagParam(params: Readonly<Record<string, unknown>>, field: string): boolean {
  const value = params[field] ?? false;
  if (typeof value === 'boolean') return value;
  const allowed = 'true or false';
  throw new LossError('PARAM_TYPE', `${field} must be ${allowed}, received ${String(value)}`, {
    field,
    value,
    allowed,
  });
}

/** The labels of a batch; UNSUPPORTED where the task has none. */
export function batchLabels(batch: Batch, method: string): Int32Array {
  if (batch.labels) return batch.labels;
  throw new LossError('UNSUPPORTED', `${method} needs labels, and this batch has none`, {
    field: 'labels',
    value: undefined,
    allowed: 'one class number an example',
  });
}

/** The first `count` augmented views of a batch; UNSUPPORTED where the task makes fewer. */
export function batchViews(batch: Batch, method: string, count: number): readonly Tensor[] {
  if (batch.views.length >= count) return batch.views.slice(0, count);
  throw new LossError('UNSUPPORTED', `${method} needs ${count} views, and this batch has ${batch.views.length}`, {
    field: 'views',
    value: batch.views.length,
    allowed: `${count} augmented views of each example`,
  });
}
