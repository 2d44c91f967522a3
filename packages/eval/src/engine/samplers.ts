/** The protocol's sequence of batches: a pure function of the seed, the same for every method. */
import type { Rng } from '@touchstone/losses/meta';
import { EvalError } from '../core/errors.js';
import type { Protocol } from '../core/types.js';

type BatchRule = Protocol['batch'];

export function batchSize(rule: BatchRule): number {
  return rule.kind === 'uniform' ? rule.size : rule.classes * rule.perClass;
}

/** Steps that see as many items as the training set has; the remainder of a uniform pass is left out of it. */
export function stepsPerEpoch(rule: BatchRule, trainSize: number): number {
  return Math.max(1, Math.floor(trainSize / batchSize(rule)));
}

/** `steps` batches of positions. A uniform batch is larger than the training set only if that is smaller than a batch. */
export function* batchRows(
  rule: BatchRule,
  labels: Int32Array,
  steps: number,
  rng: Rng,
  weights?: Float32Array,
): Generator<Int32Array> {
  if (rule.kind === 'pk') yield* classBatches(rule, labels, steps, rng);
  else if (weights) yield* weightedBatches(rule.size, weights, steps, rng);
  else yield* uniformBatches(rule.size, labels.length, steps, rng);
}

function* uniformBatches(size: number, n: number, steps: number, rng: Rng): Generator<Int32Array> {
  const width = Math.min(size, n);
  let order = rng.permutation(n);
  let at = 0;
  for (let step = 0; step < steps; step++) {
    if (at + width > n) [order, at] = [rng.permutation(n), 0];
    yield order.slice(at, at + width);
    at += width;
  }
}

/** With replacement, in proportion to the weights an objective asks for. */
function* weightedBatches(size: number, weights: Float32Array, steps: number, rng: Rng): Generator<Int32Array> {
  const cumulative = new Float64Array(weights.length);
  let total = 0;
  weights.forEach((weight, i) => (cumulative[i] = total += weight));
  for (let step = 0; step < steps; step++)
    yield Int32Array.from({ length: size }, () => {
      const target = rng.uniform() * total;
      let [low, high] = [0, weights.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (cumulative[middle]! > target) high = middle;
        else low = middle + 1;
      }
      return low;
    });
}

/** P classes, K items of each: classes without replacement within a batch, items by passes through their class. */
function* classBatches(
  rule: Extract<BatchRule, { kind: 'pk' }>,
  labels: Int32Array,
  steps: number,
  rng: Rng,
): Generator<Int32Array> {
  const members: number[][] = [];
  labels.forEach((label, i) => (members[label] ??= []).push(i));
  if (members.length < rule.classes)
    throw new EvalError(
      'PARAM_RANGE',
      `batch.classes: ${rule.classes} classes a batch, but training has ${members.length}`,
      {
        field: 'batch.classes',
        value: rule.classes,
        allowed: `at most ${members.length}`,
      },
    );
  const passes = members.map((): { order: Int32Array; at: number } => ({ order: new Int32Array(), at: 0 }));
  const next = (label: number): number => {
    const pass = passes[label]!;
    if (pass.at === pass.order.length) {
      pass.order = rng.permutation(members[label]!.length);
      pass.at = 0;
    }
    return members[label]![pass.order[pass.at++]!]!;
  };
  for (let step = 0; step < steps; step++) {
    const classes = rng.permutation(members.length).subarray(0, rule.classes);
    yield Int32Array.from({ length: rule.classes * rule.perClass }, (_, i) =>
      next(classes[Math.floor(i / rule.perClass)]!),
    );
  }
}
