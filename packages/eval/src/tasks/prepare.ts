/** From a dataset to what a run trains on and is scored on. */
import { EvalError } from '../core/errors.js';
import { hashJson } from '../core/hash.js';
import { CODE_VERSION } from '../core/receipt.js';
import { getDataset } from '../core/registry.js';
import type { SplitIndices } from '../core/split.js';
import { splitHash, splitIndices } from '../core/split.js';
import type { DatasetDefinition, LoadedDataset, Protocol } from '../core/types.js';
import { loadDataset, verifyDataset } from '../data-store.js';
import { contentName } from '../features/cache.js';
import { hogColour } from '../features/hog-colour.js';
import { standardiseColumns } from '../features/standardise.js';
import { rememberedBytes } from './remembered.js';

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
  /** Class of each scored item in the dataset's own numbering. */
  readonly scoredClasses: Int32Array;
}

export type Stage = 'validation' | 'test';

/** The dataset and its split, checked once a run whatever the number of stages. */
export interface Source {
  readonly n: number;
  readonly labels: Int32Array;
  readonly split: SplitIndices;
  /** The items themselves: read when first asked, which a run on remembered features never does. */
  data(): Promise<LoadedDataset>;
  /** Names of the classes; null where reading the items only for these would take long. */
  classNames(): Promise<readonly string[] | null>;
}

/** 1,764 values of HOG and 5 × 64 of colour, for images of 64 × 64. */
const HOG_COLOUR_WIDTH = 2084;

type Labels = Pick<LoadedDataset, 'n' | 'labels'>;

/** Features that take longer to read and compute than to train on; they and the labels are remembered on disk. */
const remembered = (protocol: Protocol): boolean => (protocol.features as { kind: string }).kind === 'hog-colour';

const nameOf = (protocol: Protocol, what: string): string =>
  contentName(JSON.stringify([what, CODE_VERSION, protocol.datasets, protocol.features]));

async function labelsOf(
  protocol: Protocol,
  definition: DatasetDefinition,
  data: () => Promise<LoadedDataset>,
): Promise<Labels> {
  if (!remembered(protocol)) return data();
  await verifyDataset(definition, { fresh: false });
  const bytes = await rememberedBytes(nameOf(protocol, 'labels'), definition.items * 4, async () => {
    const { labels } = await data();
    return new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength);
  });
  return { n: definition.items, labels: new Int32Array(bytes.buffer, bytes.byteOffset, definition.items) };
}

/** Throws DATASET_MISSING or DATASET_CORRUPT, and HASH_MISMATCH when the split is not the protocol's. */
export async function openSource(protocol: Protocol): Promise<Source> {
  const definition = getDataset(protocol.datasets[0]!.key);
  let loaded: Promise<LoadedDataset> | undefined;
  const data = (): Promise<LoadedDataset> => (loaded ??= loadDataset(definition));
  const { n, labels } = await labelsOf(protocol, definition, data);
  const split = splitIndices(protocol.split.rule, { n, labels });
  const hash = splitHash(split);
  if (hash !== protocol.split.sha256)
    throw new EvalError('HASH_MISMATCH', `split.sha256: expected ${protocol.split.sha256}, found ${hash}`, {
      field: 'split.sha256',
      value: hash,
      allowed: protocol.split.sha256,
    });
  const classNames = async (): Promise<readonly string[] | null> =>
    remembered(protocol) ? null : (await data()).classNames;
  return { n, labels, split, data, classNames };
}

/** Rows [n, width] of every item, fitted on the training items where the features are fitted. */
async function featuresOf(protocol: Protocol, source: Source, training: Int32Array): Promise<Float32Array> {
  const { kind, divisor } = protocol.features as { readonly kind: string; readonly divisor?: number };
  if (kind === 'hog-colour') {
    const name = nameOf(protocol, `rows fitted on ${hashJson([...training])}`);
    const bytes = await rememberedBytes(name, source.n * HOG_COLOUR_WIDTH * 4, async () => {
      const { values } = hogColour(await source.data(), training);
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    });
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  }
  const { features } = await source.data();
  if (kind === 'scale') {
    const out = new Float32Array(features.length);
    for (let i = 0; i < out.length; i++) out[i] = features[i]! / divisor!;
    return out;
  }
  const values = new Float64Array(features.length);
  for (let i = 0; i < values.length; i++) values[i] = features[i]!;
  standardiseColumns(values, source.n, values.length / source.n, training);
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
  const { n, labels, split } = source;
  const held = new Set(split.val);
  const whole = stage === 'test' ? split.train : split.train.filter((row) => !held.has(row));
  const train = fraction < 1 ? thinned(whole, fraction) : whole;
  const scored = stage === 'test' ? split.test : split.val;
  const features = await featuresOf(protocol, source, train);
  const width = features.length / n;
  const present = [...new Set(Array.from(train, (row) => labels[row]!))].sort((a, b) => a - b);
  const position = new Map(present.map((label, i) => [label, i]));
  const trainPart = part(features, width, labels, train);
  const scoredPart = part(features, width, labels, fraction < 1 ? thinned(scored, fraction) : scored);
  const renumber = (labels: Int32Array) => labels.map((label) => position.get(label) ?? -1);
  return {
    width,
    classes: present.length,
    train: { ...trainPart, labels: renumber(trainPart.labels) },
    scored: protocol.task === 'classification' ? { ...scoredPart, labels: renumber(scoredPart.labels) } : scoredPart,
    scoredClasses: scoredPart.labels,
  };
}

/** Class of each scored item in words: its name, or its number where names are not at hand. The same for every run of a protocol. */
export async function classesOf(source: Source, { scoredClasses }: Prepared): Promise<string[]> {
  const names = await source.classNames();
  return Array.from(scoredClasses, (position) => names?.[position] ?? String(position));
}
