/**
 * Elementary functions in WGSL. The language's own allow errors that grow with the argument (exp), thousands of units in
 * the last place (acos), or anything at all where a result is infinite, so the kernels bring theirs: accurate to about a
 * unit in the last place, finite everywhere.
 */
import type { UnaryFunction } from '../expression.js';
import type { Plan } from './plan.js';

/** Below every number that a kernel meets: stands for a pair outside the mask of a maximum or log-sum-exp. */
export const OUTSIDE = '-3e38f';

const f32 = (x: number): string => {
  const text = String(Math.fround(x));
  return `${text}f`;
};

/** Horner's rule: coefficients from the highest power to the constant. */
const horner = (x: string, coefficients: readonly number[]): string =>
  coefficients.slice(1).reduce((inner, c) => `fma(${inner}, ${x}, ${f32(c)})`, f32(coefficients[0]!));

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const powers = (count: number, of: (k: number) => number): number[] =>
  Array.from({ length: count }, (_, k) => of(count - 1 - k));

/** ln 2 in two parts, the first with so few digits that its whole multiples are exact. */
const [LN2_HIGH, LN2_LOW] = [0.693359375, Math.LN2 - 0.693359375];

/** e^x by e^x = 2^k · e^r, |r| ≤ ln 2 / 2, and the Taylor series of e^r; 0 below −87, at most e^88.7. */
const EXACT_EXP = `
fn exp_(x: f32) -> f32 {
  let y = clamp(x, -104f, 88.7f);
  let k = round(y * ${f32(Math.LOG2E)});
  let r = fma(k, ${f32(-LN2_LOW)}, fma(k, ${f32(-LN2_HIGH)}, y));
  let e = fma(r * r, ${horner(
    'r',
    powers(6, (n) => 1 / factorial(n + 2)),
  )}, r) + 1f;
  let half = i32(k) / 2;
  let low = bitcast<f32>(u32(half + 127) << 23u);
  let high = bitcast<f32>(u32(i32(k) - half + 127) << 23u);
  return select(e * low * high, 0f, x < -87f);
}`;

const NATIVE_EXP = `
fn exp_(x: f32) -> f32 {
  return select(exp(clamp(x, -87f, 88.7f)), 0f, x < -87f);
}`;

/** 2 atanh(s) = 2 (s + s³/3 + s⁵/5 + …), s² ≤ 1/9. */
const ATANH = (terms: number): string =>
  `fma(s * q, ${horner(
    'q',
    powers(terms, (n) => 2 / (2 * n + 3)),
  )}, 2f * s)`;

/** ln x by x = 2^k · f, f in [√½, √2); where x ≤ 0, the number that stands for −∞. */
const LOG = `
fn log_(x: f32) -> f32 {
  let bits = bitcast<u32>(max(x, 1.1754944e-38f));
  var k = f32(i32(bits >> 23u) - 127);
  var f = bitcast<f32>((bits & 0x7fffffu) | 0x3f800000u);
  if (f > ${f32(Math.SQRT2)}) {
    f = f * 0.5f;
    k = k + 1f;
  }
  let s = (f - 1f) / (f + 1f);
  let q = s * s;
  let l = fma(k, ${f32(LN2_LOW)}, ${ATANH(4)});
  return select(fma(k, ${f32(LN2_HIGH)}, l), -1e30f, x <= 0f);
}`;

/** ln(1 + u), 0 ≤ u ≤ 1, to the last digits of small u. */
const LOG1P = `
fn log1p_(u: f32) -> f32 {
  let s = u / (2f + u);
  let q = s * s;
  return ${ATANH(7)};
}`;

const SIGMOID = `
fn sigmoid_(x: f32) -> f32 {
  let e = exp_(-abs(x));
  return select(e, 1f, x >= 0f) / (1f + e);
}`;

const SOFTPLUS = `
fn softplus_(x: f32) -> f32 {
  return max(x, 0f) + log1p_(exp_(-abs(x)));
}`;

const SQRT = `
fn sqrt_(x: f32) -> f32 {
  let y = max(x, 0f);
  let r = sqrt(y);
  return select(r, fma(fma(-r, r, y), 0.5f / r, r), r > 1e-18f);
}`;

/** arc sine of |x| ≤ 1/2 by its series: the coefficient of x^(2n+1) is (2n)! / (4ⁿ n!² (2n + 1)). */
const arcsine = (n: number): number => factorial(2 * n) / (4 ** n * factorial(n) ** 2 * (2 * n + 1));

/** acos x = π/2 − asin x near 0, 2 asin √((1 − x)/2) near 1, π less that near −1. */
const ACOS = `
fn acos_(x: f32) -> f32 {
  let y = clamp(x, -1f, 1f);
  let near = abs(y) <= 0.5f;
  let z = (1f - abs(y)) * 0.5f;
  let q = select(z, y * y, near);
  let s = select(sqrt_(z), y, near);
  let t = fma(s * q, ${horner(
    'q',
    powers(11, (n) => arcsine(n + 1)),
  )}, s);
  let far = select(2f * t, ${f32(Math.PI)} - (2f * t - ${f32(Math.PI - Math.fround(Math.PI))}), y < 0f);
  return select(far, ${f32(Math.PI / 2)} - (t - ${f32(Math.PI / 2 - Math.fround(Math.PI / 2))}), near);
}`;

/** What each function's text calls, and the text. */
const texts: Readonly<Record<string, readonly [needs: readonly string[], text: string]>> = {
  exp: [[], EXACT_EXP],
  log: [[], LOG],
  log1p: [[], LOG1P],
  sigmoid: [['exp'], SIGMOID],
  softplus: [['exp', 'log1p'], SOFTPLUS],
  sqrt: [[], SQRT],
  acos: [['sqrt'], ACOS],
};

/** The text of a function's value, given that of its argument. */
export function callText(f: UnaryFunction, x: string): string {
  switch (f) {
    case 'neg':
      return `-(${x})`;
    case 'abs':
      return `abs(${x})`;
    case 'square':
      return `${x} * ${x}`;
    case 'relu':
      return `max(${x}, 0f)`;
    case 'detach':
      return x;
    default:
      return `${f}_(${x})`;
  }
}

/** Definitions of the functions named and of all that they call. */
export function definitions(names: Iterable<string>, exp: Plan['exp']): string {
  const wanted = new Set<string>();
  const visit = (name: string): void => {
    const entry = texts[name];
    if (!entry) return;
    entry[0].forEach(visit);
    wanted.add(name);
  };
  for (const name of names) visit(name);
  return [...wanted].map((name) => (name === 'exp' && exp === 'native' ? NATIVE_EXP : texts[name]![1])).join('\n');
}

/** A finite float32 literal. */
export function literal(x: number): string {
  const rounded = Math.fround(Math.min(Math.max(x, -3.4e38), 3.4e38));
  return rounded < 0 || Object.is(rounded, -0) ? `(${f32(rounded)})` : f32(rounded);
}
