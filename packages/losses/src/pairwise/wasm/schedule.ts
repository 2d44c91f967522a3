/**
 * The order of the tiles: rounds of units, each unit a block of rows times a block of columns. Units of one round share
 * neither rows nor columns, so each writes results of its own, and whoever runs them, every number is summed in one order.
 */
import { TILE } from './layout.js';

/** First row, row after the last, first column, column after the last. */
export type Unit = readonly [number, number, number, number];

/** Blocks along a side: a bound on how many units run at once. */
const BLOCKS = 16;

function blocksAlong(length: number): (readonly [number, number])[] {
  const tiles = Math.ceil(length / TILE);
  const count = Math.min(BLOCKS, tiles);
  const edge = (k: number): number => Math.min(length, Math.floor((k * tiles) / count) * TILE);
  return Array.from({ length: count }, (_, k) => [edge(k), edge(k + 1)] as const);
}

/** Every row block with every column block: a Latin square, a diagonal of it each round. */
export function rectangularSchedule(rows: number, columns: number): Unit[][] {
  const [p, q] = [blocksAlong(rows), blocksAlong(columns)];
  const [short, long] = [Math.min(p.length, q.length), Math.max(p.length, q.length)];
  if (short === 0) return [];
  return Array.from({ length: long }, (_, round) =>
    Array.from({ length: short }, (_, k) => {
      const other = (k + round) % long;
      const [row, column] = p.length <= q.length ? [p[k]!, q[other]!] : [p[other]!, q[k]!];
      return [...row, ...column] as const;
    }),
  );
}

/** Every block with itself, then with every later one: the rounds of a tournament (circle method). */
export function symmetricSchedule(length: number): Unit[][] {
  const blocks = blocksAlong(length);
  const own = blocks.map((block) => [...block, ...block] as const);
  if (blocks.length < 2) return own.length > 0 ? [own] : [];
  const seats = blocks.length + (blocks.length % 2);
  const rounds = Array.from({ length: seats - 1 }, (_, round) => {
    const at = (k: number): number => (k === 0 ? 0 : 1 + ((k - 1 + round) % (seats - 1)));
    return Array.from({ length: seats / 2 }, (_, k) => [at(k), at(seats - 1 - k)].sort((x, y) => x - y)).flatMap(
      ([x, y]): Unit[] => {
        const [row, column] = [blocks[x!], blocks[y!]];
        return row && column ? [[...row, ...column]] : [];
      },
    );
  });
  return [own, ...rounds];
}
