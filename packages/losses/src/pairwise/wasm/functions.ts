/**
 * Elementary functions of four float32 lanes, to 1 or 2 units in the last place, right at ±∞ and for NaN; results below
 * 2^−125 are 0. Range reduction and shape follow Cody and Waite (Software Manual for the Elementary Functions, 1980); the
 * coefficients are minimax fits of our own.
 */
import type { Builder, Node } from './vector.js';

const LOG2_E = 1.4426950408889634;
/** ln 2 in two parts: the first has so few digits that its products with exponents are exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.121944400546906e-4;
/** Adding it rounds to a whole number, which then stands in the low bits. */
const ROUND = 12582912;
/** Below it e^x is taken as 0; the exponent of twice the result is still a normal one. */
const LOWEST = -86.98;

/** (e^r − 1 − r) / r² on |r| ≤ ln 2 / 2, error 3e-9 of e^r. */
const EXP = [0.4999999403953552, 0.1666652113199234, 0.04166838899254799, 0.00836874544620514, 0.0013814540579915047];
/** (log(1 + t) − t + t² / 2) / t³ on [√½ − 1, √2 − 1], error 6e-9 of log(1 + t). */
const LOG = [
  0.3333333134651184, -0.2500081956386566, 0.20001226663589478, -0.16623356938362122, 0.14201757311820984,
  -0.13160182535648346, 0.1276157796382904, -0.07634499669075012,
];
/** (arcsin √z − √z) / √z³ on [0, ¼], error 5e-9 of arcsin. */
const ASIN = [0.16666752099990845, 0.07495297491550446, 0.04547037556767464, 0.02417951449751854, 0.04216630756855011];

function polynomial(b: Builder, x: Node, coefficients: readonly number[]): Node {
  return coefficients
    .slice(0, -1)
    .reduceRight((sum, c) => b.op('f32x4.add', b.op('f32x4.mul', sum, x), b.float(c)), b.float(coefficients.at(-1)!));
}

/** x = n·ln 2 + r: [e^r, bits with n in the lowest places]. */
function reduced(b: Builder, x: Node): readonly [Node, Node] {
  const shifted = b.op('f32x4.add', b.op('f32x4.mul', x, b.float(LOG2_E)), b.float(ROUND));
  const n = b.op('f32x4.sub', shifted, b.float(ROUND));
  const high = b.op('f32x4.sub', x, b.op('f32x4.mul', n, b.float(LN2_HIGH)));
  const r = b.op('f32x4.sub', high, b.op('f32x4.mul', n, b.float(LN2_LOW)));
  const tail = b.op('f32x4.mul', b.op('f32x4.mul', r, r), polynomial(b, r, EXP));
  return [b.op('f32x4.add', b.op('f32x4.add', tail, r), b.float(1)), shifted];
}

/** 2^(n + bias), n from `reduced`. */
function power(b: Builder, shifted: Node, bias: number): Node {
  return b.op('i32x4.add', b.shift('i32x4.shl', shifted, 23), b.bits((127 + bias) << 23));
}

export function exp(b: Builder, x: Node): Node {
  // The second operand of pmin and pmax is never NaN, so that NaN stays.
  const clamped = b.op('f32x4.pmin', b.op('f32x4.pmax', x, b.float(LOWEST)), b.float(88.8));
  const [e, n] = reduced(b, clamped);
  const scaled = b.op('f32x4.mul', b.op('f32x4.add', e, e), power(b, n, -1));
  return b.op('v128.andnot', scaled, b.op('f32x4.lt', x, b.float(LOWEST)));
}

/** e^x for x ≤ 0 that is added to a sum of at least 1: 1e-38 stands for whatever is smaller. */
export function expOfShifted(b: Builder, x: Node): Node {
  const [e, n] = reduced(b, b.op('f32x4.pmax', x, b.float(LOWEST)));
  return b.op('f32x4.mul', e, power(b, n, 0));
}

/** log x for positive normal x. */
function logOfNormal(b: Builder, x: Node, exponentOffset: Node): Node {
  const exponent = b.shift('i32x4.shr_s', b.op('i32x4.sub', x, b.bits(0x3f3504f3)), 23);
  const mantissa = b.op('i32x4.sub', x, b.shift('i32x4.shl', exponent, 23));
  const n = b.add(b.op('f32x4.convert_i32x4_s', exponent), exponentOffset);
  const t = b.op('f32x4.sub', mantissa, b.float(1));
  const t2 = b.op('f32x4.mul', t, t);
  const cubic = b.op('f32x4.mul', b.op('f32x4.mul', t2, t), polynomial(b, t, LOG));
  const low = b.op('f32x4.add', cubic, b.op('f32x4.mul', n, b.float(LN2_LOW)));
  const tail = b.op('f32x4.sub', low, b.op('f32x4.mul', t2, b.float(0.5)));
  return b.op('f32x4.add', b.op('f32x4.add', tail, t), b.op('f32x4.mul', n, b.float(LN2_HIGH)));
}

export function log(b: Builder, x: Node): Node {
  const tiny = b.op('f32x4.lt', x, b.float(2 ** -126));
  const normal = b.select(tiny, b.op('f32x4.mul', x, b.float(2 ** 24)), x);
  const finite = logOfNormal(b, normal, b.select(tiny, b.float(-24), b.none));
  const positive = b.select(b.op('f32x4.eq', x, b.float(Infinity)), x, finite);
  const rest = b.select(b.op('f32x4.eq', x, b.none), b.float(-Infinity), b.float(NaN));
  return b.select(b.op('f32x4.gt', x, b.none), positive, rest);
}

/** log(1 + t) for t in [0, 1]: what rounding 1 + t lost is added back at first order. */
function log1p(b: Builder, t: Node): Node {
  const u = b.op('f32x4.add', t, b.float(1));
  const lost = b.op('f32x4.sub', t, b.op('f32x4.sub', u, b.float(1)));
  return b.op('f32x4.add', logOfNormal(b, u, b.none), b.op('f32x4.div', lost, u));
}

export function sigmoid(b: Builder, x: Node): Node {
  return b.op('f32x4.div', b.float(1), b.op('f32x4.add', b.float(1), exp(b, b.op('f32x4.neg', x))));
}

export function softplus(b: Builder, x: Node): Node {
  const decay = exp(b, b.op('f32x4.neg', b.op('f32x4.abs', x)));
  return b.op('f32x4.add', relu(b, x), log1p(b, decay));
}

export function relu(b: Builder, x: Node): Node {
  return b.op('f32x4.pmax', x, b.none);
}

export function acos(b: Builder, x: Node): Node {
  const magnitude = b.op('f32x4.abs', x);
  const far = b.op('f32x4.gt', magnitude, b.float(0.5));
  // Beyond ½: arccos x = 2·arcsin √((1 − x) / 2), which keeps its digits near 1.
  const half = b.op('f32x4.mul', b.op('f32x4.sub', b.float(1), magnitude), b.float(0.5));
  const z = b.select(far, half, b.op('f32x4.mul', x, x));
  const s = b.select(far, b.op('f32x4.sqrt', half), magnitude);
  const arc = b.op('f32x4.add', s, b.op('f32x4.mul', b.op('f32x4.mul', s, z), polynomial(b, z, ASIN)));
  const twice = b.op('f32x4.add', arc, arc);
  const negative = b.op('f32x4.lt', x, b.none);
  // π and π/2 in two parts each, the second a correction of the rounded first.
  const opposite = b.op('f32x4.add', b.op('f32x4.sub', b.float(3.1415927410125732), twice), b.float(-8.742277657e-8));
  const signed = b.op('v128.xor', arc, b.op('v128.and', x, b.bits(0x80000000)));
  const near = b.op('f32x4.add', b.op('f32x4.sub', b.float(1.5707963705062866), signed), b.float(-4.371138829e-8));
  return b.select(far, b.select(negative, opposite, twice), near);
}
