/** A linear scale over a column of intervals, a little wider than the data. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  at(value: number): number;
}

/** Maps [low, high] of the given values to [0, width]; a single value sits in the middle. */
export function columnScale(values: readonly number[], width = 100): Scale {
  const finite = values.filter((value) => Number.isFinite(value));
  const min = finite.length ? Math.min(...finite) : 0;
  const max = finite.length ? Math.max(...finite) : 1;
  const margin = max > min ? (max - min) * 0.04 : Math.max(Math.abs(min), 1) * 0.05;
  const low = min - margin;
  const high = max + margin;
  return { low, high, at: (value) => ((value - low) / (high - low)) * width };
}

/** The scale of `values`, widened to hold `landmark` unless that would shrink the values to less than a quarter of it. */
export function scaleNear(values: readonly number[], landmark: number | undefined): Scale {
  const own = columnScale(values);
  if (landmark === undefined || !Number.isFinite(landmark)) return own;
  const wide = columnScale([...values, landmark]);
  return values.length === 0 || wide.high - wide.low <= 4 * (own.high - own.low) ? wide : own;
}

/**
 * The values of the rows that can be read beside each other: a row at the far end is left out while the others then need
 * less than a quarter of the scale, up to a quarter of the rows. What is left out stands beyond an end.
 */
export function nearRows(rows: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const span = (some: readonly (readonly number[])[]) => Math.max(...some.flat()) - Math.min(...some.flat());
  const middle = (row: readonly number[]) => (Math.min(...row) + Math.max(...row)) / 2;
  let kept = rows.filter((row) => row.length > 0).toSorted((a, b) => middle(a) - middle(b));
  for (let spare = Math.floor(kept.length / 4); spare > 0; spare--) {
    const [inner] = [kept.slice(1), kept.slice(0, -1)].toSorted((a, b) => span(a) - span(b));
    if (!inner || inner.length < 2 || span(inner) === 0 || span(inner) * 4 > span(kept)) break;
    kept = inner;
  }
  return kept;
}

/** Where a value stands on a scale: inside it, or beyond one of its ends. */
export function sideOf(scale: Scale, value: number): 'inside' | 'left' | 'right' {
  return value < scale.low ? 'left' : value > scale.high ? 'right' : 'inside';
}

/** About `count` round numbers inside [low, high]. */
export function ticks(low: number, high: number, count = 4): number[] {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw) ?? raw;
  const found: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-9; tick += step)
    found.push(Number(tick.toPrecision(12)));
  return found;
}

/** Round powers of ten and their 2- and 5-fold inside [low, high], for a logarithmic axis; both ends above 0. */
export function logTicks(low: number, high: number): number[] {
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    for (const factor of [1, 2, 5]) {
      const tick = Number((factor * 10 ** power).toPrecision(12));
      if (tick >= low && tick <= high) found.push(tick);
    }
  return found;
}
