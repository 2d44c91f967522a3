import { philox } from '@touchstone/losses/meta';
import { describe, expect, it } from 'vitest';
import { neighbours } from '../../metrics/shared/neighbours.js';
import { unitRows } from './engine.js';
import { nearest, relevantRanks } from './nearest.js';

const none = (): void => undefined;

function cloud(name: string, n: number, width: number, classes: number, round: number) {
  const rng = philox(7, name);
  const centres = Float32Array.from({ length: classes * width }, () => rng.normal());
  const labels = Int32Array.from({ length: n }, () => rng.integer(classes));
  const data = new Float32Array(n * width);
  for (let i = 0; i < data.length; i++) {
    const value = centres[labels[Math.floor(i / width)]! * width + (i % width)]! + 2 * rng.normal();
    // Coarse values make many exactly equal similarities.
    data[i] = round > 0 ? Math.round(value * round) / round : value;
  }
  return { n, width, data, labels };
}

describe('nearest', () => {
  it.each([
    ['plain', 700, 33, 9, 0, 2],
    ['many ties', 600, 3, 7, 1, 3],
    ['one class among two', 50, 5, 2, 0, 1],
    ['large classes', 2500, 16, 2, 0, 2],
    ['tiny', 3, 2, 1, 0, 2],
  ])('equals the metric bit by bit: %s', async (name, n, width, classes, round, threads) => {
    const { data, labels } = cloud(name, n, width, classes, round);
    const wanted = neighbours({ embeddings: data, labels, n, width });
    const rows = unitRows({ n, width, data });
    const found = await nearest({ rows, labels }, undefined, classes, none, threads);
    expect([...found.relevant]).toEqual([...wanted.relevant]);
    expect([...found.averagePrecision]).toEqual([...wanted.averagePrecision]);
    expect([...found.rPrecision]).toEqual([...wanted.rPrecision]);
    const near = Array.from(found.firstHit, (rank) => (rank <= 8 ? rank : 0));
    expect(near).toEqual([...wanted.firstHit]);
  });

  it('is the same on one thread and on four', async () => {
    const { n, width, data, labels } = cloud('threads', 1500, 24, 30, 2);
    const rows = unitRows({ n, width, data });
    const [one, four] = [
      await nearest({ rows, labels }, undefined, 30, none, 1),
      await nearest({ rows, labels }, undefined, 30, none, 4),
    ];
    expect(four).toEqual(one);
  });

  it('gives collapsed embeddings the ranks of their positions', async () => {
    const n = 3000;
    const labels = Int32Array.from({ length: n }, (_, i) => i % 3);
    const rows = unitRows({ n, width: 2, data: new Float32Array(2 * n).fill(0.3) });
    const { firstHit, rPrecision } = await nearest({ rows, labels }, undefined, 3, none, 2);
    // Item 0 sees 1, 2, 3, …: its class first at rank 3; every other finds 0, 1 or 2 at rank 1, 2 or 3.
    expect([...firstHit.subarray(0, 6)]).toEqual([3, 4, 5, 1, 2, 3]);
    // Of the 999 before item 1000 its class has 5, 8, …, 998.
    expect(rPrecision[2]).toBe(332 / 999);
  });

  it('stops where told to', async () => {
    const { n, width, data, labels } = cloud('stop', 800, 8, 4, 0);
    const rows = unitRows({ n, width, data });
    const stop = (): never => {
      throw new Error('enough');
    };
    await expect(nearest({ rows, labels }, undefined, 4, stop, 2)).rejects.toThrow('enough');
  });

  it('refuses labels without a pair, and values that are not finite', async () => {
    const rows = unitRows({ n: 2, width: 1, data: [1, 2] });
    await expect(nearest({ rows, labels: Int32Array.of(0, 1) }, undefined, 2, none, 1)).rejects.toMatchObject({
      code: 'PARAM_RANGE',
    });
    expect(() => unitRows({ n: 1, width: 2, data: [1, NaN] })).toThrow('embeddings[0, 1] is NaN');
    expect(() => unitRows({ n: 1, width: 1, data: [1e39] })).toThrow('embeddings[0, 0]');
  });
});

describe('relevantRanks', () => {
  it.each([0, 1])('equals a full sort with same-camera items taken out (rounded: %s)', async (round) => {
    const [q, g] = [cloud(`q${round}`, 60, 4, 5, round), cloud(`g${round}`, 300, 4, 5, round)];
    const cameras = {
      queries: Int32Array.from({ length: 60 }, (_, i) => i % 3),
      columns: Int32Array.from({ length: 300 }, (_, i) => i % 4),
    };
    q.labels[0] = -1;
    const [queries, gallery] = [
      { rows: unitRows(q), labels: q.labels },
      { rows: unitRows(g), labels: g.labels },
    ];
    const found = await relevantRanks(queries, gallery, 5, cameras, none, 2);
    const unit = ({ rows }: typeof queries, i: number, k: number): number => rows.raw[i * 4 + k]! * rows.scales[i]!;
    for (let i = 0; i < 60; i++) {
      const order = Array.from({ length: 300 }, (_, j) => {
        let sum = 0;
        for (let k = 0; k < 4; k++) sum += unit(queries, i, k) * unit(gallery, j, k);
        return { j, similarity: Math.fround(sum), same: g.labels[j] === q.labels[i] };
      })
        .filter(({ j, same }) => !(same && cameras.columns[j] === cameras.queries[i]))
        .sort((a, b) => b.similarity - a.similarity || a.j - b.j);
      const ranks = order.flatMap(({ same }, place) => (same ? [place + 1] : []));
      expect([...found.ranks.subarray(found.offsets[i], found.offsets[i + 1])]).toEqual(ranks);
    }
  });
});
