/** The files of a predictions receipt, found again by their content. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EvalError } from '../core/errors.js';
import type { Variant } from '../core/types.js';

async function contentOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  try {
    await pipeline(createReadStream(path), digest);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new EvalError(
      'FILE_MALFORMED',
      `${path}: ${code === 'ENOENT' ? 'no such file' : message}`,
      { field: path, value: code, allowed: 'a file that can be read' },
      { cause },
    );
  }
  return digest.digest('hex');
}

/** A receipt may come from anybody: a name with a folder in it would be written wherever it leads. */
function plainName(name: unknown, position: number): string {
  if (typeof name === 'string' && name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name)) return name;
  const field = `variant.predictions.files[${position}].name`;
  const allowed = 'a file name without folders';
  throw new EvalError('RECEIPT_INVALID', `${field}: found ${JSON.stringify(name)}, expected ${allowed}`, {
    field,
    value: name,
    allowed,
  });
}

/**
 * Calls `use` with the paths of a variant's files in its order, picked from `given` by their SHA-256 whatever they are called
 * here; their recorded names decide how they are read. Throws HASH_MISMATCH naming the file, what was found and what is expected,
 * and RECEIPT_INVALID for a recorded name that is no plain file name.
 */
export async function withRecordedFiles<T>(
  variant: Variant,
  given: readonly string[],
  use: (paths: readonly string[]) => Promise<T>,
): Promise<T> {
  const found = new Map<string, string>();
  for (const path of given) found.set(await contentOf(path), path);
  const folder = await mkdtemp(join(tmpdir(), 'touchstone-rerun-'));
  try {
    const paths: string[] = [];
    for (const [i, { name: recorded, sha256 }] of (variant.predictions?.files ?? []).entries()) {
      const name = plainName(recorded, i);
      const path = found.get(sha256);
      if (path === undefined) {
        const others = [...found].map(([digest, other]) => `${other} with ${digest}`).join(', ') || 'no file';
        throw new EvalError('HASH_MISMATCH', `${name}: found ${others}, expected a file with the SHA-256 ${sha256}`, {
          field: name,
          value: others,
          allowed: `a file with the SHA-256 ${sha256}`,
        });
      }
      if (basename(path) === name) {
        paths.push(path);
        continue;
      }
      await mkdir(join(folder, String(i)));
      const named = join(folder, String(i), name);
      await link(path, named).catch(() => copyFile(path, named));
      paths.push(named);
    }
    return await use(paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
