/** What an objective gets of a run, for steps outside a run. */

const DEVIATION = {
  normal: (shape, { deviation }) => deviation,
  heNormal: (shape) => Math.sqrt(2 / fanIn(shape)),
};
const BOUNDS = {
  uniform: (shape, { low, high }) => [low, high],
  glorotUniform: (shape) => {
    const bound = Math.sqrt(6 / (fanIn(shape) + shape.at(-1)));
    return [-bound, bound];
  },
};

const fanIn = (shape) => shape.slice(0, -1).reduce((product, length) => product * length, 1);

function valuesOf(shape, init, rng) {
  const out = new Float32Array(shape.reduce((product, length) => product * length, 1));
  if (init.kind === 'constant') return out.fill(init.value);
  if (init.kind === 'values') return Float32Array.from(init.values);
  if (init.kind in DEVIATION) {
    const deviation = DEVIATION[init.kind](shape, init);
    return out.map(() => deviation * rng.normal());
  }
  const [low, high] = BOUNDS[init.kind](shape, init);
  return out.map(() => low + (high - low) * rng.uniform());
}

/** `facts`: trainSize, classes, embeddingDim, batches (steps an epoch). The context of the whole, with `advance()`. */
export function openContext(session, { trainSize, classes, embeddingDim, batches }, philox) {
  const variables = new Map();
  const states = new Map();
  let step = 0;
  const remember = (map, key, make) => {
    if (!map.has(key)) map.set(key, make());
    return map.get(key);
  };
  const scope = (prefix) => ({
    ops: session.ops,
    rng: (stream) => philox(0, `bench/${prefix}${stream}`),
    variable: (name, shape, init, options) =>
      remember(variables, prefix + name, () => {
        const values = valuesOf(shape, init, philox(0, `bench/init/${prefix}${name}`));
        return session.variable(prefix + name, shape, values, options);
      }),
    sampleState: (name, width) => remember(states, prefix + name, () => new Float32Array(trainSize * width)),
    scope: (name) => scope(`${prefix}${name}/`),
    get step() {
      return step;
    },
    get epoch() {
      return Math.floor(step / batches);
    },
    totalSteps: 600,
    totalEpochs: Math.ceil(600 / batches),
    trainSize,
    classes,
    embeddingDim,
    report() {},
  });
  return Object.assign(scope(''), {
    variables: () => [...variables.values()],
    advance: () => step++,
  });
}
