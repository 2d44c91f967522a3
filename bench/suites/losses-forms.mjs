/** The methods' own functions, in the form asked for: `composed` stores the matrix of all pairs, `fused` does not. */
const built = (path) => import(`../../packages/losses/dist/${path}.js`);

/** → what evaluates `loss` on `labels` and `leaves`, as losses-inputs.mjs makes them; parameters as in lib/pytorch.py. */
const loaders = {
  'nt-xent': async (form) => {
    const { ntXent } = await built('metric-learning/info-nce/formulas');
    return (ops, { leaves: [first, second] }) => ntXent(ops, first, second, 0.1, form);
  },
  'supervised-contrastive': async (form) => {
    const { supervisedContrastiveLoss } = await built('metric-learning/supervised-contrastive/implement');
    return (ops, { labels, leaves: [x] }) => supervisedContrastiveLoss(ops, x, labels, { temperature: 0.1 }, form);
  },
  clip: async (form) => {
    const { clip } = await built('metric-learning/info-nce/formulas');
    return (ops, { leaves: [image, text] }) => clip(ops, image, text, 0.07, form);
  },
  'multi-similarity': async (form) => {
    const { multiSimilarity } = await built('metric-learning/multi-similarity/implement');
    const params = { alpha: 2, beta: 40, lambda: 0.5, margin: 0.1, selfEps: 1e-5 };
    return (ops, { labels, leaves: [x] }) => multiSimilarity(ops, x, labels, params, form);
  },
  'normalised-softmax': async (form) => {
    const { normalizedSoftmax } = await built('metric-learning/hyperspherical-nsl/implement');
    return (ops, { labels, leaves: [x, w] }) => normalizedSoftmax(ops, x, w, labels, { temperature: 0.05 }, form);
  },
  arcface: async (form) => {
    const { arcFace } = await built('verification/arcface/implement');
    return (ops, { labels, leaves: [x, w] }) => arcFace(ops, x, w, labels, { s: 64, m: 0.5 }, form);
  },
  'linear-softmax': async (form) => {
    const { linearCrossEntropy } = await built('classification/cross-entropy/implement');
    return (ops, { labels, leaves: [features, weights, bias] }) =>
      linearCrossEntropy(ops, { features, weights, bias, labels }, form);
  },
};

export const loadForm = (loss, form) => loaders[loss](form);
