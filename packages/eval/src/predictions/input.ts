/**
 * Files that a person hands in: one file, a folder, a zip or a tar.gz, seen alike, as named files read on demand.
 * Nothing is unpacked to disk; links and paths that leave the tree are refused; sizes are limited as declared and as read.
 */
import type { Dirent } from 'node:fs';
import { lstat, open as openFile, readdir, readFile } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { Readable } from 'node:stream';
import { crc32, createGunzip, gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { type Entry, fromFd, type ZipFile } from 'yauzl';
import { EvalError } from '../core/errors.js';
import { malformed, tooLarge } from './errors.js';

export interface InputFile {
  /** Path inside the tree, with slashes; the file's own name for a single file. */
  readonly name: string;
  /** Content length, decompressed. */
  readonly bytes: number;
  read(): Promise<Buffer>;
}

export interface InputTree {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'zip' | 'tar.gz';
  /** In ascending order of their names by code units. */
  readonly files: readonly InputFile[];
  close(): Promise<void>;
}

export interface InputLimits {
  readonly files: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
  /** Decompressed length over compressed length. */
  readonly ratio: number;
}

export const DEFAULT_LIMITS: InputLimits = {
  files: 200_000,
  fileBytes: 2 ** 31 - 1,
  totalBytes: 8 * 2 ** 30,
  ratio: 200,
};

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MiB`;

/** Opens a path. Throws FILE_MALFORMED or FILE_TOO_LARGE, naming the file. */
export async function openInput(path: string, limits: InputLimits = DEFAULT_LIMITS): Promise<InputTree> {
  const stat = await lstat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new EvalError(
      'FILE_MALFORMED',
      `${path}: ${cause.code === 'ENOENT' ? 'no such file or folder' : cause.message}`,
      { field: path, value: cause.code, allowed: 'a file or folder that can be read' },
      { cause },
    );
  });
  if (stat.isDirectory()) return folder(path, limits);
  if (!stat.isFile()) throw malformed(path, {}, 'neither a file nor a folder', 'a regular file, not a link');
  const head = await headOf(path);
  if (head.length >= 4 && head.readUInt32LE(0) === 0x04034b50) {
    // An .npz is a zip, and one file to whoever reads it.
    return /\.npz$/i.test(path) ? single(path, stat.size, limits) : zip(path, limits);
  }
  if (head[0] === 0x1f && head[1] === 0x8b) {
    return /\.(tar\.gz|tgz)$/i.test(path) ? tarGz(path, stat.size, limits) : gzipped(path, stat.size, limits);
  }
  return single(path, stat.size, limits);
}

async function headOf(path: string): Promise<Buffer> {
  const handle = await openFile(path, 'r');
  try {
    const head = Buffer.alloc(4);
    const { bytesRead } = await handle.read(head, 0, 4, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function checkSize(name: string, bytes: number, limits: InputLimits): void {
  if (bytes > limits.fileBytes) throw tooLarge(name, mebibytes(bytes), `at most ${mebibytes(limits.fileBytes)} a file`);
}

const tree = (
  path: string,
  kind: InputTree['kind'],
  files: readonly InputFile[],
  close: () => Promise<void> = async () => undefined,
): InputTree => ({
  path,
  kind,
  files: [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
  close,
});

function single(path: string, bytes: number, limits: InputLimits): InputTree {
  checkSize(path, bytes, limits);
  return tree(path, 'file', [{ name: basename(path), bytes, read: () => readFile(path) }]);
}

async function gzipped(path: string, size: number, limits: InputLimits): Promise<InputTree> {
  checkSize(path, size, limits);
  const most = Math.min(limits.fileBytes, Math.max(2 ** 20, size * limits.ratio));
  let content: Buffer;
  try {
    content = gunzipSync(await readFile(path), { maxOutputLength: most });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge(path, `more than ${mebibytes(most)} decompressed`, `at most ${limits.ratio} times its size`);
    throw malformed(path, {}, message, 'a complete gzip file', cause);
  }
  const name = basename(path).replace(/\.gz$/i, '');
  return tree(path, 'file', [{ name, bytes: content.length, read: async () => content }]);
}

async function folder(root: string, limits: InputLimits): Promise<InputTree> {
  const files: InputFile[] = [];
  let total = 0;
  const visit = async (relative: string): Promise<void> => {
    const entries: Dirent[] = await readdir(join(root, relative), { withFileTypes: true });
    for (const entry of entries) {
      const name = posix.join(relative, entry.name);
      if (entry.isSymbolicLink()) throw malformed(join(root, name), {}, 'a link', 'regular files and folders');
      if (entry.isDirectory()) await visit(name);
      else if (entry.isFile()) {
        const { size } = await lstat(join(root, name));
        checkSize(name, size, limits);
        total += size;
        checkTotals(root, files.push({ name, bytes: size, read: () => readFile(join(root, name)) }), total, limits);
      } else throw malformed(join(root, name), {}, 'a special file', 'regular files and folders');
    }
  };
  await visit('');
  return tree(root, 'folder', files);
}

function checkTotals(path: string, count: number, total: number, limits: InputLimits): void {
  if (count > limits.files) throw tooLarge(path, `more than ${limits.files} files`, `at most ${limits.files} files`);
  if (total > limits.totalBytes)
    throw tooLarge(path, `more than ${mebibytes(limits.totalBytes)} in all`, `at most ${mebibytes(limits.totalBytes)}`);
}

/** The name of an archive's member, or an error if it leaves the tree. */
function memberName(archive: string, name: string): string {
  const clean = posix.normalize(name.replaceAll('\\', '/'));
  if (name.includes('\0') || posix.isAbsolute(clean) || /^[A-Za-z]:/.test(clean) || clean.split('/').includes('..'))
    throw malformed(archive, {}, `member "${name}"`, 'names inside the archive');
  return clean;
}

async function zip(path: string, limits: InputLimits): Promise<InputTree> {
  const handle = await openFile(path, 'r');
  const archive = await new Promise<ZipFile>((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true, decodeStrings: true };
    fromFd(handle.fd, options, (error, file) => (error ? reject(error) : resolve(file)));
  }).catch(async (cause: Error) => {
    await handle.close();
    throw malformed(path, {}, cause.message, 'a zip archive', cause);
  });
  const files: InputFile[] = [];
  const names = new Set<string>();
  let total = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      archive.on('error', (cause: Error) => reject(malformed(path, {}, cause.message, 'a sound zip archive', cause)));
      archive.on('end', resolve);
      archive.on('entry', (entry: Entry) => {
        try {
          if (!entry.fileName.endsWith('/')) {
            const name = memberName(path, entry.fileName);
            if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000)
              throw malformed(path, {}, `member "${name}" is a link`, 'regular files');
            if (names.has(name)) throw malformed(path, {}, `member "${name}" twice`, 'each name once');
            names.add(name);
            checkSize(`${path}: ${name}`, entry.uncompressedSize, limits);
            if (entry.uncompressedSize > 2 ** 20 && entry.uncompressedSize > limits.ratio * entry.compressedSize)
              throw tooLarge(`${path}: ${name}`, 'a compression ratio beyond reason', `at most ${limits.ratio} to 1`);
            total += entry.uncompressedSize;
            files.push({ name, bytes: entry.uncompressedSize, read: () => readMember(path, archive, entry) });
            checkTotals(path, files.length, total, limits);
          }
          archive.readEntry();
        } catch (error) {
          reject(error as Error);
        }
      });
      archive.readEntry();
    });
  } catch (error) {
    await handle.close();
    throw error;
  }
  return tree(path, 'zip', files, () => handle.close());
}

function readMember(path: string, archive: ZipFile, entry: Entry): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void =>
      reject(malformed(`${path}: ${entry.fileName}`, {}, cause.message, 'a sound member', cause));
    archive.openReadStream(entry, (cause, stream) => {
      if (cause) return fail(cause);
      const chunks: Buffer[] = [];
      stream.on('error', fail);
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const content = Buffer.concat(chunks);
        if (crc32(content) === entry.crc32) resolve(content);
        else fail(new Error('a checksum that does not fit the content'));
      });
    });
  });
}

/** A tar cannot be read out of order, so its members are held in memory, within the limit of one file in all. */
async function tarGz(path: string, size: number, limits: InputLimits): Promise<InputTree> {
  const files: InputFile[] = [];
  const names = new Set<string>();
  const most = Math.min(limits.fileBytes, Math.max(2 ** 20, size * limits.ratio));
  let total = 0;
  const source = Readable.from([await readFile(path)]).pipe(createGunzip());
  const unpack = source.pipe(extract());
  source.on('error', (cause) => unpack.destroy(cause));
  try {
    for await (const member of unpack) {
      const { type, name: written, size: declared = 0 } = member.header;
      const name = memberName(path, written);
      if (type === 'directory') {
        member.resume();
        continue;
      }
      if (type !== 'file') throw malformed(path, {}, `member "${name}" is a ${type}`, 'regular files');
      if (names.has(name)) throw malformed(path, {}, `member "${name}" twice`, 'each name once');
      names.add(name);
      total += declared;
      if (total > most) throw tooLarge(path, `more than ${mebibytes(most)} unpacked`, `at most ${mebibytes(most)}`);
      const chunks: Buffer[] = [];
      for await (const chunk of member) chunks.push(chunk as Buffer);
      const content = Buffer.concat(chunks);
      files.push({ name, bytes: content.length, read: async () => content });
      checkTotals(path, files.length, total, limits);
    }
  } catch (cause) {
    if (cause instanceof EvalError) throw cause;
    throw malformed(path, {}, (cause as Error).message, 'a complete tar.gz archive', cause);
  } finally {
    source.destroy();
  }
  return tree(path, 'tar.gz', files);
}
