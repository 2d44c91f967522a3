/** Trains a linear net under an objective in a real session, so that a test can see the loss fall. */
import { openSession } from '../src/backend/session.js';
import type { BackendName } from '../src/backend/start.js';
import type { MethodImplementation } from '../src/core/define.js';
import { philox } from '../src/core/rng.js';
import type { Batch, RunContext, Variable } from '../src/core/slots.js';

interface Setting {
  readonly size?: number;
  readonly inputDim?: number;
  readonly embeddingDim?: number;
  readonly classes?: number;
  readonly steps?: number;
  readonly learningRate?: number;
  readonly backend?: BackendName;
  /** Gives the net a linear head. */
  readonly logits?: boolean;
}

/** The loss before each of some plain gradient steps on one batch of `size` noisy points around one centre a class. */
export async function lossesOfSteps<P>(
  method: MethodImplementation<'objective' | 'regulariser', P>,
  params: P,
  setting: Setting = {},
): Promise<number[]> {
  const { size = 12, inputDim = 6, embeddingDim = 4, classes = 3, steps = 4, learningRate = 0.02 } = setting;
  const session = await openSession({ backend: setting.backend ?? 'wasm' });
  const rng = philox(7, 'training-steps');
  const normal = (length: number, deviation: number) => Float32Array.from({ length }, () => deviation * rng.normal());
  const made: Variable[] = [];
  const variable = (name: string, shape: readonly number[]): Variable => {
    const found = made.find((each) => each.name === name);
    if (found) return found;
    const length = shape.reduce((product, extent) => product * extent, 1);
    const created = session.variable(name, shape, normal(length, 0.5));
    made.push(created);
    return created;
  };
  const states = new Map<string, Float32Array>();
  const context = {
    ops: session.ops,
    variable,
    rng: (stream: string) => philox(7, stream),
    sampleState: (name: string, width: number) => {
      const state = states.get(name) ?? new Float32Array(size * width);
      states.set(name, state);
      return state;
    },
    step: 0,
    epoch: 0,
    totalSteps: steps,
    totalEpochs: 1,
    classes,
    embeddingDim,
    trainSize: size,
    report: () => undefined,
  } as unknown as RunContext;
  const objective = method.setup(context, params);
  const weight = variable('net/weight', [inputDim, embeddingDim]);
  const labels = Int32Array.from({ length: size }, (_, i) => i % classes);
  const clean = normal(size * inputDim, 0.5).map(
    (noise, at) => noise + (at % inputDim === labels[Math.floor(at / inputDim)] ? 2 : 0),
  );
  const data = (deviation: number) =>
    session.tensor(
      normal(size * inputDim, deviation).map((noise, at) => clean[at]! + noise),
      [size, inputDim],
    );
  const batch: Batch = {
    ids: Int32Array.from({ length: size }, (_, i) => i),
    x: data(0),
    views: Array.from({ length: objective.views ?? 0 }, () => data(0.3)),
    labels,
  };
  const head = setting.logits ? variable('net/head', [embeddingDim, classes]) : undefined;
  const net = {
    embed: (x: Batch['x']) => session.ops.matMul(x, weight),
    logits: (x: Batch['x']) => {
      if (!head) throw new Error('this net has no logits');
      return session.ops.matMul(session.ops.matMul(x, weight), head);
    },
  };
  const optimiser = session.optimiser({ kind: 'sgd', learningRate: () => learningRate, weightDecay: 0 });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    losses.push(await optimiser.minimise(() => objective.loss(batch, net), made));
    await objective.afterStep?.(batch);
  }
  for (const each of [batch.x, ...batch.views]) session.ops.release(each);
  session.close();
  return losses;
}
