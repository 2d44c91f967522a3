import type { MethodImplementation } from '../../core/define.js';
import { LossError } from '../../core/errors.js';
import type { Net, Progress, Trainer, TrainTask } from '../../core/slots.js';
import type { Params } from './definition.js';

/** Trains the benchmark's net on the objective; `predict` and `embed` answer once training has begun. */
function setup(): Trainer {
  let trained: Net | undefined;

  function net(): Net {
    if (trained) return trained;
    throw new LossError('UNSUPPORTED', 'backprop has no net before train has begun', {
      field: 'train',
      value: undefined,
      allowed: 'predict and embed after train',
    });
  }

  async function* train(task: TrainTask): AsyncIterable<Progress> {
    const own = task.makeNet();
    trained = own;
    const { objective } = task;
    let step = 0;
    for (const batch of task.batches()) {
      const variables = [...own.variables, ...task.methodVariables()];
      const loss = await task.minimise(() => objective.loss(batch, own), variables);
      await objective.afterStep?.(batch);
      step++;
      yield { step, loss };
    }
  }

  return { train, predict: (x) => net().logits(x), embed: (x) => net().embed(x) };
}

export const implementation: MethodImplementation<'trainer', Params> = { setup, functions: {} };
