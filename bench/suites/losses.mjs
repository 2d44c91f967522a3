/** Forward and backward of losses over all pairs: the fused form, the composed form and PyTorch. */
import { pythonWithTorch } from '../lib/python.mjs';
import { CLASSES, inputsOf } from './losses-inputs.mjs';

export const DEFAULTS = { n: [2048], dim: 128, threads: 1 };

/** The whole heap of TensorFlow.js's WebAssembly backend: no composed form can need more. */
const HEAP_BYTES = 2 ** 32 - 2 ** 16;

/** What each computes, the columns of its matrix, and how many such matrices its composed form was seen to hold. */
const LOSSES = {
  'nt-xent': { title: 'NT-Xent of n/2 pairs of views', matrices: 10 },
  'supervised-contrastive': { title: 'supervised contrastive, 8 examples a class', matrices: 21 },
  clip: { title: 'CLIP, both directions', matrices: 9 },
  'multi-similarity': { title: 'multi-similarity with its miner, 8 examples a class', matrices: 35 },
  'normalised-softmax': { title: `normalised softmax over ${CLASSES} classes`, columns: CLASSES, matrices: 7 },
  arcface: { title: `ArcFace over ${CLASSES} classes`, columns: CLASSES, matrices: 12 },
  'linear-softmax': {
    title: `cross-entropy of a linear layer over ${CLASSES} classes`,
    columns: CLASSES,
    matrices: 13,
  },
};

const gibibytes = (bytes) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

export function cases({ n: sizes, dim, threads } = DEFAULTS) {
  const python = pythonWithTorch();
  return sizes.flatMap((n) =>
    Object.entries(LOSSES).map(([loss, { title, columns = n, matrices }]) => {
      const needed = 4 * matrices * n * columns;
      const refused =
        needed > HEAP_BYTES
          ? `refused: ${matrices} matrices of ${n} × ${columns} need ${gibibytes(needed)}, more than the ${gibibytes(HEAP_BYTES)} of the WebAssembly heap`
          : undefined;
      return {
        name: loss,
        loss,
        title: `${title}; n = ${n}, D = ${dim}, ${threads} thread${threads === 1 ? '' : 's'}`,
        unit: 'forward and backward',
        sizes: { n, dim, threads },
        tolerance: 1e-3,
        implementations: [
          { name: 'fused' },
          { name: 'composed', alternative: true, absent: refused },
          {
            name: 'pytorch',
            alternative: true,
            python,
            absent: python ? undefined : 'not present: no python3 here imports torch',
          },
        ],
      };
    }),
  );
}

/** Stands for the norm of a gradient of zeros. */
const TINY = 1e-30;

/** What --json prints of a row. */
export const KEYS = ['case', 'implementation', 'n', 'dim', 'threads', 'cpuMs', 'wallMs', 'peakBytes'];

/** The check is the loss and, for each gradient, the logarithm of its norm and its direction along a fixed vector. */
export async function open(loss, implementation, { n, dim }) {
  const { startBackend } = await import('@touchstone/losses/backend');
  const { tfjsDifferentiation } = await import('../../packages/losses/dist/core/ops-tfjs.js');
  const { disposeAfter, hostView } = await import('../../packages/losses/dist/core/host-kernel.js');
  const { tfjsKernels } = await import('../../packages/losses/dist/core/kernels-tfjs.js');
  const { loadForm } = await import('./losses-forms.mjs');
  const { ops, leaf, valueOf, recording, gradients } = tfjsDifferentiation;
  const info = await startBackend('wasm');
  const { labels, leaves } = inputsOf(loss, n, dim);
  const nodes = leaves.map(({ values, shape }) => leaf(tfjsKernels.tensor(values, shape)));
  const evaluate = await loadForm(loss, implementation);

  const step = (see) =>
    disposeAfter(() => {
      const output = recording(true, () => evaluate(ops, { labels, leaves: nodes }));
      const value = hostView(valueOf(output))[0];
      const pulled = recording(false, () => gradients(output, nodes));
      return see(value, pulled.map(hostView));
    });
  const check = () =>
    step((value, pulled) => [
      value,
      ...pulled.flatMap((g) => {
        // A miner may keep no pair of a small batch, and then no gradient.
        const norm = Math.max(Math.sqrt(g.reduce((total, x) => total + x * x, 0)), TINY);
        return [Math.log(norm), g.reduce((total, x, i) => total + x * Math.cos(i), 0) / norm];
      }),
    ]);
  return { unit: () => step((value) => value), backend: info.version, check };
}
