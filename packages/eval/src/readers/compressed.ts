/** Reading files that may be gzipped; gzip is recognised by its first two bytes, never by the name. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { EvalError } from '../core/errors.js';

const MAX_BYTES = 2 ** 30;

/** Whole decompressed content; throws DATASET_CORRUPT on a damaged or truncated gzip or beyond 1 GiB. */
export async function readDecompressed(path: string): Promise<Buffer> {
  const raw = await readFile(path);
  if (raw[0] !== 0x1f || raw[1] !== 0x8b) return raw;
  try {
    return gunzipSync(raw, { maxOutputLength: MAX_BYTES });
  } catch (cause) {
    throw new EvalError(
      'DATASET_CORRUPT',
      `${path}: not a complete gzip file (${(cause as Error).message})`,
      { field: path, value: `${raw.length} bytes`, allowed: 'a complete gzip file' },
      { cause },
    );
  }
}

async function isGzip(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(2);
    const { bytesRead } = await handle.read(head, 0, 2, 0);
    return bytesRead === 2 && head[0] === 0x1f && head[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/**
 * Lower-case hex SHA-256 and length of the decompressed content, streamed.
 * Throws DATASET_CORRUPT when the gzip stream is damaged or ends early.
 */
export async function digestDecompressed(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const consume = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      hash.update(chunk);
      bytes += chunk.length;
      if (bytes > 64 * MAX_BYTES) throw new Error('decompresses to more than 64 GiB');
    }
  };
  try {
    if (await isGzip(path)) await pipeline(createReadStream(path), createGunzip(), consume);
    else await pipeline(createReadStream(path), consume);
  } catch (cause) {
    const error = cause as NodeJS.ErrnoException;
    if (error.code && !error.code.startsWith('Z_')) throw cause;
    throw new EvalError(
      'DATASET_CORRUPT',
      `${path}: damaged after ${bytes} decompressed bytes (${error.message})`,
      { field: path, value: `${bytes} bytes, then ${error.code ?? error.message}`, allowed: 'a complete gzip file' },
      { cause },
    );
  }
  return { sha256: hash.digest('hex'), bytes };
}

/**
 * Decompressed length at the cost of two small reads: the size field that ends a gzip file (RFC 1952, modulo 2³²),
 * or the file's own length.
 */
export async function quickDecompressedSize(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(2);
    await handle.read(head, 0, 2, 0);
    if (head[0] !== 0x1f || head[1] !== 0x8b || size < 18) return size;
    const tail = Buffer.alloc(4);
    await handle.read(tail, 0, 4, size - 4);
    return tail.readUInt32LE(0);
  } finally {
    await handle.close();
  }
}
