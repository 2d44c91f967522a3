/** Scrambled Sobol points in up to three dimensions: few points, evenly spread, the same everywhere. */
import { philox } from '@touchstone/losses/meta';

const BITS = 32;
/** Bits scrambled by their prefix; what lies below moves a point by less than 2⁻¹⁶. */
const SCRAMBLED = 16;

/** Direction numbers of Joe and Kuo (2008) for dimensions 1–3: degree, inner coefficients, initial m. */
const PRIMITIVE = [null, { degree: 1, inner: 0, m: [1] }, { degree: 2, inner: 1, m: [1, 3] }] as const;

function directions(dimension: number): Uint32Array {
  const v = new Uint32Array(BITS);
  const polynomial = PRIMITIVE[dimension];
  if (!polynomial) return v.map((_, i) => (1 << (BITS - 1 - i)) >>> 0);
  const { degree, inner, m } = polynomial;
  for (let i = 0; i < BITS; i++) {
    if (i < degree) {
      v[i] = (m[i]! << (BITS - 1 - i)) >>> 0;
      continue;
    }
    let value = (v[i - degree]! ^ (v[i - degree]! >>> degree)) >>> 0;
    for (let k = 1; k < degree; k++) if ((inner >> (degree - 1 - k)) & 1) value = (value ^ v[i - k]!) >>> 0;
    v[i] = value;
  }
  return v;
}

/** Owen's nested scrambling (1995): a bit is flipped by a coin that depends on all bits above it. */
function scramble(value: number, seed: number, dimension: number): number {
  let out = 0;
  for (let bit = 0; bit < SCRAMBLED; bit++) {
    const prefix = bit === 0 ? '' : (value >>> (BITS - bit)).toString(2).padStart(bit, '0');
    const coin = philox(seed, `sobol/${dimension}/${prefix}`).uint32() & 1;
    out |= (((value >>> (BITS - 1 - bit)) & 1) ^ coin) << (BITS - 1 - bit);
  }
  return out >>> 0;
}

/** `count` points in (0, 1)^dimensions, dimensions 1 to 3. */
export function sobol(count: number, dimensions: number, seed: number): number[][] {
  if (dimensions < 1 || dimensions > PRIMITIVE.length)
    throw new RangeError(`dimensions: ${dimensions}, allowed 1 to 3`);
  const all = Array.from({ length: dimensions }, (_, d) => directions(d));
  return Array.from({ length: count }, (_, index) => {
    const gray = index ^ (index >>> 1);
    return all.map((v, d) => {
      let value = 0;
      for (let bit = 0; bit < BITS; bit++) if ((gray >>> bit) & 1) value ^= v[bit]!;
      return (scramble(value >>> 0, seed, d) + 2 ** (BITS - SCRAMBLED - 1)) / 2 ** BITS;
    });
  });
}
