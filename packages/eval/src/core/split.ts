/** Splits in one line of text: `rows train 0-15999 val 14000-15999 test 16000-19999`, or the same over classes. */
import { EvalError } from './errors.js';
import { hashJson } from './hash.js';
import type { LoadedDataset } from './types.js';

export interface SplitIndices {
  /** The final training set; contains `val`. */
  readonly train: Int32Array;
  readonly val: Int32Array;
  readonly test: Int32Array;
}

const FORM = /^(rows|classes) train (\d+)-(\d+) val (\d+)-(\d+) test (\d+)-(\d+)$/;

/** Item positions of each part in ascending order; ranges include both ends. Throws FILE_MALFORMED on another form. */
export function splitIndices(rule: string, data: Pick<LoadedDataset, 'n' | 'labels'>): SplitIndices {
  const match = FORM.exec(rule);
  if (!match)
    throw new EvalError('FILE_MALFORMED', `split: "${rule}" is not a split rule`, {
      field: 'split.rule',
      value: rule,
      allowed: 'rows|classes train A-B val A-B test A-B',
    });
  const within = (from: number): Int32Array => {
    const [low, high] = [Number(match[from]), Number(match[from + 1])];
    const found: number[] = [];
    for (let i = 0; i < data.n; i++) {
      const value = match[1] === 'rows' ? i : data.labels[i]!;
      if (value >= low && value <= high) found.push(i);
    }
    return Int32Array.from(found);
  };
  return { train: within(2), val: within(4), test: within(6) };
}

/** What the protocol's `split.sha256` fixes: the three index lists. */
export function splitHash(split: SplitIndices): string {
  return hashJson({ train: [...split.train], val: [...split.val], test: [...split.test] });
}
