/** Metrics at the sizes of real tests, beside the usual tools or the formula written straight down. */
import { openOurs, toolCases } from './metrics-tools.mjs';

/** `--full` is for this suite. */
export const FULL = true;

const DIM = 128;
const CLASSES = 10;
const RETRIEVAL_CLASSES = 50;
const SIZES = { 'retrieval-2000': 2000, 'retrieval-10000': 10_000, ece: 100_000, aurc: 100_000 };

const implementations = [{ name: 'touchstone' }, { name: 'plain', alternative: true }];
const retrieval = (name) => ({
  name,
  sizes: { n: SIZES[name], dim: DIM, threads: 1 },
  title: `Recall@1, 2, 4, 8, MAP@R and R-precision of ${SIZES[name].toLocaleString('en')} × ${DIM}`,
  unit: 'evaluation',
  tolerance: 1e-6,
  // Half a minute a time at 10,000, for the ratio that 2,000 shows.
  implementations: implementations.filter(({ alternative }) => !alternative || SIZES[name] <= 2000),
});
const classification = (name, title) => ({
  name,
  sizes: { n: SIZES[name], dim: CLASSES, threads: 1 },
  title: `${title} of ${SIZES[name].toLocaleString('en')} × ${CLASSES}`,
  unit: 'evaluation',
  tolerance: 1e-9,
  implementations,
});

export const cases = (sizes) => [
  ...toolCases(sizes),
  retrieval('retrieval-2000'),
  retrieval('retrieval-10000'),
  classification('ece', 'expected calibration error'),
  classification('aurc', 'risk-coverage'),
];

/** Clouds around class centres, far enough apart that neither every query nor none finds its class. */
function embeddingsOf(rng, n) {
  const centres = Float32Array.from({ length: RETRIEVAL_CLASSES * DIM }, () => rng.normal());
  const labels = Int32Array.from({ length: n }, () => rng.integer(RETRIEVAL_CLASSES));
  const embeddings = new Float32Array(n * DIM);
  for (let i = 0; i < embeddings.length; i++)
    embeddings[i] = centres[labels[Math.floor(i / DIM)] * DIM + (i % DIM)] + 2.5 * rng.normal();
  return { embeddings, labels, n, width: DIM };
}

/** Softmax of normal logits with the label's raised: an accuracy and calibration somewhere in the middle. */
function probabilitiesOf(rng, n) {
  const labels = Int32Array.from({ length: n }, () => rng.integer(CLASSES));
  const probabilities = new Float64Array(n * CLASSES);
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let c = 0; c < CLASSES; c++)
      total += probabilities[i * CLASSES + c] = Math.exp(2 * rng.normal() + (c === labels[i] ? 3 : 0));
    for (let c = 0; c < CLASSES; c++) probabilities[i * CLASSES + c] /= total;
  }
  return { probabilities, labels, n, width: CLASSES };
}

export async function open(name, implementation, sizes) {
  if (!(name in SIZES)) {
    const unit = await openOurs(name, sizes);
    return { unit, check: unit, backend: 'none' };
  }
  const { philox } = await import('@touchstone/losses/meta');
  const ranked = name.startsWith('retrieval');
  const inputs = (ranked ? embeddingsOf : probabilitiesOf)(philox(0, `bench/${name}`), SIZES[name]);
  let compute;
  if (implementation === 'plain') {
    const plain = await import('./metrics-plain.mjs');
    compute = ranked ? plain.retrieval : plain[name];
  } else {
    const { getMetric } = await import('@touchstone/eval/meta');
    const metrics = (ranked ? ['recall-at-k', 'map-at-r'] : [name]).map((key) => getMetric(key));
    compute = (given) => metrics.flatMap((metric) => Object.values(metric.compute(given).scores));
  }
  // A copy each time: results are remembered by array, and remembering is not what is measured.
  const fresh = () => (ranked ? { ...inputs, embeddings: inputs.embeddings.slice() } : inputs);
  return { unit: () => void compute(fresh()), check: () => compute(fresh()), backend: 'none' };
}
