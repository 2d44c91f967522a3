import { LossError } from '../../core/errors.js';
import { gaussianNoise } from '../../core/gaussian.js';
import { batchLabels, checkLabels } from '../../core/guards.js';
import type { Tensor } from '../../core/ops.js';
import { negativeLogLikelihood } from '../../core/softmax-formulas.js';
import type { Batch, Progress, RunContext, Trainer, TrainTask, Variable } from '../../core/slots.js';
import type { Params } from './definition.js';
import { denoising, priorDivergence } from './formulas.js';
import { cosineSchedule, nopropCoefficients } from './schedule.js';

/** u_t(z_{t−1}, x): the predicted label embedding [b,C], with the variables that are its own. */
interface Block {
  predict(z: Tensor, x: Tensor): Tensor;
  readonly variables: readonly Variable[];
}

interface Model {
  readonly blocks: readonly Block[];
  /** W_out [C,C]: z_T to logits. */
  readonly readout: Variable;
}

/** Standard normal draws [b·C] for z_{t−1}, and for z_T, which the blocks of one batch share. */
interface BlockNoise {
  readonly input: Float64Array;
  readonly end: Float64Array;
}

/**
 * NoProp in discrete time with one-hot label embeddings. Training samples z_{t−1} from q(·|y) instead of running the
 * earlier blocks, so block t's loss depends on block t and the output matrix alone. `predict` runs the chain from noise
 * of the run's own generator and returns logits [b,C]; the same input gives the same answer.
 */
export function discreteTime(ctx: RunContext, { blocks: count, eta }: Params): Trainer {
  const { ops, classes } = ctx;
  const bars = cosineSchedule(count);
  const coefficients = nopropCoefficients(bars);
  let trained: Model | undefined;

  /** A block adds what x says to what z says: for one-hot embeddings the logarithm of the posterior has this form. */
  function build(task: TrainTask): Model {
    const blocks = Array.from({ length: count }, (_, t) => {
      const ofInput = task.makeMlp(`noprop/block-${t + 1}/x`, [task.inputDim, ...task.hidden, classes]);
      const ofNoisy = task.makeMlp(`noprop/block-${t + 1}/z`, [classes, classes]);
      return {
        predict: (z: Tensor, x: Tensor) => ops.softmax(ops.add(ofInput(x), ofNoisy(z))),
        variables: [...ofInput.variables, ...ofNoisy.variables],
      };
    });
    return { blocks, readout: ctx.variable('readout', [classes, classes], { kind: 'glorotUniform' }) };
  }

  /** A draw of z_t given the labels: √ᾱ_t u_y + √(1−ᾱ_t) ε. */
  function sampleNoisy(labels: Int32Array, t: number, noise: Float64Array): Tensor {
    const bar = bars[t]!;
    const z = noise.map((value) => Math.sqrt(1 - bar) * value);
    labels.forEach((label, i) => (z[i * classes + label] = z[i * classes + label]! + Math.sqrt(bar)));
    return ops.tensor(z, [labels.length, classes]);
  }

  /** Mean over the batch of block t's loss; the prior term is a constant and enters the value only. */
  function blockLoss(model: Model, t: number, batch: Batch, labels: Int32Array, noise: BlockNoise): Tensor {
    const target = ops.oneHot(labels, classes);
    const x = flatten(batch.x);
    const predicted = model.blocks[t - 1]!.predict(sampleNoisy(labels, t - 1, noise.input), x);
    const weight = (count / 2) * eta * coefficients.snrDiff[t - 1]!;
    const logits = ops.matMul(sampleNoisy(labels, count, noise.end), model.readout);
    const terms = ops.add(denoising(ops, predicted, target, weight), negativeLogLikelihood(ops, logits, labels));
    return ops.mean(ops.add(terms, priorDivergence(ops, target, bars[0]!)));
  }

  async function* train(task: TrainTask): AsyncIterable<Progress> {
    const model = build(task);
    trained = model;
    const rng = ctx.rng('noprop/noise');
    let step = 0;
    for (const batch of task.batches()) {
      const labels = batchLabels(batch, 'noprop');
      checkLabels('labels', labels, batch.x.shape[0] ?? 0, classes);
      const draw = () => gaussianNoise(rng, labels.length * classes);
      const end = draw();
      let total = 0;
      for (let t = 1; t <= count; t++) {
        const noise = { input: draw(), end };
        const variables = [...model.blocks[t - 1]!.variables, model.readout];
        total += await task.minimise(() => blockLoss(model, t, batch, labels, noise), variables);
      }
      step++;
      yield { step, loss: total / count };
    }
  }

  function predict(input: Tensor): Tensor {
    if (!trained)
      throw new LossError('UNSUPPORTED', 'noprop has no blocks before train has begun', {
        field: 'train',
        value: undefined,
        allowed: 'predict after train',
      });
    const x = flatten(input);
    const rows = x.shape[0] ?? 0;
    const rng = ctx.rng('noprop/inference');
    const draw = () => ops.tensor(gaussianNoise(rng, rows * classes), [rows, classes]);
    let z = draw();
    for (let t = 1; t <= count; t++) {
      const { a, b, c } = coefficients;
      const mean = ops.add(ops.mul(trained.blocks[t - 1]!.predict(z, x), a[t - 1]!), ops.mul(z, b[t - 1]!));
      z = ops.add(mean, ops.mul(draw(), Math.sqrt(c[t - 1]!)));
    }
    return ops.matMul(z, trained.readout);
  }

  function flatten(x: Tensor): Tensor {
    const [rows = 0, ...rest] = x.shape;
    return ops.reshape(x, [rows, rest.reduce((product, length) => product * length, 1)]);
  }

  return { train, predict };
}
