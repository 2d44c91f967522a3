/** From a dataset to what a run trains on and is scored on. */
import { EvalError } from '../core/errors.js';
import { getDataset } from '../core/registry.js';
import type { SplitIndices } from '../core/split.js';
import { splitHash, splitIndices } from '../core/split.js';
import type { LoadedDataset, Protocol } from '../core/types.js';
import { loadDataset } from '../data-store.js';
import { cachedHogColour } from '../features/hog-colour.js';
import { standardiseColumns } from '../features/standardise.js';

/** float32 rows [n, width] and class positions. */
export interface Part {
  readonly n: number;
  readonly features: Float32Array;
  readonly labels: Int32Array;
}

export interface Prepared {
  readonly width: number;
  /** Classes of the training part; its labels are 0 … classes − 1. */
  readonly classes: number;
  readonly train: Part;
  /** Validation items while tuning, test items otherwise. */
  readonly scored: Part;
}

export type Stage = 'validation' | 'test';

/** The dataset and its split, read and checked once a run whatever the number of stages. */
export interface Source {
  readonly data: LoadedDataset;
  readonly split: SplitIndices;
}

/** Throws DATASET_MISSING or DATASET_CORRUPT, and HASH_MISMATCH when the split is not the protocol's. */
export async function openSource(protocol: Protocol): Promise<Source> {
  const data = await loadDataset(getDataset(protocol.datasets[0]!.key));
  const split = splitIndices(protocol.split.rule, data);
  const hash = splitHash(split);
  if (hash !== protocol.split.sha256)
    throw new EvalError('HASH_MISMATCH', `split.sha256: expected ${protocol.split.sha256}, found ${hash}`, {
      field: 'split.sha256',
      value: hash,
      allowed: protocol.split.sha256,
    });
  return { data, split };
}

async function featuresOf(protocol: Protocol, data: LoadedDataset, training: Int32Array): Promise<Float32Array> {
  const { kind, divisor } = protocol.features as { readonly kind: string; readonly divisor?: number };
  if (kind === 'hog-colour') return (await cachedHogColour(data, training)).values;
  if (kind === 'scale') {
    const out = new Float32Array(data.features.length);
    for (let i = 0; i < out.length; i++) out[i] = data.features[i]! / divisor!;
    return out;
  }
  const values = new Float64Array(data.features.length);
  for (let i = 0; i < values.length; i++) values[i] = data.features[i]!;
  standardiseColumns(values, data.n, values.length / data.n, training);
  return Float32Array.from(values);
}

function part(features: Float32Array, width: number, labels: Int32Array, rows: Int32Array): Part {
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, i) => values.set(features.subarray(row * width, (row + 1) * width), i * width));
  return { n: rows.length, features: values, labels: Int32Array.from(rows, (row) => labels[row]!) };
}

/** Every k-th item, so that `fraction` of a part keeps its order and its classes. */
function thinned(rows: Int32Array, fraction: number): Int32Array {
  const n = Math.max(1, Math.round(rows.length * fraction));
  return Int32Array.from({ length: n }, (_, i) => rows[Math.floor((i * rows.length) / n)]!);
}

/**
 * Training and scored rows of a stage: at `validation` the training part lacks the validation items and features are
 * fitted without them. Labels of the training part are renumbered from 0 in ascending order of their classes; for
 * classification the scored labels are renumbered alike.
 */
export async function prepare(protocol: Protocol, source: Source, stage: Stage, fraction = 1): Promise<Prepared> {
  const { data, split } = source;
  const held = new Set(split.val);
  const whole = stage === 'test' ? split.train : split.train.filter((row) => !held.has(row));
  const train = fraction < 1 ? thinned(whole, fraction) : whole;
  const scored = stage === 'test' ? split.test : split.val;
  const features = await featuresOf(protocol, data, train);
  const width = features.length / data.n;
  const present = [...new Set(Array.from(train, (row) => data.labels[row]!))].sort((a, b) => a - b);
  const position = new Map(present.map((label, i) => [label, i]));
  const trainPart = part(features, width, data.labels, train);
  const scoredPart = part(features, width, data.labels, fraction < 1 ? thinned(scored, fraction) : scored);
  const renumber = (labels: Int32Array) => labels.map((label) => position.get(label) ?? -1);
  return {
    width,
    classes: present.length,
    train: { ...trainPart, labels: renumber(trainPart.labels) },
    scored: protocol.task === 'classification' ? { ...scoredPart, labels: renumber(scoredPart.labels) } : scoredPart,
  };
}
