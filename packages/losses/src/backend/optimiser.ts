/** Optimisers whose arithmetic is written here, so that it is the same on every backend and every release. */
import type { Variable } from '../core/slots.js';

export interface OptimiserOptions {
  readonly kind: 'adam' | 'adamw' | 'sgd';
  /** Of the step about to be taken, counted from 0. */
  readonly learningRate: (step: number) => number;
  /** 0 or more; touches only variables with `decay: true`. Decoupled for adamw, added to the gradient otherwise. */
  readonly weightDecay: number;
  /** sgd: heavy-ball momentum, default 0. */
  readonly momentum?: number;
}

/** Writes the parameters after one step into `next`. Every array has the variable's length. */
export type UpdateRule = (
  variable: Variable,
  step: number,
  next: Float32Array,
  current: Float32Array,
  gradient: Float32Array,
) => void;

/**
 * The update rule, with moments of its own for each variable. Moments are float32 arrays, arithmetic is float64.
 * Adam: Kingma & Ba 2015, algorithm 1 (β₁ = 0.9, β₂ = 0.999, ε = 1e-8); AdamW: Loshchilov & Hutter 2019, algorithm 2.
 * A variable's bias correction counts its own steps.
 */
export function updateRule(options: OptimiserOptions): UpdateRule {
  return options.kind === 'sgd' ? sgd(options) : adam(options);
}

function sgd({ learningRate, weightDecay, momentum = 0 }: OptimiserOptions): UpdateRule {
  const velocities = new Map<Variable, Float32Array>();
  return (variable, step, next, current, gradient) => {
    const rate = learningRate(step);
    const decay = variable.decay ? weightDecay : 0;
    const velocity = entry(velocities, variable, () => new Float32Array(current.length));
    for (let i = 0; i < next.length; i++) {
      const direction = gradient[i]! + decay * current[i]!;
      const moved = momentum === 0 ? direction : momentum * velocity[i]! + direction;
      if (momentum !== 0) velocity[i] = moved;
      next[i] = current[i]! - rate * moved;
    }
  };
}

interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
  steps: number;
}

function adam({ kind, learningRate, weightDecay }: OptimiserOptions): UpdateRule {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
  const moments = new Map<Variable, Moments>();
  return (variable, step, next, current, gradient) => {
    const rate = learningRate(step);
    const decay = variable.decay ? weightDecay : 0;
    const coupled = kind === 'adam' ? decay : 0;
    const shrink = kind === 'adamw' ? 1 - rate * decay : 1;
    const state = entry(moments, variable, () => ({
      first: new Float32Array(current.length),
      second: new Float32Array(current.length),
      steps: 0,
    }));
    state.steps++;
    const size = rate / (1 - beta1 ** state.steps);
    const correction = 1 / Math.sqrt(1 - beta2 ** state.steps);
    const { first, second } = state;
    for (let i = 0; i < next.length; i++) {
      const g = gradient[i]! + coupled * current[i]!;
      const m = beta1 * first[i]! + (1 - beta1) * g;
      const v = beta2 * second[i]! + (1 - beta2) * g * g;
      first[i] = m;
      second[i] = v;
      next[i] = shrink * current[i]! - (size * m) / (Math.sqrt(v) * correction + epsilon);
    }
  };
}

function entry<V>(map: Map<Variable, V>, key: Variable, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
