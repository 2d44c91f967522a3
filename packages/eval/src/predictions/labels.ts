/** Official labels are read from the folders of whoever scores; here it is seen to that they are the official ones. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EvalError } from '../core/errors.js';
import type { Receipt } from '../core/types.js';
import { contentDigest, dataDirectories, digestTogether, type Environment } from '../data-store.js';
import { labelFolder } from './records.js';
import type { LabelSet, PredictionProtocol } from './types.js';

export interface OfficialLabels {
  /** The folder of that name, its files checked. Throws DATASET_MISSING, or DATASET_CORRUPT naming file, found and expected. */
  folder(name: string): string;
  /** What was asked for so far, as a receipt says it. */
  used(): Receipt['datasets'];
}

function corrupt(file: string, found: string, expected: string): EvalError {
  return new EvalError('DATASET_CORRUPT', `${file}: found ${found}, expected ${expected}`, {
    field: file,
    value: found,
    allowed: expected,
  });
}

function missing({ key }: PredictionProtocol, name: string, env: Environment): EvalError {
  const searched = dataDirectories(env).map((directory) => join(directory, name));
  const allowed = `--labels, or ${name} under TOUCHSTONE_DATA`;
  return new EvalError(
    'DATASET_MISSING',
    `${key} needs ${name}, which is not here (searched ${searched.join(', ')}); allowed: ${allowed}`,
    { field: name, value: searched.join(', '), allowed },
  );
}

/** Where a folder lies is its owner's business: messages name files from the folder on. */
async function present<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof EvalError) throw corrupt(what, 'damaged content', 'a complete file');
    const { code, message } = cause as NodeJS.ErrnoException;
    throw corrupt(what, code === 'ENOENT' ? 'no such file' : (code ?? message), 'a file of the official labels');
  }
}

async function digestsOf(
  protocol: PredictionProtocol,
  set: LabelSet,
  folder: string,
  folderOf: (name: string) => string,
  env: Environment,
): Promise<readonly string[]> {
  if ('supplied' in set) {
    const files = await set.supplied(folderOf);
    const absent = files.find((file) => !existsSync(join(folder, file)));
    if (absent !== undefined) throw missing(protocol, `${set.folder}/${absent}`, env);
    return [await present(`a label file of ${set.folder}`, () => digestTogether(folder, files, env))];
  }
  const digests: string[] = [];
  for (const [file, expected] of Object.entries(set.files)) {
    const name = `${set.folder}/${file}`;
    const found = await present(name, () => contentDigest(join(folder, file), env));
    if (found !== expected) throw corrupt(name, `sha256 ${found}`, `sha256 ${expected}`);
    digests.push(found);
  }
  return digests;
}

/**
 * Looks at every label folder of a protocol that is here. What is wrong with one is said when it is asked for, so that a protocol
 * that gets its labels otherwise is not held up. A file is read whole once a machine, while its size and time stand.
 */
export async function checkLabels(protocol: PredictionProtocol, env: Environment): Promise<OfficialLabels> {
  const folderOf = (name: string): string => {
    const found = labelFolder(name, env);
    if (found === null) throw missing(protocol, name, env);
    return found;
  };
  const checked = new Map<string, readonly string[] | EvalError>();
  for (const set of protocol.datasets) {
    const folder = labelFolder(set.folder, env);
    if (folder === null) continue;
    const outcome = await digestsOf(protocol, set, folder, folderOf, env).catch((error: unknown) => {
      if (error instanceof EvalError) return error;
      throw error;
    });
    checked.set(set.folder, outcome);
  }
  const asked = new Set<string>();
  return {
    folder(name) {
      const outcome = checked.get(name);
      if (outcome instanceof EvalError) throw outcome;
      if (outcome === undefined) throw missing(protocol, name, env);
      asked.add(name);
      return folderOf(name);
    },
    used: () =>
      protocol.datasets
        .filter(({ folder }) => asked.has(folder))
        .map(({ folder, revision }) => ({ key: folder, revision, sha256: checked.get(folder) as readonly string[] })),
  };
}
