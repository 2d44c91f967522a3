/** One training step of every registered objective on a net of the size that the letters' boards train. */
import { openContext } from './context.mjs';

const SIZES = [16, 256, 64];
const LETTERS = 26;
const GROUPS = 16;
const BATCHES = 8;
const REFERENCE = 'cross-entropy';

export async function cases() {
  const { listMethods } = await import('@touchstone/losses/meta');
  const keys = listMethods().flatMap(({ slot, key }) => (slot === 'objective' && key !== REFERENCE ? [key] : []));
  return [64, 256].map((batch) => ({
    name: `batch-${batch}`,
    title: `${SIZES.join('-')}, ${batch} examples of ${GROUPS} classes, AdamW, ratio to ${REFERENCE}`,
    unit: 'step',
    implementations: [REFERENCE, ...keys].map((name) => ({ name })),
  }));
}

/** Letters-like examples: 26 classes, each a cloud around its own centre; equally many of 16 classes in a batch. */
function makeBatches(philox, size) {
  const rng = philox(0, 'bench/letters');
  const centres = Array.from({ length: LETTERS * SIZES[0] }, () => rng.normal());
  return Array.from({ length: BATCHES }, (_, b) => {
    const classes = rng.permutation(LETTERS).subarray(0, GROUPS);
    const labels = Int32Array.from({ length: size }, (_, i) => classes[i % GROUPS]);
    const values = new Float32Array(size * SIZES[0]).map(
      (_, at) => centres[labels[Math.floor(at / SIZES[0])] * SIZES[0] + (at % SIZES[0])] + rng.normal(),
    );
    return { ids: Int32Array.from({ length: size }, (_, i) => b * size + i), labels, values };
  });
}

export async function open(name, key) {
  const { getMethod, parseParams, philox } = await import('@touchstone/losses/meta');
  const { openSession } = await import('@touchstone/losses/backend');
  const size = Number(name.slice('batch-'.length));
  const session = await openSession({ backend: 'wasm' });
  const { ops } = session;
  const facts = { trainSize: BATCHES * size, classes: LETTERS, embeddingDim: SIZES.at(-1), batches: BATCHES };
  const context = openContext(session, facts, philox);

  const dense = (from, to, layer) => {
    const weight = context.variable(`${layer}/weight`, [from, to], { kind: 'heNormal' });
    const bias = context.variable(`${layer}/bias`, [to], { kind: 'constant', value: 0 }, { decay: false });
    return { apply: (x) => ops.add(ops.matMul(x, weight), bias), variables: [weight, bias] };
  };
  const [hidden, embedding] = [dense(SIZES[0], SIZES[1], 'hidden'), dense(SIZES[1], SIZES[2], 'embedding')];
  const method = getMethod(key);
  const head = method.needs.includes('logits') ? dense(SIZES[2], LETTERS, 'head') : undefined;
  const embed = (x) => embedding.apply(ops.relu(hidden.apply(x)));
  const net = { embed, logits: (x) => head.apply(ops.relu(embed(x))) };

  const implementation = await method.load();
  const objective = implementation.setup(context.scope('objective'), parseParams(method));
  const optimiser = session.optimiser({ kind: 'adamw', learningRate: () => 1e-3, weightDecay: 1e-4 });
  const batches = makeBatches(philox, size);
  const unit = async () => {
    const { ids, labels, values } = batches[context.step % BATCHES];
    const x = session.tensor(values, [size, SIZES[0]]);
    const batch = { ids, labels, x, views: new Array(objective.views ?? 0).fill(x) };
    const loss = await optimiser.minimise(() => objective.loss(batch, net), context.variables());
    if (!Number.isFinite(loss)) throw new Error(`the loss became ${loss} at step ${context.step}`);
    await objective.afterStep?.(batch);
    ops.release(x);
    context.advance();
  };
  return { unit, backend: session.info.version };
}
