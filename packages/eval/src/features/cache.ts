/**
 * Computed arrays on disk, named by the hash of what they were computed from. A file is `TSF1`, the SHA-256 of the rest
 * (32 bytes), the number of bytes (uint32, little-endian) and the bytes; one that does not check is computed anew.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { homeDirectory, type Environment } from '../data-store.js';

const MAGIC = Buffer.from('TSF1');
const HEADER = 40;

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function read(path: string, length: number): Uint8Array | null {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch {
    return null;
  }
  if (file.length !== HEADER + length || !file.subarray(0, 4).equals(MAGIC)) return null;
  if (file.readUInt32LE(36) !== length || !digest(file.subarray(36)).equals(file.subarray(4, 36))) return null;
  // A copy, so that the result is aligned for any element type.
  return Uint8Array.from(file.subarray(HEADER));
}

/** Under a temporary name first, so that readers see all or nothing; a folder that cannot be written is left alone. */
function write(path: string, bytes: Uint8Array): void {
  const file = Buffer.alloc(HEADER + bytes.length);
  MAGIC.copy(file);
  file.writeUInt32LE(bytes.length, 36);
  file.set(bytes, HEADER);
  digest(file.subarray(36)).copy(file, 4);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, file);
    renameSync(temporary, path);
  } catch {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // Nothing was written there either.
    }
  }
}

/** SHA-256 over a description and the bytes of arrays: the name of what follows from them. */
export function contentName(description: string, ...arrays: readonly (Float32Array | Float64Array)[]): string {
  const hash = createHash('sha256').update(`${description}\n`);
  for (const { buffer, byteOffset, byteLength } of arrays) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}

/**
 * The `length` bytes stored under `name` in TOUCHSTONE_HOME/cache/features, or those of `compute()`, stored there.
 * A damaged file, another length or a folder that cannot be written costs the computation and nothing else.
 * Bytes are in the machine's order; the platforms of Node are little-endian.
 */
export function cachedBytes(
  name: string,
  length: number,
  compute: () => Uint8Array,
  env: Environment = process.env,
): Uint8Array {
  const path = join(homeDirectory(env), 'cache', 'features', `${name}.bin`);
  const stored = read(path, length);
  if (stored) return stored;
  const bytes = compute();
  write(path, bytes);
  return bytes;
}
