/** Initial values of variables, each from a stream of its own, so that adding one never moves another. */
import type { Initialiser, Rng } from '@touchstone/losses/meta';

function fans(shape: readonly number[]): [fanIn: number, fanOut: number] {
  if (shape.length < 2) return [shape[0] ?? 1, shape[0] ?? 1];
  const receptive = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  return [shape.at(-2)! * receptive, shape.at(-1)! * receptive];
}

/** Row-major values. heNormal: N(0, 2/fanIn) (He et al. 2015); glorotUniform: ±√(6/(fanIn+fanOut)) (Glorot, Bengio 2010). */
export function initialValues(shape: readonly number[], init: Initialiser, rng: () => Rng): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const out = new Float32Array(size);
  const [fanIn, fanOut] = fans(shape);
  const draw = (next: () => number): Float32Array => {
    for (let i = 0; i < size; i++) out[i] = next();
    return out;
  };
  switch (init.kind) {
    case 'constant':
      return out.fill(init.value);
    case 'values':
      return draw(
        (
          (i) => () =>
            init.values[i++]!
        )(0),
      );
    case 'normal':
      return draw(
        (
          (g) => () =>
            g.normal() * init.deviation
        )(rng()),
      );
    case 'uniform':
      return draw(
        (
          (g) => () =>
            init.low + g.uniform() * (init.high - init.low)
        )(rng()),
      );
    case 'heNormal':
      return draw(
        (
          (g, deviation) => () =>
            g.normal() * deviation
        )(rng(), Math.sqrt(2 / fanIn)),
      );
    case 'glorotUniform':
      return draw(
        (
          (g, bound) => () =>
            (2 * g.uniform() - 1) * bound
        )(rng(), Math.sqrt(6 / (fanIn + fanOut))),
      );
  }
}
