/**
 * Counter-based random numbers: the same seed and stream give the same sequence on every machine.
 * Philox4x32-10 (Salmon, Moraes, Dror & Shaw, SC 2011), keyed by SHA-256 of "seed/stream".
 */
import { LossError } from './errors.js';
import { sha256Words } from './sha256.js';

/** Counter-based random numbers: the same key and stream give the same sequence on every machine. */
export interface Rng {
  /** Uniform integer in [0, 2³²). */
  uint32(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal (Box–Muller in Marsaglia's polar form, whose only transcendental is the logarithm). */
  normal(): number;
  /** Uniform integer in [0, bound), without modulo bias. Throws DOMAIN unless bound is an integer from 1 to 2³². */
  integer(bound: number): number;
  /** A uniformly random permutation of 0 … n−1. */
  permutation(n: number): Int32Array;
}

/** One block of Philox4x32-10: four words from a 128-bit counter and a 64-bit key, least significant word first. */
export function philoxBlock(counter: ArrayLike<number>, key: ArrayLike<number>): [number, number, number, number] {
  let [c0, c1, c2, c3] = [counter[0]! >>> 0, counter[1]! >>> 0, counter[2]! >>> 0, counter[3]! >>> 0];
  let [k0, k1] = [key[0]! >>> 0, key[1]! >>> 0];
  for (let round = 0; round < 10; round++) {
    const [low0, low2] = [Math.imul(0xd2511f53, c0), Math.imul(0xcd9e8d57, c2)];
    const [high0, high2] = [high(0xd2511f53, c0), high(0xcd9e8d57, c2)];
    [c0, c1, c2, c3] = [(high2 ^ c1 ^ k0) >>> 0, low2 >>> 0, (high0 ^ c3 ^ k1) >>> 0, low0 >>> 0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The upper 32 bits of a 64-bit product; each partial product fits in 53 bits. */
function high(a: number, b: number): number {
  return Math.floor((a * (b >>> 16) + Math.floor((a * (b & 0xffff)) / 65536)) / 65536);
}

/** The generator of one seed and stream; streams are independent of each other. */
export function philox(seed: number, stream: string): Rng {
  const words = sha256Words(`${seed}/${stream}`);
  const key = words.subarray(0, 2);
  const counter = new Uint32Array([0, 0, words[2]!, words[3]!]);
  let block: readonly number[] = [];
  let used = 4;
  let spare: number | undefined;

  const uint32 = (): number => {
    if (used === 4) {
      block = philoxBlock(counter, key);
      used = 0;
      if (++counter[0]! === 0) counter[1]!++;
    }
    return block[used++]!;
  };
  const uniform = (): number => {
    const upper = uint32() >>> 5;
    return (upper * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53;
  };
  const integer = (bound: number): number => {
    if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32)
      throw new LossError('DOMAIN', `bound must be an integer from 1 to 2^32, received ${bound}`, {
        field: 'bound',
        value: bound,
        allowed: '1 … 2^32',
      });
    const biased = 2 ** 32 % bound;
    for (;;) {
      const word = uint32();
      if (word >= biased) return word % bound;
    }
  };
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const [x, y] = [2 * uniform() - 1, 2 * uniform() - 1];
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };
  const permutation = (n: number): Int32Array => {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = integer(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  };
  return { uint32, uniform, normal, integer, permutation };
}
