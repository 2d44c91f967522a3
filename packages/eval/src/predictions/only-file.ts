/** The usual case: one file. */
import { EvalError } from '../core/errors.js';
import type { InputFile, InputTree } from './input.js';

/** The one file of the one path given. Throws FILE_MALFORMED for none, several, and a tree of several files. */
export function onlyFile(trees: readonly InputTree[], field: string): InputFile {
  const files = trees.flatMap((tree) => tree.files);
  if (files.length === 1) return files[0]!;
  const found =
    files.length === 0
      ? 'none'
      : `${files.length}: ${files
          .slice(0, 3)
          .map(({ name }) => name)
          .join(', ')}`;
  throw new EvalError('FILE_MALFORMED', `${field}: found ${found}, expected one file`, {
    field,
    value: found,
    allowed: 'one file',
  });
}
