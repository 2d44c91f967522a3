/** A linear scale over a column of intervals, a little wider than the data. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  at(value: number): number;
}

/** Maps [low, high] of the given values to [0, width]; a single value sits in the middle. */
export function columnScale(values: readonly number[], width: number): Scale {
  const finite = values.filter((value) => Number.isFinite(value));
  const min = finite.length ? Math.min(...finite) : 0;
  const max = finite.length ? Math.max(...finite) : 1;
  const margin = max > min ? (max - min) * 0.04 : Math.max(Math.abs(min), 1) * 0.05;
  const low = min - margin;
  const high = max + margin;
  return { low, high, at: (value) => ((value - low) / (high - low)) * width };
}

/** About `count` round numbers inside [low, high]. */
export function ticks(low: number, high: number, count = 4): number[] {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw) ?? raw;
  const found: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-9; tick += step) found.push(Number(tick.toPrecision(12)));
  return found;
}
