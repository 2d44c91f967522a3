/** `touchstone list`: what this installation knows. */
import {
  benchmarkName,
  datasetState,
  getDataset,
  labelFolder,
  listBenchmarks,
  listDatasets,
  listMetrics,
  listPredictionBenchmarks,
} from '@touchstone/eval/meta';
import { listMethods, parameterSpecs } from '@touchstone/losses/meta';
import { EXIT, type ExitCode } from '../core/errors.js';
import type { Io } from '../core/io.js';
import { type Column, formatTable } from '../core/text.js';

type Noun = 'methods' | 'benchmarks' | 'datasets' | 'metrics';

interface ListOptions {
  readonly json?: boolean;
  /** Benchmarks of this track alone. */
  readonly track?: 'train' | 'predictions';
}

function show<Row>(json: boolean, io: Io, rows: readonly Row[], columns: readonly Column<Row>[]): void {
  io.out(json ? `${JSON.stringify(rows)}\n` : formatTable(columns, rows));
}

function methods(json: boolean, io: Io): void {
  const rows = listMethods().map((method) => {
    const { key, version, title, slot, family, summary, functions } = method;
    return { key, version, title, slot, family, summary, functions, parameters: parameterSpecs(method) };
  });
  show(json, io, rows, [
    { title: 'key', cell: (row) => row.key },
    { title: 'slot', cell: (row) => row.slot },
    { title: 'version', align: 'right', cell: (row) => String(row.version) },
    {
      title: 'parameters',
      cell: (row) => row.parameters.map((spec) => `${spec.name}=${String(spec.default)}`).join(' '),
    },
    { title: 'title', cell: (row) => row.title },
  ]);
}

/** READY, or the states of the datasets that keep it from being so. */
async function readiness(datasets: readonly { readonly key: string }[]): Promise<string> {
  const states = await Promise.all(
    datasets.map(async ({ key }) => ({ key, ...(await datasetState(getDataset(key))) })),
  );
  const absent = states.filter(({ state }) => state !== 'BUNDLED' && state !== 'PRESENT');
  if (absent.length === 0) return 'READY';
  const commands = absent.map(({ key, state }) =>
    state === 'DOWNLOADABLE' ? `touchstone data pull ${key}` : `touchstone data import ${key} PATH`,
  );
  return `DATA_MISSING: ${commands.join(', ')}`;
}

/** READY, or the folder of official labels that keeps it from being so. */
function labelReadiness(folders: readonly { readonly key: string }[]): string {
  const absent = folders.filter(({ key }) => labelFolder(key) === null);
  if (absent.length === 0) return 'READY';
  return `DATA_MISSING: ${absent.map(({ key }) => key).join(', ')} under TOUCHSTONE_DATA`;
}

async function benchmarks({ json = false, track }: ListOptions, io: Io): Promise<void> {
  const trained = track === 'predictions' ? [] : listBenchmarks();
  const scored = track === 'train' ? [] : listPredictionBenchmarks();
  const definitions = [
    ...trained.map(({ protocol, title, resolution }) => ({ protocol, title, resolution })),
    ...scored.map(({ protocol, title }) => ({ protocol, title, resolution: null })),
  ];
  const rows = await Promise.all(
    definitions.map(async ({ protocol, title, resolution }) => ({
      key: protocol.key,
      version: protocol.version,
      name: benchmarkName(protocol),
      title,
      track: protocol.track,
      state: protocol.track === 'predictions' ? labelReadiness(protocol.datasets) : await readiness(protocol.datasets),
      scale: protocol.scale,
      fidelity: protocol.fidelity,
      task: protocol.task,
      slot: protocol.slot,
      primary: protocol.primary,
      seeds: protocol.seeds,
      resolution,
    })),
  );
  show(json, io, rows, [
    { title: 'benchmark', cell: (row) => row.name },
    { title: 'track', cell: (row) => row.track },
    { title: 'scale', cell: (row) => row.scale },
    { title: 'fidelity', cell: (row) => row.fidelity },
    { title: 'slot', cell: (row) => row.slot },
    { title: 'primary', cell: (row) => row.primary },
    { title: 'state', cell: (row) => row.state },
  ]);
}

async function datasets(json: boolean, io: Io): Promise<void> {
  const rows = await Promise.all(
    listDatasets().map(async (dataset) => {
      const { key, revision, title, items, classes, howToGet } = dataset;
      const { state, message } = await datasetState(dataset);
      return { key, revision, title, items, classes, licence: dataset.licence.name, state, message, howToGet };
    }),
  );
  show(json, io, rows, [
    { title: 'dataset', cell: (row) => row.key },
    { title: 'state', cell: (row) => row.state },
    { title: 'items', align: 'right', cell: (row) => String(row.items) },
    { title: 'classes', align: 'right', cell: (row) => String(row.classes) },
    { title: 'licence', cell: (row) => row.licence },
  ]);
}

function metrics(json: boolean, io: Io): void {
  const rows = listMetrics().map(({ key, version, title, inputs, outputs }) => ({
    key,
    version,
    title,
    inputs,
    outputs,
  }));
  show(json, io, rows, [
    { title: 'metric', cell: (row) => row.key },
    { title: 'version', align: 'right', cell: (row) => String(row.version) },
    { title: 'scores', cell: (row) => row.outputs.map((output) => `${output.key} (${output.direction})`).join(' ') },
    { title: 'title', cell: (row) => row.title },
  ]);
}

export async function list(noun: Noun, options: ListOptions, io: Io): Promise<ExitCode> {
  if (noun === 'benchmarks') await benchmarks(options, io);
  else await { methods, datasets, metrics }[noun](options.json ?? false, io);
  return EXIT.ok;
}
