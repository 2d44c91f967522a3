import type { Metadata } from 'next';
import { PageHead } from '@/components/ui';
import { LossPlots, Legend } from '@/features/kernels/loss-plots';
import { LossTable } from '@/features/kernels/loss-table';
import { facts, memory, time } from '@/features/kernels/measured';

export const metadata: Metadata = { title: 'Kernels' };

const paragraph = 'max-w-[72ch] my-3';

export default function KernelsPage() {
  return (
    <>
      <PageHead title="Kernels">
        Losses over all pairs of a batch, computed without a matrix of all pairs: what that costs here, beside the form
        that stores the matrices and beside PyTorch.
      </PageHead>
      <p className={paragraph}>
        A loss such as NT-Xent looks at every pair of a batch. Written with matrices it holds several arrays of n × n
        numbers. Here it is declared once, as statistics of each row over the pairs that count, and one engine derives
        value and gradient from the declaration, tile by tile, with memory that grows with n rather than n². Methods
        take this form by themselves where a batch has enough pairs; below that they keep the matrices, which are then
        faster.
      </p>
      <p className={paragraph}>
        Each figure is the median of forward and backward in a process of its own, the implementations measured in turns
        within one run. {facts.machine}, {facts.cores} cores, Node.js {facts.node.replace('v', '')},{' '}
        {facts.backends.join(', ')}; D = {facts.dim}, one thread; {facts.dates.join(', ')}. The machine did other work
        meanwhile: compare within a panel, and read differences of a tenth as none.
      </p>
      <Legend />
      <h2>Time</h2>
      <p className={paragraph}>
        CPU milliseconds of forward and backward, against the n rows of the batch; both axes logarithmic.
      </p>
      <LossPlots panels={time} unit="ms" />
      <h2>Memory</h2>
      <p className={paragraph}>Peak memory above the inputs, in MiB. Some composed forms end where the heap does.</p>
      <LossPlots panels={memory} unit="MiB" />
      <h2>At n = 2048</h2>
      <LossTable n={2048} />
      <h2>Measure it yourself</h2>
      <pre tabIndex={0}>{'npm run --silent bench -- losses --n 2048 --dim 128 --threads 1\nnode bench/plots.mjs'}</pre>
      <p className={paragraph}>
        The first command measures every loss and appends to <code>bench/results/losses.csv</code>; the second one draws
        these plots from it. How to declare a loss of your own is in <code>docs/kernels.md</code>.
      </p>
    </>
  );
}
