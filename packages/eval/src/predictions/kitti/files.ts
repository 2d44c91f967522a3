/** Which file of a submission is which frame or sequence. */
import { malformed } from '../errors.js';
import type { InputFile, InputTree } from '../input.js';

export interface NumberedFiles {
  /** By number as written, e.g. `000123`. */
  readonly files: ReadonlyMap<string, InputFile>;
  /** All the rest. */
  readonly others: readonly InputFile[];
}

/** Files named by a number of so many digits and `.txt`, at any depth. Throws FILE_MALFORMED where two have one number. */
export function numberedFiles(trees: readonly InputTree[], digits: number): NumberedFiles {
  const files = new Map<string, InputFile>();
  const others: InputFile[] = [];
  const pattern = new RegExp(`^\\d{${digits}}\\.txt$`);
  for (const file of trees.flatMap((tree) => tree.files)) {
    const base = file.name.slice(file.name.lastIndexOf('/') + 1);
    if (file.name.includes('__MACOSX/') || !pattern.test(base)) {
      others.push(file);
      continue;
    }
    const number = base.slice(0, digits);
    const before = files.get(number);
    if (before) throw malformed(file.name, {}, `${base} again (${before.name})`, 'one file for each number');
    files.set(number, file);
  }
  return { files, others };
}

/** Those of `wanted`, in that order. Throws FILE_MALFORMED naming the first that are missing. */
export function filesOf(
  trees: readonly InputTree[],
  { files }: NumberedFiles,
  wanted: readonly string[],
  what: string,
): InputFile[] {
  const missing = wanted.filter((number) => !files.has(number));
  if (missing.length === 0) return wanted.map((number) => files.get(number)!);
  const shown = missing.slice(0, 3).map((number) => `${number}.txt`);
  throw malformed(
    trees.map(({ path }) => path).join(', ') || what,
    {},
    `${missing.length} of ${wanted.length} files missing (${shown.join(', ')}${missing.length > 3 ? ', …' : ''})`,
    `${what}, a file each, empty where there is nothing`,
  );
}

/** A sentence about files that the split does not use, if there are any. */
export function unusedWarning({ files, others }: NumberedFiles, wanted: readonly string[]): string[] {
  const used = new Set(wanted);
  const unused = [...[...files].filter(([number]) => !used.has(number)).map(([, file]) => file), ...others];
  if (unused.length === 0) return [];
  const shown = unused.slice(0, 3).map(({ name }) => name);
  return [`${unused.length} files were not read (${shown.join(', ')}${unused.length > 3 ? ', …' : ''})`];
}
