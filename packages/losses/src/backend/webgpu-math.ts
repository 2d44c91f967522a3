/**
 * Elementary functions in WGSL, precise to a few units in the last place of float32. The language's own may be off by
 * thousands (acos), lose everything near 0 (log(1 + x)) or be bounded absolutely only (sin, log near 1).
 */

/** c₀ + t(c₁ + t(c₂ + …)), as nested fused multiply-adds. */
function polynomial(t: string, coefficients: readonly number[]): string {
  const literal = (value: number): string => `${value < 0 ? '(' : ''}${value.toExponential(9)}f${value < 0 ? ')' : ''}`;
  return coefficients
    .slice(0, -1)
    .reduceRight((inner, c) => `fma(${t}, ${inner}, ${literal(c)})`, literal(coefficients.at(-1)!));
}

const series = (terms: number, coefficient: (n: number) => number): number[] =>
  Array.from({ length: terms }, (_, n) => coefficient(n));

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));

/** (2n)! / (4ⁿ n!² (2n + 1)): the series of asin. */
const asinCoefficient = (n: number): number => factorial(2 * n) / (4 ** n * factorial(n) ** 2 * (2 * n + 1));

// Two parts of ln 2 and three of π/2: the first have few bits, so that small multiples of them are exact.
const [LN2_HIGH, LN2_LOW] = ['0.693145751953125f', '1.42860682030941723e-6f'];
const HALF_PI = ['1.5703125f', '4.83751296997070313e-4f', '7.54978995489188216e-8f'];

interface Routine {
  readonly code: string;
  readonly needs?: readonly string[];
}

const routines: Readonly<Record<string, Routine>> = {
  powerOfTwo: { code: `fn powerOfTwo(n : i32) -> f32 { return bitcast<f32>(u32(n + 127) << 23u); }` },
  // e^x = 2ⁿ e^r with |r| ≤ ln 2 / 2; 2ⁿ in two steps, since n may leave the range of one.
  expOf: {
    needs: ['powerOfTwo'],
    code: `fn expOf(x : f32) -> f32 {
  if (isnan(x)) { return x; }
  if (x > 88.72284f) { return uniforms.INFINITY; }
  if (x < -103.97f) { return 0.0f; }
  let n = round(x * 1.44269504f);
  let r = fma(n, -${LN2_LOW}, fma(n, -${LN2_HIGH}, x));
  let half = i32(n) / 2;
  return ${polynomial(
    'r',
    series(8, (n) => 1 / factorial(n)),
  )} * powerOfTwo(half) * powerOfTwo(i32(n) - half);
}`,
  },
  expm1Of: {
    needs: ['expOf'],
    code: `fn expm1Of(x : f32) -> f32 {
  if (abs(x) < 0.5f) { return x * ${polynomial(
    'x',
    series(9, (n) => 1 / factorial(n + 1)),
  )}; }
  return expOf(x) - 1.0f;
}`,
  },
  // log(1 + f) = f − s(f − R), s = f / (2 + f), R = 2s²(1/3 + s²/5 + …).
  logOnePlus: {
    code: `fn logOnePlus(f : f32) -> f32 {
  let s = f / (2.0f + f);
  let t = s * s;
  return f - s * (f - t * ${polynomial(
    't',
    series(5, (n) => 2 / (2 * n + 3)),
  )});
}`,
  },
  logOf: {
    needs: ['logOnePlus'],
    code: `fn logOf(x : f32) -> f32 {
  if (isnan(x) || x < 0.0f) { return uniforms.NAN; }
  var bits = bitcast<u32>(x) & 0x7fffffffu;
  if (bits == 0u) { return -uniforms.INFINITY; }
  if (bits == 0x7f800000u) { return x; }
  var exponent = 0;
  if (bits < 0x00800000u) {
    bits = bitcast<u32>(f32(bits));
    exponent = -149;
  }
  let shifted = bits - 0x3f3504f3u;
  exponent += bitcast<i32>(shifted) >> 23u;
  let mantissa = bitcast<f32>((shifted & 0x007fffffu) + 0x3f3504f3u);
  let n = f32(exponent);
  return fma(n, ${LN2_HIGH}, fma(n, ${LN2_LOW}, logOnePlus(mantissa - 1.0f)));
}`,
  },
  log1pOf: {
    needs: ['logOf', 'logOnePlus'],
    code: `fn log1pOf(x : f32) -> f32 {
  if (x > -0.29f && x < 0.41f) { return logOnePlus(x); }
  return logOf(1.0f + x);
}`,
  },
  sinCos: {
    code: `fn sinCos(x : f32, quarter : i32) -> f32 {
  if (isnan(x) || isinf(x)) { return uniforms.NAN; }
  let n = round(x * 0.636619772f);
  let r = fma(n, -${HALF_PI[2]}, fma(n, -${HALF_PI[1]}, fma(n, -${HALF_PI[0]}, x)));
  let t = r * r;
  let sine = r * ${polynomial(
    't',
    series(6, (n) => (-1) ** n / factorial(2 * n + 1)),
  )};
  let cosine = ${polynomial(
    't',
    series(6, (n) => (-1) ** n / factorial(2 * n)),
  )};
  let turn = (i32(n) + quarter) & 3;
  let value = select(sine, cosine, (turn & 1) == 1);
  return select(value, -value, turn > 1);
}`,
  },
  asinOf: {
    code: `fn asinOf(x : f32) -> f32 {
  let t = x * x;
  return x * ${polynomial('t', series(12, asinCoefficient))};
}`,
  },
  acosOf: {
    needs: ['asinOf'],
    code: `fn acosOf(x : f32) -> f32 {
  if (isnan(x) || abs(x) > 1.0f) { return uniforms.NAN; }
  if (x > 0.5f) { return 2.0f * asinOf(sqrt((1.0f - x) * 0.5f)); }
  if (x < -0.5f) { return 3.14159265f - 2.0f * asinOf(sqrt((1.0f + x) * 0.5f)); }
  return 1.57079633f - asinOf(x);
}`,
  },
  atanOf: {
    code: `fn atanOf(x : f32) -> f32 {
  if (isnan(x)) { return x; }
  let outside = abs(x) > 1.0f;
  let inner = select(abs(x), 1.0f / abs(x), outside);
  let steep = inner > 0.414213562f;
  let r = select(inner, (inner - 1.0f) / (inner + 1.0f), steep);
  let t = r * r;
  let near = r * ${polynomial(
    't',
    series(10, (n) => (-1) ** n / (2 * n + 1)),
  )};
  let lower = select(near, 0.785398163f + near, steep);
  let value = select(lower, 1.57079633f - lower, outside);
  return select(value, -value, x < 0.0f);
}`,
  },
  tanhOf: {
    needs: ['expm1Of'],
    code: `fn tanhOf(x : f32) -> f32 {
  if (isnan(x)) { return x; }
  let e = expm1Of(2.0f * min(abs(x), 10.0f));
  let value = e / (e + 2.0f);
  return select(value, -value, x < 0.0f);
}`,
  },
  sigmoidOf: {
    needs: ['expOf'],
    code: `fn sigmoidOf(x : f32) -> f32 {
  let e = expOf(-abs(x));
  return select(e, 1.0f, x >= 0.0f) / (1.0f + e);
}`,
  },
  softplusOf: {
    needs: ['expOf', 'log1pOf'],
    code: `fn softplusOf(x : f32) -> f32 {
  if (isnan(x)) { return x; }
  return max(x, 0.0f) + log1pOf(expOf(-abs(x)));
}`,
  },
  // erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n + 1)!!: every term has one sign, so nothing cancels.
  erfOf: {
    needs: ['expOf'],
    code: `fn erfOf(x : f32) -> f32 {
  if (isnan(x)) { return x; }
  let a = abs(x);
  if (a > 4.0f) { return sign(x); }
  let twice = 2.0f * a * a;
  var term = a;
  var total = a;
  for (var n = 1; n < 80 && term > 1.0e-9f * total; n++) {
    term *= twice / f32(2 * n + 1);
    total += term;
  }
  let value = min(1.12837917f * expOf(-a * a) * total, 1.0f);
  return select(value, -value, x < 0.0f);
}`,
  },
  // x^y for x ≥ 0: the product's rounding is carried on, since e^ multiplies it by the size of the exponent.
  powerOf: {
    needs: ['expOf', 'logOf'],
    code: `fn powerOf(x : f32, y : f32) -> f32 {
  if (isnan(x)) { return x; }
  if (x == 0.0f) { return select(uniforms.INFINITY, 0.0f, y > 0.0f); }
  if (isinf(x)) { return select(0.0f, uniforms.INFINITY, y > 0.0f); }
  let l = logOf(x);
  let p = y * l;
  let e = expOf(p);
  return select(e * (1.0f + fma(y, l, -p)), e, isinf(e));
}`,
  },
};

/** The text of the named routines and of what they need, each once, in order. `isnan` and `isinf` are TensorFlow.js's. */
export function routinesFor(names: readonly string[]): string {
  const taken = new Set<string>();
  const add = (name: string): void => {
    if (taken.has(name)) return;
    routines[name]!.needs?.forEach(add);
    taken.add(name);
  };
  names.forEach(add);
  return [...taken].map((name) => routines[name]!.code).join('\n');
}
