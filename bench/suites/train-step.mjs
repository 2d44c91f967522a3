/** One training step (data in, forward, gradients, Adam, loss out) against TensorFlow.js as it comes. */
const OPEN = {
  'touchstone-wasm': async (net) => (await import('./train-touchstone.mjs')).open(net),
  'tfjs-wasm': async (net) => (await import('./train-tfjs.mjs')).open(net, 'wasm'),
  'tfjs-cpu': async (net) => (await import('./train-tfjs.mjs')).open(net, 'cpu'),
};
const CHECKED_STEPS = 3;
const implementations = [
  { name: 'touchstone-wasm' },
  { name: 'tfjs-wasm', alternative: true },
  { name: 'tfjs-cpu', alternative: true },
];

export const cases = () => [
  { name: 'mlp', title: '784-256-10, batch 128, Adam', unit: 'step', tolerance: 1e-3, implementations },
  {
    name: 'convnet',
    title: '28×28, two 3×3 convolutions of stride 2 with 16 and 32 channels, batch 32, Adam',
    unit: 'step',
    tolerance: 1e-3,
    implementations,
  },
];

/** The losses of the first steps are the check that all train the same net. */
export async function open(net, implementation) {
  const { step, backend } = await OPEN[implementation](net);
  const check = async () => {
    const losses = [];
    for (let i = 0; i < CHECKED_STEPS; i++) losses.push(await step());
    return losses;
  };
  return { unit: step, backend, check };
}
