/** What the usual tools and ours are given: the same numbers in JavaScript and in Python (lib/metrics_tools.py). */
import { uniform } from './losses-inputs.mjs';

/** Classes of 2 to 12 items, as those of Stanford Online Products. */
const CLASS_SIZES = [2, 12, 3, 5, 4, 6, 5, 6, 5, 5, 5];
/** Neither every query nor none finds its class. */
const NOISE = 2.2;

/** Items around the centre of their class, in float32; → { embeddings, labels, classes }. */
export function embeddingsOf(n, dim) {
  const labels = new Int32Array(n);
  let classes = 0;
  for (let i = 0; i < n; classes++) {
    const end = Math.min(n, i + CLASS_SIZES[classes % CLASS_SIZES.length]);
    labels.fill(classes, i, end);
    i = end;
  }
  const embeddings = new Float32Array(n * dim);
  for (let i = 0, at = 0; i < n; i++)
    for (let k = 0; k < dim; k++, at++)
      embeddings[at] = uniform(1, labels[i] * dim + k) - 0.5 + NOISE * (uniform(2, at) - 0.5);
  return { embeddings, labels, classes };
}

/** n² values: real ones in [0, 1), whole ones below 1,000 with many ties, or products of a row's and a column's number. */
export function assignmentOf(kind, n) {
  if (kind === 'outer') {
    const side = (seed) => Float64Array.from({ length: n }, (_, i) => uniform(seed, i));
    const [rows, columns] = [side(1), side(2)];
    return Float64Array.from({ length: n * n }, (_, at) => rows[Math.floor(at / n)] * columns[at % n]);
  }
  const scale = kind === 'whole' ? (value) => Math.floor(1000 * value) : (value) => value;
  return Float64Array.from({ length: n * n }, (_, at) => scale(uniform(3, at)));
}

/** Words of a segment at most, and of the vocabulary. */
const [LONGEST, VOCABULARY] = [40, 20_000];

/** n translations with one reference each: words by a long-tailed law, a fifth of them changed; → { candidates, references }. */
export function translationsOf(n) {
  const [candidates, references] = [[], []];
  const word = (seed, at) => `w${Math.floor(VOCABULARY * uniform(seed, at) ** 3)}`;
  for (let i = 0; i < n; i++) {
    const length = 8 + Math.floor((LONGEST - 8) * uniform(4, i));
    const [candidate, reference] = [[], []];
    for (let k = 0; k < length; k++) {
      const at = i * LONGEST + k;
      const mark = k === length - 1 ? '.' : uniform(5, at) < 0.1 ? ',' : '';
      reference.push(word(6, at) + mark);
      candidate.push(word(uniform(7, at) < 0.2 ? 8 : 6, at) + mark);
    }
    candidates.push(candidate.join(' '));
    references.push(reference.join(' '));
  }
  return { candidates, references };
}
