/** What a method gets of the run: operations, numbers, its own variables and memory. */
import type { TrainingSession } from '@touchstone/losses/backend';
import type { Initialiser, Rng, RunContext, Variable } from '@touchstone/losses/meta';
import { philox } from '@touchstone/losses/meta';
import { initialValues } from '../models/initial.js';

/** The moving and the fixed facts of one training, shared by every scope. */
export interface Facts {
  step: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly trainSize: number;
  readonly classes: number;
  readonly embeddingDim: number;
}

export interface Contexts {
  /** The context of a slot's method. */
  scope(name: string): RunContext;
  /** Every variable that methods made so far. */
  variables(): readonly Variable[];
}

/** Contexts of one training. Variables of methods start from the stream `method`, by their full name. */
export function openContexts(
  session: TrainingSession,
  seed: number,
  facts: Facts,
  report: (series: string, value: number) => void,
): Contexts {
  const variables = new Map<string, Variable>();
  const states = new Map<string, Float32Array>();

  const scope = (prefix: string): RunContext => {
    const full = (name: string): string => `${prefix}/${name}`;
    const rng = (stream: string): Rng => philox(seed, `method/${full(stream)}`);
    return {
      ops: session.ops,
      rng,
      variable(name: string, shape: readonly number[], init: Initialiser, options?: { decay?: boolean }): Variable {
        const known = variables.get(full(name));
        if (known) return known;
        const values = initialValues(shape, init, () => philox(seed, `method/init/${full(name)}`));
        const made = session.variable(full(name), shape, values, { decay: options?.decay ?? true });
        variables.set(full(name), made);
        return made;
      },
      sampleState(name: string, width: number): Float32Array {
        const known = states.get(full(name));
        if (known) return known;
        const made = new Float32Array(facts.trainSize * width);
        states.set(full(name), made);
        return made;
      },
      scope: (name: string) => scope(full(name)),
      get step() {
        return facts.step;
      },
      get epoch() {
        return Math.floor(facts.step / facts.stepsPerEpoch);
      },
      totalSteps: facts.totalSteps,
      totalEpochs: Math.ceil(facts.totalSteps / facts.stepsPerEpoch),
      trainSize: facts.trainSize,
      classes: facts.classes,
      embeddingDim: facts.embeddingDim,
      report: (series: string, value: number) => report(`${prefix}/${series}`, value),
    };
  };
  return { scope, variables: () => [...variables.values()] };
}
