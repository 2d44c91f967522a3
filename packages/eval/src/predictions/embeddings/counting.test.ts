import { philox } from '@touchstone/losses/meta';
import { describe, expect, it } from 'vitest';
import type { Question } from './counting.js';
import { countNeighbours, suitsCounting } from './counting.js';
import { exactPairs } from './counting-runner.js';
import { classesOf, unitRows } from './engine.js';
import type { Labelled } from './nearest.js';
import { nearest } from './nearest.js';

const none = (): void => undefined;

interface Options {
  readonly n: number;
  readonly width: number;
  readonly classes: number;
  /** Multiples of 1/round, for equal similarities; 0: as they come. */
  readonly round?: number;
  readonly noise?: number;
  /** Added to every number: similarities crowd together near 1. */
  readonly shift?: number;
}

function cloud(name: string, { n, width, classes, round = 0, noise = 1, shift = 0 }: Options): Labelled {
  const rng = philox(11, name);
  const centres = Float64Array.from({ length: classes * width }, () => rng.normal());
  const labels = Int32Array.from({ length: n }, () => rng.integer(classes));
  const data = Float64Array.from({ length: n * width }, (_, i) => {
    const value = centres[labels[Math.floor(i / width)]! * width + (i % width)]! + noise * rng.normal() + shift;
    return round > 0 ? Math.round(value * round) / round : value;
  });
  return { rows: unitRows({ n, width, data }), labels };
}

/** The definition: all similarities, a full sort. */
function sorted(queries: Labelled, gallery: Labelled | undefined) {
  const columns = gallery ?? queries;
  const { rows } = columns;
  const n = rows.n;
  const everything = Int32Array.from({ length: n }, (_, j) => j);
  return Array.from({ length: queries.rows.n }, (_, q) => {
    const values = new Float32Array(n);
    exactPairs(queries.rows, rows, new Int32Array(n).fill(q), everything, n, values);
    const order = [...everything].filter((j) => gallery !== undefined || j !== q);
    order.sort((a, b) => values[b]! - values[a]! || a - b);
    const own = order.map((j) => columns.labels[j] === queries.labels[q]);
    const r = own.filter(Boolean).length;
    if (r === 0) return { firstHit: 0, averagePrecision: NaN, rPrecision: NaN };
    let [hits, precisions] = [0, 0];
    own.slice(0, r).forEach((hit, place) => {
      if (hit) precisions += ++hits / (place + 1);
    });
    return { firstHit: own.indexOf(true) + 1, averagePrecision: precisions / r, rPrecision: hits / r };
  });
}

function questionOf(queries: Labelled, gallery: Labelled | undefined, classes: number): Question {
  const columns = gallery ?? queries;
  const byClass = classesOf(columns.labels, classes);
  const sides = { queries: queries.rows, columns: columns.rows, same: !gallery, classes: byClass };
  return { ...sides, queryLabels: queries.labels, columnLabels: columns.labels };
}

const suits = (queries: Labelled, gallery: Labelled | undefined, classes: number): boolean =>
  suitsCounting(questionOf(queries, gallery, classes), 2);

async function check(queries: Labelled, gallery: Labelled | undefined, classes: number, threads: number) {
  const wanted = sorted(queries, gallery);
  // However much they crowd.
  const counted = await countNeighbours(questionOf(queries, gallery, classes), none, threads, 1);
  for (const found of [counted!, await nearest(queries, gallery, classes, none, threads)]) {
    expect([...found.firstHit]).toEqual(wanted.map(({ firstHit }) => firstHit));
    expect([...found.averagePrecision]).toEqual(wanted.map(({ averagePrecision }) => averagePrecision));
    expect([...found.rPrecision]).toEqual(wanted.map(({ rPrecision }) => rPrecision));
  }
}

describe('counting gives the ranks of a full sort', () => {
  it.each<[string, Options, number]>([
    ['beyond one tile, no multiple of a block', { n: 701, width: 33, classes: 120 }, 3],
    ['an odd width of one', { n: 90, width: 1, classes: 30, round: 1 }, 2],
    ['many ties', { n: 600, width: 3, classes: 100, round: 1 }, 2],
    ['nearly all tied', { n: 400, width: 2, classes: 100, round: 0.5 }, 1],
    ['nearest neighbours of other classes', { n: 531, width: 8, classes: 60, noise: 30 }, 2],
    ['similarities crowded near 1', { n: 300, width: 5, classes: 50, shift: 300 }, 2],
    ['tight classes', { n: 517, width: 16, classes: 70, noise: 1e-6 }, 1],
    ['classes of a sixteenth', { n: 640, width: 4, classes: 20, noise: 3 }, 2],
  ])('%s', async (name, options, threads) => {
    const items = cloud(name, options);
    expect(suits(items, undefined, options.classes)).toBe(true);
    await check(items, undefined, options.classes, threads);
  });

  it.each<[string, number, number, number]>([
    ['more queries than columns', 333, 190, 2],
    ['one query', 1, 300, 2],
    ['a gallery beyond one tile', 65, 523, 3],
    ['rounded', 70, 260, 1],
  ])('a gallery: %s', async (name, q, g, threads) => {
    const shape = { width: 7, classes: 40, noise: 2, round: name === 'rounded' ? 1 : 0 };
    const [queries, gallery] = [cloud(name, { ...shape, n: q }), cloud(name, { ...shape, n: g })];
    expect(suits(queries, gallery, 40)).toBe(true);
    await check(queries, gallery, 40, threads);
  });

  it('duplicates, opposite rows, zero rows and classes of one', async () => {
    const [n, width] = [203, 6];
    const { rows } = cloud('duplicates', { n, width, classes: 50 });
    const data = Float32Array.from(rows.raw);
    for (let i = 0; i < n; i++) {
      const [from, to] = [((i * 7) % 40) * width, i * width];
      if (i % 5 === 0) data.fill(0, to, to + width);
      else for (let k = 0; k < width; k++) data[to + k] = (i % 3 === 0 ? -1 : 2 ** (i % 4)) * data[from + k]!;
    }
    const labels = Int32Array.from({ length: n }, (_, i) => (i > 190 ? i - 100 : i % 45));
    const items = { rows: unitRows({ n, width, data }), labels };
    expect(suits(items, undefined, 103)).toBe(true);
    await check(items, undefined, 103, 2);
  });

  it('rows whose whole numbers are equal and whose similarities are not', async () => {
    // Differences of 1e-7 vanish in 16 bits and stand in float32.
    const [n, width] = [160, 3];
    const data = Float64Array.from({ length: n * width }, (_, at) => 1 + (at % width) + ((at * 7919) % 1009) * 1e-7);
    const labels = Int32Array.from({ length: n }, (_, i) => i % 40);
    await check({ rows: unitRows({ n, width, data }), labels }, undefined, 40, 2);
  });

  it('rows along the axes, the largest whole numbers there are', async () => {
    const [n, width] = [120, 4];
    const data = new Float32Array(n * width);
    for (let i = 0; i < n; i++) data[i * width + (i % width)] = i % 8 < 4 ? 3 : -3;
    const labels = Int32Array.from({ length: n }, (_, i) => i % 40);
    await check({ rows: unitRows({ n, width, data }), labels }, undefined, 40, 1);
  });

  it('does not depend on the number of threads', async () => {
    const items = cloud('threads', { n: 1500, width: 24, classes: 300, noise: 3 });
    const one = await nearest(items, undefined, 300, none, 1);
    expect(await nearest(items, undefined, 300, none, 4)).toEqual(one);
  });

  it('stops where told to, and tells of progress', async () => {
    const items = cloud('told', { n: 900, width: 4, classes: 200 });
    const heard: number[] = [];
    await nearest(items, undefined, 200, (done, total) => heard.push(done / total), 1);
    expect(heard.at(-1)).toBe(1);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
    const stop = (): never => {
      throw new Error('enough');
    };
    await expect(nearest(items, undefined, 200, stop, 2)).rejects.toThrow('enough');
  });

  it('leaves collapsed embeddings to whole rows', async () => {
    const items = cloud('collapsed', { n: 500, width: 8, classes: 90, shift: 1e5 });
    expect(suits(items, undefined, 90)).toBe(true);
    expect(await countNeighbours(questionOf(items, undefined, 90), none, 2)).toBeUndefined();
    await check(items, undefined, 90, 2);
  });

  it('leaves large classes to whole rows', () => {
    const items = cloud('large', { n: 200, width: 4, classes: 4 });
    expect(suits(items, undefined, 4)).toBe(false);
  });
});
