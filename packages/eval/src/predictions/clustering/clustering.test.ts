import { philox } from '@touchstone/losses/meta';
import { describe, expect, it } from 'vitest';
import { unitRows } from '../embeddings/engine.js';
import { assignmentAsSciPy } from './assignment-as-scipy.js';
import { bestAssignment } from './assignment.js';
import type { Contingency } from './contingency.js';
import {
  adjustedMutualInformation,
  adjustedRandIndex,
  contingency,
  expectedMutualInformation,
  mutualInformation,
  normalisedMutualInformation,
} from './contingency.js';
import { kMeans } from './k-means.js';
import { matchedItems } from './matching.js';

const none = (): void => undefined;

const measures = (table: Contingency): number[] => [
  mutualInformation(table),
  normalisedMutualInformation(table, 'arithmetic'),
  normalisedMutualInformation(table, 'geometric'),
  adjustedMutualInformation(table),
  adjustedMutualInformation(table, 'geometric'),
  adjustedRandIndex(table),
];

/** Greatest total by trying every assignment. */
function exhaustive(values: Float64Array, rows: number, columns: number): number {
  const visit = (row: number, used: number, skips: number): number => {
    if (row === rows) return 0;
    let best = skips > 0 ? visit(row + 1, used, skips - 1) : -Infinity;
    for (let j = 0; j < columns; j++)
      if (!(used & (1 << j)))
        best = Math.max(best, values[row * columns + j]! + visit(row + 1, used | (1 << j), skips));
    return best;
  };
  return visit(0, 0, Math.max(0, rows - columns));
}

const total = (values: Float64Array, columns: number, assigned: Int32Array): number =>
  assigned.reduce((sum, j, i) => (j < 0 ? sum : sum + values[i * columns + j]!), 0);

describe('bestAssignment', () => {
  it.each([
    [5, 5, 4],
    [4, 6, 3],
    [6, 4, 3],
    [1, 5, 9],
    [5, 1, 9],
    [6, 6, 1],
    [6, 6, 1000],
  ])('finds the best of all assignments of %i × %i (values below %i, so with ties)', (rows, columns, bound) => {
    const rng = philox(1, `assignment ${rows} ${columns} ${bound}`);
    for (let time = 0; time < 40; time++) {
      const values = Float64Array.from({ length: rows * columns }, () => rng.integer(bound) - bound / 2);
      const assigned = bestAssignment(values, rows, columns);
      const used = [...assigned].filter((j) => j >= 0);
      expect(new Set(used).size).toBe(Math.min(rows, columns));
      expect(used.length).toBe(Math.min(rows, columns));
      expect(total(values, columns, assigned)).toBe(exhaustive(values, rows, columns));
    }
  });

  it('reaches the bound of its duals on a larger table of counts', () => {
    // A permuted diagonal of 10 over noise of at most 4 has one best assignment.
    const n = 300;
    const rng = philox(1, 'permuted');
    const order = rng.permutation(n);
    const values = Float64Array.from({ length: n * n }, () => rng.integer(5));
    order.forEach((j, i) => {
      values[i * n + j] = 10;
    });
    expect([...bestAssignment(values, n, n)]).toEqual([...order]);
  });

  it('refuses what is not finite', () => {
    expect(() => bestAssignment(Float64Array.of(1, NaN, 2, 3), 2, 2)).toThrow('values[1] is NaN');
  });
});

// scikit-learn 1.2.1, Python 3.11.
const SKLEARN: readonly [string, readonly number[], readonly number[], readonly number[]][] = [
  [
    'six items',
    [0, 0, 1, 1, 2, 2],
    [0, 0, 0, 1, 1, 1],
    [
      0.4620981203732969, 0.5158037429793888, 0.5295405780575618, 0.2987924581708899, 0.310455503197702,
      0.24242424242424243,
    ],
  ],
  ['independent', [0, 1, 0, 1], [0, 0, 1, 1], [0.0, 0.0, 0.0, -0.49999999999999944, -0.49999999999999944, -0.5]],
  [
    'singletons against two',
    [0, 1, 2, 3, 4],
    [0, 0, 0, 1, 1],
    [0.6730116670092563, 0.5897275217561565, 0.6466572972441055, -1.1855958011102777e-15, -1.509508966960015e-15, 0.0],
  ],
  [
    'one differs',
    [0, 0, 0, 1, 1, 1, 2],
    [1, 1, 1, 0, 0, 0, 0],
    [
      0.6829081047004716, 0.8095401960023786, 0.8246351465447388, 0.7442868629838981, 0.7630396874209411,
      0.6956521739130435,
    ],
  ],
  [
    'random',
    [
      11, 7, 0, 2, 4, 10, 3, 2, 4, 0, 2, 2, 5, 0, 5, 2, 7, 8, 4, 8, 0, 6, 6, 5, 2, 3, 2, 8, 1, 8, 5, 2, 2, 3, 5, 4, 5,
      6, 5, 0, 11, 1, 8, 11, 3, 7, 6, 0, 8, 6, 1, 7, 3, 2, 4, 5, 5, 7, 2, 11, 5, 6, 9, 0, 3, 7, 10, 11, 5, 1, 4, 2, 2,
      7, 1, 2, 2, 3, 2, 6, 5, 6, 7, 1, 7, 9, 0, 9, 1, 5, 3, 4, 2, 4, 8, 2, 6, 10, 2, 5, 7, 4, 7, 4, 9, 0, 6, 8, 11, 3,
      4, 0, 2, 6, 9, 5, 2, 6, 1, 6,
    ],
    [
      6, 7, 0, 7, 4, 4, 5, 2, 8, 0, 2, 3, 5, 3, 1, 0, 0, 0, 1, 8, 1, 5, 6, 2, 2, 3, 2, 8, 1, 8, 7, 7, 1, 3, 5, 4, 5, 6,
      5, 0, 8, 5, 8, 2, 3, 7, 1, 0, 3, 6, 1, 7, 3, 2, 4, 8, 7, 7, 2, 0, 7, 6, 6, 0, 0, 4, 3, 3, 8, 1, 4, 2, 2, 7, 1, 2,
      1, 1, 2, 6, 5, 4, 1, 7, 7, 2, 0, 2, 1, 7, 4, 4, 2, 4, 8, 2, 6, 0, 2, 8, 7, 0, 7, 7, 4, 3, 8, 8, 6, 3, 1, 8, 2, 5,
      6, 2, 2, 6, 1, 6,
    ],
    [
      1.0504393044788467, 0.46152392901261213, 0.4620124720728205, 0.33682344026666045, 0.33726265830355295,
      0.28477745239129004,
    ],
  ],
];

describe('agreement of two labellings', () => {
  // mutual_info_score, normalized_mutual_info_score, adjusted_mutual_info_score, adjusted_rand_score.
  it.each(SKLEARN)('equals scikit-learn: %s', (_, clusters, classes, wanted) => {
    measures(contingency(clusters, classes)).forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 12));
  });

  it('is 1 for equal partitions under other names', () => {
    const [, ...rest] = measures(contingency([5, 5, 9, 9, 1], [0, 0, 1, 1, 2]));
    for (const value of rest) expect(value).toBeCloseTo(1, 12);
  });

  it('is 1 between two single groups and 0 where one labelling says nothing', () => {
    expect(measures(contingency([3, 3, 3], [1, 1, 1])).slice(1)).toEqual([1, 1, 1, 1, 1]);
    for (const value of measures(contingency([3, 3, 3], [1, 2, 2]))) expect(value).toBeCloseTo(0, 12);
    expect(measures(contingency([1, 2, 3], [7, 8, 9])).slice(1)).toEqual(
      [1, 1, 1, 1, 1].map((v) => expect.closeTo(v, 12)),
    );
  });

  it('has an expectation that is the mean over all permutations', () => {
    const [clusters, classes] = [
      [0, 0, 0, 1, 1],
      [0, 0, 1, 1, 2],
    ];
    const orders = (items: readonly number[]): number[][] =>
      items.length === 0 ? [[]] : items.flatMap((x, i) => orders(items.toSpliced(i, 1)).map((rest) => [x, ...rest]));
    const all = orders(classes).map((order) => mutualInformation(contingency(clusters, order)));
    const mean = all.reduce((a, b) => a + b, 0) / all.length;
    expect(expectedMutualInformation(contingency(clusters, classes))).toBeCloseTo(mean, 12);
  });

  it('refuses nothing at all and unequal lengths', () => {
    expect(() => contingency([], [])).toThrow('found 0 clusters and 0 classes');
    expect(() => contingency([1], [1, 2])).toThrow('found 1 clusters and 2 classes');
  });
});

describe('matchedItems', () => {
  it('matches one to one, not each cluster with its largest class', () => {
    // Clusters a and b are both mostly class 0; only one of them can have it.
    const clusters = [0, 0, 0, 0, 1, 1, 1, 1, 2];
    const classes = [0, 0, 0, 1, 0, 0, 1, 1, 2];
    expect([...matchedItems(contingency(clusters, classes), clusters, classes)]).toEqual([1, 1, 1, 0, 0, 0, 1, 1, 1]);
  });
  it('leaves clusters over where there are more of them than classes', () => {
    const [clusters, classes] = [
      [0, 0, 1, 2],
      [5, 5, 5, 5],
    ];
    expect([...matchedItems(contingency(clusters, classes), clusters, classes)]).toEqual([1, 1, 0, 0]);
  });
});

describe('kMeans', () => {
  const clouds = (n: number, width: number, k: number) => {
    const rng = philox(2, `clouds ${n} ${width} ${k}`);
    const centres = Float32Array.from({ length: k * width }, () => rng.normal());
    const data = Float32Array.from(
      { length: n * width },
      (_, at) => centres[(Math.floor(at / width) % k) * width + (at % width)]! + 0.4 * rng.normal(),
    );
    return unitRows({ n, width, data });
  };

  it('finds clouds that lie apart, the same on any number of threads', async () => {
    const rows = clouds(600, 8, 3);
    const [one, three] = [await kMeans(rows, 3, none, 1), await kMeans(rows, 3, none, 3)];
    expect(three).toEqual(one);
    const classes = Int32Array.from({ length: 600 }, (_, i) => i % 3);
    expect(normalisedMutualInformation(contingency(one, classes), 'arithmetic')).toBeGreaterThan(0.95);
  });

  it('ends where each row is with the nearest mean', async () => {
    const [n, width, k] = [400, 5, 12];
    const { raw, scales } = clouds(n, width, k);
    const found = await kMeans({ n, width, raw, scales }, k, none, 2);
    const unit = (i: number, d: number): number => raw[i * width + d]! * scales[i]!;
    const means = Array.from({ length: k }, (_, c) => {
      const members = [...found.keys()].filter((i) => found[i] === c);
      expect(members.length).toBeGreaterThan(0);
      return Array.from({ length: width }, (__, d) => members.reduce((sum, i) => sum + unit(i, d), 0) / members.length);
    });
    const squared = (i: number, c: number): number =>
      means[c]!.reduce((sum, value, d) => sum + (unit(i, d) - value) ** 2, 0);
    for (let i = 0; i < n; i++)
      for (let c = 0; c < k; c++) expect(squared(i, found[i]!)).toBeLessThanOrEqual(squared(i, c) + 1e-6);
  });

  it('gives every cluster a row where rows coincide', async () => {
    const rows = unitRows({ n: 6, width: 2, data: [1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1] });
    expect(new Set(await kMeans(rows, 4, none, 1)).size).toBe(4);
  });
});

describe('of several best assignments that of SciPy 1.10.1', () =>
  it.each([
    { n: 4, values: [2, 1, 2, 2, 1, 2, 2, 0, 0, 0, 0, 2, 2, 0, 1, 2], expected: [2, 1, 3, 0] },
    {
      n: 5,
      values: [0, 2, 0, 1, 2, 0, 1, 0, 2, 0, 2, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 2, 1],
      expected: [1, 3, 0, 2, 4],
    },
    {
      n: 6,
      values: [
        0, 2, 0, 2, 1, 0, 0, 1, 0, 0, 1, 2, 1, 2, 2, 2, 1, 1, 1, 0, 1, 1, 0, 2, 0, 0, 0, 2, 2, 2, 0, 2, 1, 1, 0, 1,
      ],
      expected: [3, 5, 2, 0, 4, 1],
    },
  ])('$n × $n', ({ n, values, expected }) =>
    expect([...assignmentAsSciPy(Float64Array.from(values), n)]).toEqual(expected),
  ));
