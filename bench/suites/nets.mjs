/** The two nets of the suite `train-step`: sizes, initial values and batches, the same for whoever trains them. */
import { philox } from '@touchstone/losses/meta';

const BATCHES = 8;
const CLASSES = 10;
export const LEARNING_RATE = 1e-3;

/** Shapes by name; `x` is one example. A filter is [height, width, channels, outputs], its stride 2. */
export const nets = {
  mlp: {
    batch: 128,
    x: [784],
    variables: { w1: [784, 256], b1: [256], w2: [256, CLASSES], b2: [CLASSES] },
  },
  convnet: {
    batch: 32,
    x: [28, 28, 1],
    variables: {
      f1: [3, 3, 1, 16],
      b1: [16],
      f2: [3, 3, 16, 32],
      b2: [32],
      w: [7 * 7 * 32, CLASSES],
      b: [CLASSES],
    },
  },
};

const size = (shape) => shape.reduce((product, length) => product * length, 1);

/** Biases are 0, the others He-normal: N(0, 2 / fan-in). */
export function initialValues(name, shape) {
  const out = new Float32Array(size(shape));
  if (shape.length === 1) return out;
  const rng = philox(0, `bench/init/${name}`);
  const deviation = Math.sqrt(2 / size(shape.slice(0, -1)));
  return out.map(() => deviation * rng.normal());
}

/** Examples uniform in [0, 1), labels at random; cycles through eight batches. */
export function batchesOf({ batch, x }) {
  const rng = philox(0, 'bench/data');
  const all = Array.from({ length: BATCHES }, () => ({
    values: new Float32Array(batch * size(x)).map(() => rng.uniform()),
    labels: Int32Array.from({ length: batch }, () => rng.integer(CLASSES)),
  }));
  let next = 0;
  return () => all[next++ % BATCHES];
}
