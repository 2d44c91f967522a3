import { deflateSync } from 'node:zlib';
import { differenceByGroup, outcomeMatrix } from '@touchstone/eval/statistics';
import { describe, expect, it } from 'vitest';
import type { BoardsHead, BoardsPart, PairPart } from './messages.js';
import { pairResult } from './pair.js';
import { computeBoards, computePair } from './pool.js';

const packed = (values: readonly number[]) =>
  new Uint8Array(deflateSync(new Uint8Array(Float64Array.from(values).buffer)));
const units = (names: readonly string[] | null, groups: readonly string[] | null = null) =>
  new TextEncoder().encode(JSON.stringify({ names, groups }));
const head = { kind: 'pair', direction: 'higher', most: 10 } as const;

describe('two entries, unit by unit', () => {
  it('are aligned by the names of their units, whatever the order in which they were sent', () => {
    const part: PairPart = {
      a: packed([1, 0, 0.5, NaN]),
      b: packed([1, 1, 0.25, 0]),
      units: [units(['x', 'y', 'z', 'w'], ['10', '9', '10', '9']), units(['w', 'y', 'z', 'x'])],
    };
    const { reason, worst, groups } = pairResult(head, [part]);
    expect(reason).toBeNull();
    expect(worst).toEqual([{ unit: 1, name: 'y', group: '9', a: 0, b: 1, difference: -1 }]);
    const [a, b] = [outcomeMatrix([[1, 0, 0.5, NaN]]), outcomeMatrix([[0, 1, 0.25, 1]])];
    const exact = differenceByGroup(a, b, [10, 9, 10, 9]);
    // Numbers by their value, and a unit that does not count for one counts for neither.
    expect(groups!.map(({ group, n }) => [group, n])).toEqual([
      ['9', 1],
      ['10', 2],
    ]);
    expect(groups!.map(({ difference }) => difference)).toEqual(exact.map(({ difference }) => difference));
  });

  it('are worst where the lower value is the worse, or the higher', () => {
    const parts = [{ a: packed([1, 2, 3]), b: packed([2, 2, 1]) }];
    expect(pairResult(head, parts).worst.map(({ unit }) => unit)).toEqual([0]);
    expect(pairResult({ ...head, direction: 'lower' }, parts).worst.map(({ unit }) => unit)).toEqual([2]);
    expect(pairResult(head, parts).groups).toBeNull();
  });

  it('are not compared over other units', () => {
    expect(pairResult(head, [{ a: packed([1]), b: packed([1, 2]) }]).reason).toMatch(/different numbers/);
    const other: PairPart = { a: packed([1, 2]), b: packed([1, 2]), units: [units(['x', 'y']), units(['x', 'z'])] };
    expect(pairResult(head, [other])).toEqual({
      reason: 'the two have outcomes of different test units',
      groups: null,
      worst: [],
    });
  });
});

describe('the thread', () => {
  async function* list<T>(...items: T[]): AsyncGenerator<T> {
    yield* items;
  }

  it('answers several at once, and goes on after one that failed', async () => {
    const part: PairPart = { a: packed([1, 0]), b: packed([0, 0]) };
    const broken: BoardsPart = [{ board: 0, run: 'r', sketch: new Uint8Array(3) }];
    const boards: BoardsHead = { kind: 'boards', boards: [{ direction: 'higher', seeds: [0] }], entries: [] };
    const [pair, failed, empty] = await Promise.allSettled([
      computePair(head, list(part)),
      computeBoards(boards, list(broken)),
      computeBoards(boards, list<BoardsPart>()),
    ]);
    expect(pair).toMatchObject({ status: 'fulfilled', value: { reason: null } });
    expect(failed).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('sketch') as string },
    });
    expect(empty).toEqual({
      status: 'fulfilled',
      value: [{ standings: new Map(), groups: new Map(), differences: new Map(), resolution: null }],
    });
  });

  it('is not left waiting by parts that cannot be read', async () => {
    async function* gone(): AsyncGenerator<PairPart> {
      yield { a: packed([1]), b: packed([1]) };
      throw new Error('the blob is gone');
    }
    await expect(computePair(head, gone())).rejects.toThrow('the blob is gone');
    expect(await computePair(head, list({ a: packed([1]), b: packed([2]) }))).toMatchObject({ reason: null });
  });
});
