/** The same training with TensorFlow.js alone: its variables, its gradients, its Adam, its kernels. */
import { createRequire, register } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { batchesOf, initialValues, LEARNING_RATE, nets } from './nets.mjs';

const CLASSES = 10;

/**
 * The core package registers no gradients by itself, the union package does, by this module. Its imports have no
 * extensions, which bundlers add and Node does not. Registry and engine are global, so this copy serves the first.
 */
async function registerGradients() {
  const hook = `export const resolve = (specifier, context, next) =>
    next(specifier, context).catch((error) => {
      if (!specifier.startsWith('.')) throw error;
      return next(specifier + '.js', context).catch(() => next(specifier + '/index.js', context));
    });`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
  await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
}

async function start(backend) {
  // A fair alternative has the checks of every operation off, as ours has.
  tf.enableProdMode();
  await registerGradients();
  if (backend === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  } else {
    await import('@tensorflow/tfjs-backend-cpu');
  }
  await tf.setBackend(backend);
  await tf.ready();
}

const forward = {
  mlp: (x, v) => tf.add(tf.matMul(tf.relu(tf.add(tf.matMul(x, v.w1), v.b1)), v.w2), v.b2),
  convnet(x, v) {
    const first = tf.relu(tf.add(tf.conv2d(x, v.f1, 2, 'same'), v.b1));
    const second = tf.relu(tf.add(tf.conv2d(first, v.f2, 2, 'same'), v.b2));
    return tf.add(tf.matMul(tf.reshape(second, [x.shape[0], v.w.shape[0]]), v.w), v.b);
  },
};

export async function open(name, backend) {
  const net = nets[name];
  await start(backend);
  const variables = Object.fromEntries(
    Object.entries(net.variables).map(([key, shape]) => [
      key,
      tf.variable(tf.tensor(initialValues(key, shape), shape)),
    ]),
  );
  const optimiser = tf.train.adam(LEARNING_RATE, 0.9, 0.999, 1e-8);
  const next = batchesOf(net);
  const step = async () => {
    const { values, labels } = next();
    const cost = tf.tidy(() => {
      const x = tf.tensor(values, [net.batch, ...net.x]);
      const target = tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES);
      return optimiser.minimize(
        () => tf.losses.softmaxCrossEntropy(target, forward[name](x, variables)),
        true,
        Object.values(variables),
      );
    });
    const [value] = await cost.data();
    cost.dispose();
    return value;
  };
  return { step, backend: `tfjs-${backend} ${tf.version_core}` };
}
