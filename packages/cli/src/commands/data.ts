/** `touchstone data`: datasets on this machine. */
import type { DatasetDefinition, PullOptions } from '@touchstone/eval/meta';
import {
  datasetState,
  getDataset,
  importDataset,
  listDatasets,
  pullDataset,
  verifyDataset,
} from '@touchstone/eval/meta';
import { describeError, EXIT, type ExitCode, formatError } from '../core/errors.js';
import { type Io, progressBar } from '../core/io.js';
import { formatTable } from '../core/text.js';

interface DataOptions {
  readonly json?: boolean;
  readonly acceptLicence?: boolean;
  readonly from?: string;
}

export async function listData(options: DataOptions, io: Io): Promise<ExitCode> {
  const rows = await Promise.all(
    listDatasets().map(async (dataset) => ({
      key: dataset.key,
      revision: dataset.revision,
      ...(await datasetState(dataset)),
    })),
  );
  if (options.json) io.out(`${JSON.stringify(rows)}\n`);
  else
    io.out(
      formatTable(
        [
          { title: 'dataset', cell: (row) => row.key },
          { title: 'revision', cell: (row) => row.revision },
          { title: 'state', cell: (row) => row.state },
          { title: '', cell: (row) => (row.state === 'PRESENT' ? (row.directory ?? '') : row.message) },
        ],
        rows,
      ),
    );
  return EXIT.ok;
}

function done(dataset: DatasetDefinition, directory: string, json: boolean, io: Io): ExitCode {
  io.out(
    json
      ? `${JSON.stringify({ dataset: dataset.key, directory, state: 'PRESENT' })}\n`
      : `${dataset.key}: checked, in ${directory}\n`,
  );
  return EXIT.ok;
}

export async function pull(key: string, options: DataOptions, io: Io): Promise<ExitCode> {
  const dataset = getDataset(key);
  if (dataset.bundled) return done(dataset, await verifyDataset(dataset), options.json ?? false, io);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const pulling: PullOptions = {
    acceptLicence: options.acceptLicence ?? false,
    signal: stop.signal,
    onProgress: ({ file, received, total }) =>
      io.progress(`${total === null ? `${received} bytes` : progressBar(received, total)} ${file}`),
    ...(options.from === undefined ? {} : { baseUrl: options.from }),
  };
  return done(dataset, await pullDataset(dataset, pulling), options.json ?? false, io);
}

/** One dataset, or all that are here. 1 when any is damaged. */
export async function verifyData(key: string | undefined, options: DataOptions, io: Io): Promise<ExitCode> {
  if (key !== undefined) {
    const dataset = getDataset(key);
    return done(dataset, await verifyDataset(dataset, { fresh: true }), options.json ?? false, io);
  }
  const results: { dataset: string; ok: boolean; message: string }[] = [];
  for (const dataset of listDatasets()) {
    const { state } = await datasetState(dataset);
    if (state === 'MISSING' || state === 'DOWNLOADABLE') continue;
    const result = await verifyDataset(dataset, { fresh: true }).then(
      (directory) => ({ ok: true, message: `checked, in ${directory}` }),
      (error: unknown) => ({ ok: false, message: formatError(describeError(error)) }),
    );
    results.push({ dataset: dataset.key, ...result });
    if (!options.json) io.out(`${dataset.key}: ${result.message}\n`);
  }
  if (options.json) io.out(`${JSON.stringify(results)}\n`);
  return results.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
}

export async function importFiles(key: string, path: string, options: DataOptions, io: Io): Promise<ExitCode> {
  const dataset = getDataset(key);
  const directory = await importDataset(dataset, path, { acceptLicence: options.acceptLicence ?? false });
  return done(dataset, directory, options.json ?? false, io);
}
