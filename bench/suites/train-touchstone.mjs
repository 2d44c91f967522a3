/** Training through a session of ours: the way every run trains. */
import { openSession } from '@touchstone/losses/backend';
import { batchesOf, initialValues, LEARNING_RATE, nets } from './nets.mjs';

const forward = {
  mlp: (ops, x, v) => ops.add(ops.matMul(ops.relu(ops.add(ops.matMul(x, v.w1), v.b1)), v.w2), v.b2),
  convnet(ops, x, v) {
    const first = ops.relu(ops.add(ops.conv2d(x, v.f1, { strides: 2 }), v.b1));
    const second = ops.relu(ops.add(ops.conv2d(first, v.f2, { strides: 2 }), v.b2));
    return ops.add(ops.matMul(ops.reshape(second, [x.shape[0], v.w.shape[0]]), v.w), v.b);
  },
};

export async function open(name) {
  const net = nets[name];
  const session = await openSession({ backend: 'wasm' });
  const { ops } = session;
  const variables = Object.fromEntries(
    Object.entries(net.variables).map(([key, shape]) => [key, session.variable(key, shape, initialValues(key, shape))]),
  );
  const optimiser = session.optimiser({ kind: 'adam', learningRate: () => LEARNING_RATE, weightDecay: 0 });
  const next = batchesOf(net);
  const step = () => {
    const { values, labels } = next();
    return optimiser.minimise(() => {
      const logits = forward[name](ops, ops.tensor(values, [net.batch, ...net.x]), variables);
      return ops.neg(ops.mean(ops.pick(ops.logSoftmax(logits), labels)));
    }, Object.values(variables));
  };
  return { step, backend: session.info.version };
}
