/** The definitions as a first version would have them: no blocks, no selection, no checks of the input, no ties. */

/** → Recall@1, 2, 4, 8, MAP@R, R-precision by cosine similarity: all products of a query, then a full sort. */
export function retrieval({ embeddings, labels, n, width }) {
  const unit = new Float64Array(embeddings.length);
  for (let i = 0; i < n; i++) {
    let square = 0;
    for (let d = 0; d < width; d++) square += embeddings[i * width + d] ** 2;
    const norm = Math.sqrt(square);
    for (let d = 0; d < width; d++) unit[i * width + d] = embeddings[i * width + d] / norm;
  }
  const sizes = new Map();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const sums = [0, 0, 0, 0, 0, 0];
  const similarity = new Float64Array(n);
  const order = new Uint32Array(n);
  for (let query = 0; query < n; query++) {
    for (let j = 0; j < n; j++) {
      let dot = 0;
      for (let d = 0; d < width; d++) dot += unit[query * width + d] * unit[j * width + d];
      similarity[j] = j === query ? -2 : dot;
      order[j] = j;
    }
    order.sort((a, b) => similarity[b] - similarity[a]);
    const r = sizes.get(labels[query]) - 1;
    let [hits, precisions, first] = [0, 0, Infinity];
    for (let rank = 1; rank <= Math.max(r, 8); rank++) {
      if (labels[order[rank - 1]] !== labels[query]) continue;
      first = Math.min(first, rank);
      if (rank > r) continue;
      hits++;
      precisions += hits / rank;
    }
    [1, 2, 4, 8].forEach((k, i) => (sums[i] += first <= k ? 1 : 0));
    sums[4] += precisions / r;
    sums[5] += hits / r;
  }
  return sums.map((sum) => sum / n);
}

function decide({ probabilities, labels, n, width }) {
  const confidence = new Float64Array(n);
  const correct = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    let best = 0;
    for (let c = 1; c < width; c++) if (probabilities[i * width + c] > probabilities[i * width + best]) best = c;
    confidence[i] = probabilities[i * width + best];
    correct[i] = best === labels[i] ? 1 : 0;
  }
  return { confidence, correct };
}

/** Expected calibration error, 15 equal bins. */
export function ece(inputs) {
  const { confidence, correct } = decide(inputs);
  const gaps = new Float64Array(15);
  confidence.forEach((value, i) => (gaps[Math.min(14, Math.ceil(value * 15) - 1)] += correct[i] - value));
  return [gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / inputs.n];
}

/** Area under the risk-coverage curve, and its excess over a perfect ranking. */
export function aurc(inputs) {
  const { n } = inputs;
  const { confidence, correct } = decide(inputs);
  const order = Array.from(confidence.keys()).sort((a, b) => confidence[b] - confidence[a]);
  let [errors, area, smallest] = [0, 0, 0];
  order.forEach((item, i) => {
    errors += 1 - correct[item];
    area += errors / (i + 1);
  });
  for (let j = 1; j <= errors; j++) smallest += j / (n - errors + j);
  return [area / n, (area - smallest) / n];
}
