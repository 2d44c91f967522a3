import { expect, it } from 'vitest';
import { byField } from './fields';

const metric = (title: string, field: string | null) => ({
  id: title,
  key: title,
  title,
  field,
  summary: null,
  patterns: [],
  outputs: [],
  benchmarks: [],
});

it('groups by field, in the order of names, those without a field last', () => {
  const groups = byField([
    metric('x', null),
    metric('b', 'text retrieval'),
    metric('a', 'text retrieval'),
    metric('c', 'calibration'),
  ]);
  expect(groups.map(({ field, anchor, metrics }) => [field, anchor, metrics.map(({ title }) => title)])).toEqual([
    ['calibration', 'calibration', ['c']],
    ['text retrieval', 'text-retrieval', ['a', 'b']],
    ['other', 'other', ['x']],
  ]);
});
