/** The closed vocabularies of the API, registered once. Values are what database and engine hold. */
import { registerEnumType } from 'type-graphql';

type Values<T> = T[keyof T];

function define<T extends Record<string, string>>(
  name: string,
  description: string,
  values: { [K in keyof T]: [T[K], string] },
): T {
  const object = Object.fromEntries(Object.entries(values).map(([key, [value]]) => [key, value])) as T;
  const valuesConfig = Object.fromEntries(
    Object.entries(values).map(([key, [, text]]) => [key, { description: text }]),
  );
  registerEnumType(object, { name, description, valuesConfig: valuesConfig as never });
  return object;
}

export const BenchmarkState = define('BenchmarkState', 'Whether runs of a benchmark can start.', {
  READY: ['READY', 'The data is present and runs can start.'],
  DATA_MISSING: ['DATA_MISSING', 'No worker has the data; runs wait until it arrives.'],
  SUPERSEDED: ['SUPERSEDED', 'A newer version exists or the code no longer defines it; readable, closed to new runs.'],
} as const);
export type BenchmarkState = Values<typeof BenchmarkState>;

export const Scale = define('Scale', 'How large the protocol is beside the published one.', {
  FULL: ['FULL', 'The published protocol.'],
  REDUCED: ['REDUCED', 'The published task on less data or with a smaller model.'],
  PROXY: ['PROXY', 'Another task that stands for the published one.'],
  SMOKE: ['SMOKE', 'Only shows that things work; never ranked.'],
} as const);
export type Scale = Values<typeof Scale>;

export const Track = define('Track', 'What is scored.', {
  TRAIN: ['train', 'A variant is trained and scored here.'],
  PREDICTIONS: ['predictions', 'Files are scored here against held labels.'],
} as const);
export type Track = Values<typeof Track>;

export const Division = define('Division', 'How the free parameters of a row came to be.', {
  PLATFORM_TUNED: ['PLATFORM_TUNED', 'Chosen by the platform on validation data, with the same budget for every row.'],
  PUBLISHED_DEFAULTS: ['PUBLISHED_DEFAULTS', "The method's published defaults."],
  OPEN: ['OPEN', 'As sent; the number of attempts behind it is shown.'],
} as const);
export type Division = Values<typeof Division>;

export const Claim = define('Claim', 'How a number came to be.', {
  REPORTED: ['REPORTED', 'Printed in a paper.'],
  SUBMITTED: ['SUBMITTED', 'Scored here from predictions.'],
  RERUN: ['RERUN', 'Trained and scored here.'],
} as const);
export type Claim = Values<typeof Claim>;

export const RunState = define('RunState', 'State of one execution with one seed.', {
  QUEUED: ['QUEUED', 'Waits for a worker.'],
  RUNNING: ['RUNNING', 'A worker is at it.'],
  SUCCEEDED: ['SUCCEEDED', 'Ended with scores.'],
  FAILED: ['FAILED', 'Ended without scores; the reason is given.'],
  CANCELLED: ['CANCELLED', 'Stopped by a person.'],
} as const);
export type RunState = Values<typeof RunState>;

export const RunReason = define('RunReason', 'Why a run ended without scores.', {
  NON_FINITE: ['NON_FINITE', 'The loss became NaN or infinite.'],
  OUT_OF_MEMORY: ['OUT_OF_MEMORY', 'It used more memory than its limit.'],
  TIME_LIMIT: ['TIME_LIMIT', 'It ran longer than its limit.'],
  HEARTBEAT_LOST: ['HEARTBEAT_LOST', 'Its process stopped answering.'],
  CRASHED: ['CRASHED', 'Its process died.'],
  METHOD_ERROR: ['METHOD_ERROR', 'The method threw an error.'],
  DATASET_MISSING: ['DATASET_MISSING', 'The worker does not have the data.'],
  DATASET_CORRUPT: ['DATASET_CORRUPT', 'The data does not have the checksum of the protocol.'],
  BACKEND_MISSING: ['BACKEND_MISSING', 'The worker cannot start the backend of the protocol.'],
  BAD_FILE: ['BAD_FILE', 'A file that was sent cannot be scored; the message names file and place.'],
  REGISTRY_MISMATCH: ['REGISTRY_MISMATCH', "The worker's code defines the benchmark or a method otherwise."],
  WORKER_LOST: ['WORKER_LOST', 'The worker vanished and every attempt was spent.'],
  CANCELLED_BY_USER: ['CANCELLED_BY_USER', 'A person cancelled it.'],
  INTERNAL: ['INTERNAL', 'A fault of the platform; the log says more.'],
} as const);
export type RunReason = Values<typeof RunReason>;

export const Slot = define('Slot', 'Where a method plugs in.', {
  OBJECTIVE: ['objective', 'The loss that is minimised.'],
  REGULARISER: ['regulariser', 'A term added to the loss.'],
  LAYER: ['layer', 'An activation or layer of the model.'],
  TRAINER: ['trainer', 'How the parameters are learned.'],
  POLICY: ['policy', 'A rule that decides.'],
  SAMPLER: ['sampler', 'What draws examples or samples.'],
  ESTIMATOR: ['estimator', 'What estimates a quantity.'],
  SOLVER: ['solver', 'What solves an inner problem.'],
  INFERENCE: ['inference', 'What happens at prediction time.'],
} as const);
export type Slot = Values<typeof Slot>;

export const DatasetState = define('DatasetState', 'Whether a dataset can be used on this machine.', {
  BUNDLED: ['BUNDLED', 'Ships with the platform.'],
  PRESENT: ['PRESENT', 'Found in a data folder.'],
  DOWNLOADABLE: ['DOWNLOADABLE', 'Absent; `touchstone data pull` gets it.'],
  MISSING: ['MISSING', 'Absent; a person must get it.'],
  CORRUPT: ['CORRUPT', 'Present with another checksum.'],
} as const);
export type DatasetState = Values<typeof DatasetState>;

export const ReferenceKind = define('ReferenceKind', 'Rows that every board has for orientation.', {
  UNTRAINED: ['UNTRAINED', 'Raw input or a random network; unranked.'],
  BASELINE: ['BASELINE', 'What the others are compared with.'],
  CEILING: ['CEILING', 'The best that is possible, where known.'],
} as const);
export type ReferenceKind = Values<typeof ReferenceKind>;

export const IntervalOver = define('IntervalOver', 'What an interval covers.', {
  SEEDS: ['SEEDS', 'Chance of initialisation and data order.'],
  EXAMPLES: ['EXAMPLES', 'Chance of the test sample.'],
  BOTH: ['BOTH', 'Seeds and test sample.'],
} as const);
export type IntervalOver = Values<typeof IntervalOver>;

export const ResolutionSource = define('ResolutionSource', 'Where a resolution comes from.', {
  COMPUTED: ['COMPUTED', 'The median over all pairs of the division and claim with the most rows, as they are now.'],
  DEFINITION: ['DEFINITION', 'Measured when the benchmark was made; too few rows can be compared yet.'],
} as const);
export type ResolutionSource = Values<typeof ResolutionSource>;

export const Direction = define('Direction', 'Which values of a score are better.', {
  HIGHER: ['higher', 'Higher is better.'],
  LOWER: ['lower', 'Lower is better.'],
} as const);
export type Direction = Values<typeof Direction>;

export const SortDirection = define('SortDirection', 'Order of a list.', {
  ASC: ['ASC', 'Smallest first.'],
  DESC: ['DESC', 'Largest first.'],
} as const);
export type SortDirection = Values<typeof SortDirection>;

export const RunOrderField = define('RunOrderField', 'What runs are sorted by.', {
  CREATED_AT: ['CREATED_AT', 'When it was queued.'],
  FINISHED_AT: ['FINISHED_AT', 'When it ended; unfinished runs last.'],
  SEED: ['SEED', 'Its seed.'],
} as const);
export type RunOrderField = Values<typeof RunOrderField>;
