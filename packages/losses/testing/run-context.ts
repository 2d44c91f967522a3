/** What the engine gives a method, over the float64 tape: small, complete, for tests of set-up methods and trainers. */
import type { Tensor } from '../src/core/ops.js';
import { philox } from '../src/core/rng.js';
import type { Batch, Initialiser, Objective, RunContext, TrainTask, Variable } from '../src/core/slots.js';
import type { Float64Tape } from '../src/core/tape.js';

interface Settings {
  readonly seed?: number;
  readonly classes?: number;
  readonly embeddingDim?: number;
  readonly trainSize?: number;
  readonly totalEpochs?: number;
}

export interface TestRun {
  readonly context: RunContext;
  readonly variables: () => Variable[];
  /** The run's clock; the engine moves it, here the test does. */
  readonly clock: { step: number; epoch: number };
}

export function runContext(tape: Float64Tape, settings: Settings = {}): TestRun {
  const { seed = 0, classes = 3, embeddingDim = 4, trainSize = 8, totalEpochs = 4 } = settings;
  const made = new Map<string, Variable>();
  const states = new Map<string, Float32Array>();
  const clock = { step: 0, epoch: 0 };

  function scoped(prefix: string): RunContext {
    return {
      ops: tape,
      rng: (stream) => philox(seed, prefix + stream),
      variable(name, shape, init, options) {
        const key = prefix + name;
        const found = made.get(key);
        if (found) return found;
        const values = initial(init, shape, philox(seed, `init/${key}`));
        const created = Object.assign(tape.variable(values, shape), { name: key, decay: options?.decay ?? true });
        made.set(key, created);
        return created;
      },
      sampleState(name, width) {
        const key = prefix + name;
        const state = states.get(key) ?? new Float32Array(trainSize * width);
        states.set(key, state);
        return state;
      },
      scope: (name) => scoped(`${prefix}${name}/`),
      get step() {
        return clock.step;
      },
      get epoch() {
        return clock.epoch;
      },
      totalSteps: totalEpochs,
      totalEpochs,
      trainSize,
      classes,
      embeddingDim,
      report: () => undefined,
    };
  }
  return { context: scoped(''), variables: () => [...made.values()], clock };
}

function initial(init: Initialiser, shape: readonly number[], rng: ReturnType<typeof philox>): number[] {
  const size = shape.reduce((product, length) => product * length, 1);
  const [fanIn = 1, fanOut = 1] = shape;
  const draw = (): number => {
    switch (init.kind) {
      case 'constant':
        return init.value;
      case 'normal':
        return init.deviation * rng.normal();
      case 'uniform':
        return init.low + (init.high - init.low) * rng.uniform();
      case 'glorotUniform':
        return (2 * rng.uniform() - 1) * Math.sqrt(6 / (fanIn + fanOut));
      case 'heNormal':
        return rng.normal() * Math.sqrt(2 / fanIn);
      case 'values':
        return NaN;
    }
  };
  return init.kind === 'values' ? Array.from(init.values) : Array.from({ length: size }, draw);
}

/** Fully connected layers with ReLU between them. */
export function makeMlp(run: TestRun, scope: string, sizes: readonly number[]) {
  const { ops } = run.context;
  const own = run.context.scope(scope);
  const layers = sizes.slice(1).map((width, i) => ({
    weight: own.variable(`weight-${i}`, [sizes[i]!, width], { kind: 'heNormal' }),
    bias: own.variable(`bias-${i}`, [width], { kind: 'constant', value: 0 }, { decay: false }),
  }));
  const forward = (x: Tensor): Tensor =>
    layers.reduce((h, { weight, bias }, i) => {
      const linear = ops.add(ops.matMul(h, weight), bias);
      return i === layers.length - 1 ? linear : ops.relu(linear);
    }, x);
  return Object.assign(forward, { variables: layers.flatMap(({ weight, bias }) => [weight, bias]) });
}

/** A training task on given batches whose optimiser is Adam; `seen` is told the gradients of every step. */
export function trainTask(
  tape: Float64Tape,
  run: TestRun,
  options: {
    readonly batches: readonly Batch[];
    readonly inputDim: number;
    readonly hidden: readonly number[];
    readonly objective: Objective;
    readonly learningRate?: number;
    readonly seen?: (variables: readonly Variable[], gradients: readonly Float64Array[]) => void;
  },
): TrainTask {
  const moments = new Map<Variable, { mean: Float64Array; square: Float64Array; steps: number }>();
  const rate = options.learningRate ?? 0.01;
  return {
    makeNet() {
      const { embeddingDim, classes } = run.context;
      const body = makeMlp(run, 'net/body', [options.inputDim, ...options.hidden, embeddingDim]);
      const head = makeMlp(run, 'net/head', [embeddingDim, classes]);
      return {
        embed: (x) => body(x),
        logits: (x) => head(tape.relu(body(x))),
        variables: [...body.variables, ...head.variables],
      };
    },
    makeMlp: (scope, sizes) => makeMlp(run, scope, sizes),
    objective: options.objective,
    methodVariables: () => run.variables().filter(({ name }) => !name.startsWith('net/')),
    async minimise(loss, variables) {
      const value = loss();
      const gradients = tape.gradients(value, variables);
      options.seen?.(variables, gradients);
      variables.forEach((variable, i) => {
        const values = tape.values(variable);
        const size = values.length;
        const moment = moments.get(variable) ?? {
          mean: new Float64Array(size),
          square: new Float64Array(size),
          steps: 0,
        };
        moments.set(variable, moment);
        moment.steps++;
        gradients[i]!.forEach((g, k) => {
          moment.mean[k] = 0.9 * moment.mean[k]! + 0.1 * g;
          moment.square[k] = 0.999 * moment.square[k]! + 0.001 * g * g;
          const mean = moment.mean[k]! / (1 - 0.9 ** moment.steps);
          const square = moment.square[k]! / (1 - 0.999 ** moment.steps);
          values[k]! -= (rate * mean) / (Math.sqrt(square) + 1e-8);
        });
      });
      return tape.values(value)[0]!;
    },
    batches: () => options.batches,
    steps: options.batches.length,
    inputDim: options.inputDim,
    hidden: options.hidden,
  };
}

/** `count` batches of labelled points around one centre a class. */
export function clusters(
  tape: Float64Tape,
  {
    count,
    size,
    classes,
    inputDim,
    seed = 1,
  }: Record<'count' | 'size' | 'classes' | 'inputDim', number> & { seed?: number },
): Batch[] {
  const rng = philox(seed, 'clusters');
  return Array.from({ length: count }, () => {
    const labels = Int32Array.from({ length: size }, (_, i) => i % classes);
    const points = Array.from({ length: size * inputDim }, (_, at) => {
      const label = labels[Math.floor(at / inputDim)]!;
      return (at % inputDim === label ? 2 : 0) + 0.4 * rng.normal();
    });
    const ids = Int32Array.from({ length: size }, (_, i) => i);
    return { ids, x: tape.tensor(points, [size, inputDim]), views: [], labels };
  });
}
