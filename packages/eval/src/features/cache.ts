/**
 * Float32 arrays on disk, named by the hash of what they were computed from. A file is `TSF1`, the SHA-256 of the rest
 * (32 bytes), the number of values (uint32, little-endian) and the values; one that does not check is computed anew.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { homeDirectory, writeAtomically, type Environment } from '../data-store.js';

const MAGIC = Buffer.from('TSF1');
const HEADER = 40;

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function decode(file: Buffer, length: number): Float32Array | null {
  if (file.length !== HEADER + 4 * length || !file.subarray(0, 4).equals(MAGIC)) return null;
  if (file.readUInt32LE(36) !== length || !digest(file.subarray(36)).equals(file.subarray(4, 36))) return null;
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) values[i] = file.readFloatLE(HEADER + 4 * i);
  return values;
}

function encode(values: Float32Array): Buffer {
  const file = Buffer.alloc(HEADER + 4 * values.length);
  MAGIC.copy(file);
  file.writeUInt32LE(values.length, 36);
  for (let i = 0; i < values.length; i++) file.writeFloatLE(values[i]!, HEADER + 4 * i);
  digest(file.subarray(36)).copy(file, 4);
  return file;
}

/**
 * The array stored under `name` (a hash) in TOUCHSTONE_HOME/cache/features, or `compute()` stored there.
 * A damaged file, another length or a folder that cannot be written costs the computation and nothing else.
 */
export async function cachedFeatures(
  name: string,
  length: number,
  compute: () => Float32Array,
  env: Environment = process.env,
): Promise<Float32Array> {
  const path = join(homeDirectory(env), 'cache', 'features', `${name}.f32`);
  const stored = await readFile(path).then(
    (file) => decode(file, length),
    () => null,
  );
  if (stored) return stored;
  const values = compute();
  await writeAtomically(path, encode(values)).catch(() => {});
  return values;
}
