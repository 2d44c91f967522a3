/**
 * Where datasets lie and whether they are what their definitions say.
 * Bundled ones are part of the package; others are looked for in the folders of TOUCHSTONE_DATA (a path list),
 * then in TOUCHSTONE_HOME/data.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EvalError } from './core/errors.js';
import { sha256 } from './core/hash.js';
import type { DatasetDefinition, DatasetSource, DatasetState, LoadedDataset } from './core/types.js';
import { digestDecompressed, quickDecompressedSize } from './readers/compressed.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface DatasetStatus {
  readonly state: DatasetState;
  /** One sentence for a person; names the command that helps where one does. */
  readonly message: string;
  /** The folder in use; absent when the dataset is nowhere. */
  readonly directory?: string;
}

const BUNDLED_DIRECTORY = fileURLToPath(new URL('../data/', import.meta.url));

/** TOUCHSTONE_HOME as an absolute path, default `.touchstone` below the working directory. */
export function homeDirectory(env: Environment = process.env): string {
  return resolve(env['TOUCHSTONE_HOME'] || '.touchstone');
}

/** The folder that `data pull` and `data import` write to. */
export function ownDataDirectory(env: Environment = process.env): string {
  return join(homeDirectory(env), 'data');
}

/** Absolute folders in the order in which they are searched. */
export function dataDirectories(env: Environment = process.env): string[] {
  const listed = (env['TOUCHSTONE_DATA'] ?? '').split(delimiter).filter((entry) => entry.trim() !== '');
  return [...listed.map((entry) => resolve(entry)), ownDataDirectory(env)];
}

function candidates(definition: DatasetDefinition, env: Environment): string[] {
  if (definition.bundled) return [join(BUNDLED_DIRECTORY, definition.folder)];
  return dataDirectories(env).map((directory) => join(directory, definition.folder));
}

function missingFiles(definition: DatasetDefinition, directory: string): string[] {
  return definition.sources.map((source) => source.file).filter((file) => !existsSync(join(directory, file)));
}

/** The first folder that holds every file of the dataset, or null. Only existence is looked at. */
export function locate(definition: DatasetDefinition, env: Environment = process.env): string | null {
  return candidates(definition, env).find((directory) => missingFiles(definition, directory).length === 0) ?? null;
}

function missing(definition: DatasetDefinition, env: Environment): EvalError {
  const searched = candidates(definition, env);
  return new EvalError(
    'DATASET_MISSING',
    `dataset ${definition.key} is not here (searched ${searched.join(', ')}). How to get it: ${definition.howToGet}`,
    { field: 'dataset', value: definition.key, allowed: definition.howToGet },
  );
}

function corrupt(file: string, found: string, expected: string): EvalError {
  return new EvalError('DATASET_CORRUPT', `${file}: found ${found}, expected ${expected}`, {
    field: file,
    value: found,
    allowed: expected,
  });
}

interface Checked {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: string;
  readonly bytes: number;
}

const noticePath = (path: string, env: Environment): string =>
  join(homeDirectory(env), 'cache', 'checksums', `${sha256(path)}.json`);

/** The remembered digest of a file, valid while its size and modification time stand. */
async function remembered(path: string, env: Environment): Promise<Checked | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    const note = JSON.parse(await readFile(noticePath(path, env), 'utf8')) as Partial<Checked>;
    if (note.path !== path || note.size !== size || note.mtimeMs !== mtimeMs) return null;
    if (typeof note.sha256 !== 'string' || typeof note.bytes !== 'number') return null;
    return note as Checked;
  } catch {
    return null;
  }
}

/** Writes under a temporary name in the same folder and renames, so that readers see all or nothing. */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** `remembered` trusts an earlier check of the unchanged file, `fresh` reads it and remembers, `once` is for temporary files. */
export type CheckMode = 'remembered' | 'fresh' | 'once';

async function digest(path: string, mode: CheckMode, env: Environment): Promise<{ sha256: string; bytes: number }> {
  const note = mode === 'remembered' ? await remembered(path, env) : null;
  if (note) return note;
  const { size, mtimeMs } = await stat(path);
  const result = await digestDecompressed(path);
  if (mode === 'once') return result;
  // A home that cannot be written costs time at the next start and nothing else.
  await writeAtomically(noticePath(path, env), JSON.stringify({ path, size, mtimeMs, ...result })).catch(() => {});
  return result;
}

/** SHA-256 of the decompressed content of a file, remembered while its size and modification time stand. */
export async function contentDigest(path: string, env: Environment = process.env): Promise<string> {
  return (await digest(path, 'remembered', env)).sha256;
}

/**
 * One digest of several files: the SHA-256 of their lines `<SHA-256 of the decompressed content>  <path>`, sorted by path. It is
 * remembered as a whole while sizes and modification times stand.
 */
export async function digestTogether(
  folder: string,
  files: readonly string[],
  env: Environment = process.env,
): Promise<string> {
  const sorted = files.toSorted();
  const stats = await Promise.all(sorted.map((file) => stat(join(folder, file))));
  const state = sha256(sorted.map((file, i) => `${file} ${stats[i]!.size} ${stats[i]!.mtimeMs}`).join('\n'));
  const path = noticePath(`${folder}/ together`, env);
  const note = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as { state?: unknown; sha256?: unknown },
    () => null,
  );
  if (note?.state === state && typeof note.sha256 === 'string') return note.sha256;
  const lines: string[] = [];
  for (const file of sorted) lines.push(`${(await digestDecompressed(join(folder, file))).sha256}  ${file}\n`);
  const together = sha256(lines.join(''));
  await writeAtomically(path, JSON.stringify({ state, sha256: together })).catch(() => {});
  return together;
}

/** Throws DATASET_CORRUPT naming file, found and expected when the file is not what the source says. */
export async function checkFile(
  path: string,
  source: DatasetSource,
  mode: CheckMode,
  env: Environment = process.env,
): Promise<void> {
  const found = await digest(path, mode, env);
  if (source.bytes !== undefined && found.bytes !== source.bytes) {
    throw corrupt(path, `${found.bytes} decompressed bytes`, `${source.bytes}`);
  }
  if (found.sha256 !== source.sha256) throw corrupt(path, `sha256 ${found.sha256}`, `sha256 ${source.sha256}`);
}

async function quickFault(definition: DatasetDefinition, directory: string, env: Environment): Promise<string | null> {
  for (const source of definition.sources) {
    const path = join(directory, source.file);
    const note = await remembered(path, env);
    if (note && note.sha256 !== source.sha256) {
      return `${path}: found sha256 ${note.sha256}, expected sha256 ${source.sha256}`;
    }
    const size = await quickDecompressedSize(path);
    if (source.bytes !== undefined && size !== source.bytes) {
      return `${path}: found ${size} decompressed bytes, expected ${source.bytes}`;
    }
  }
  return null;
}

/**
 * Cheap: existence, the size each file claims, and what an earlier full check of the same file found.
 * Never throws for a dataset that is absent or damaged.
 */
export async function datasetState(
  definition: DatasetDefinition,
  env: Environment = process.env,
): Promise<DatasetStatus> {
  const directory = locate(definition, env);
  if (directory) {
    const fault = await quickFault(definition, directory, env).catch((error: Error) => error.message);
    // The message is for every reader; where the folder lies is the owner's business.
    if (fault) return { state: 'CORRUPT', message: fault.replaceAll(`${directory}${sep}`, ''), directory };
    if (definition.bundled) return { state: 'BUNDLED', message: 'Part of Touchstone.', directory };
    return { state: 'PRESENT', message: 'Present on this machine.', directory };
  }
  const partial = candidates(definition, env).find(
    (candidate) => missingFiles(definition, candidate).length < definition.sources.length,
  );
  const note = partial ? `Incomplete: ${missingFiles(definition, partial).join(', ')} missing. ` : '';
  const downloadable = definition.sources.every((source) => source.url !== undefined);
  return {
    state: downloadable ? 'DOWNLOADABLE' : 'MISSING',
    message: `${note}How to get it: ${definition.howToGet}`,
  };
}

/**
 * Reads every file whole and compares length and SHA-256; returns the folder.
 * `fresh` ignores what an earlier check remembered. Throws DATASET_MISSING or DATASET_CORRUPT.
 */
export async function verifyDataset(
  definition: DatasetDefinition,
  options: { readonly env?: Environment; readonly fresh?: boolean } = {},
): Promise<string> {
  const env = options.env ?? process.env;
  const directory = locate(definition, env);
  if (!directory) throw missing(definition, env);
  for (const source of definition.sources) {
    await checkFile(join(directory, source.file), source, options.fresh === false ? 'remembered' : 'fresh', env);
  }
  return directory;
}

/** The registered definition; throws UNKNOWN_DATASET naming those there are. */
export async function datasetByKey(key: string): Promise<DatasetDefinition> {
  const { datasets } = await import('./registry.generated.js');
  const found = datasets.find((definition) => definition.key === key);
  if (found) return found;
  const allowed = datasets.map((definition) => definition.key).join(', ');
  throw new EvalError('UNKNOWN_DATASET', `no dataset '${key}'; there are ${allowed}`, {
    field: 'dataset',
    value: key,
    allowed,
  });
}

/**
 * The dataset of a key or definition, its files checked first (once per file, size and modification time).
 * Throws UNKNOWN_DATASET, DATASET_MISSING or DATASET_CORRUPT.
 */
export async function loadDataset(
  dataset: string | DatasetDefinition,
  options: { readonly env?: Environment } = {},
): Promise<LoadedDataset> {
  const definition = typeof dataset === 'string' ? await datasetByKey(dataset) : dataset;
  const directory = await verifyDataset(definition, { ...options, fresh: false });
  const loaded = await definition.load((file) => join(directory, file));
  if (loaded.n !== definition.items || loaded.classNames.length !== definition.classes) {
    throw corrupt(
      directory,
      `${loaded.n} items of ${loaded.classNames.length} classes`,
      `${definition.items} items of ${definition.classes} classes`,
    );
  }
  return loaded;
}
