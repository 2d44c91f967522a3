/** Bytes that are computed once on a machine, where the computation has to wait for something. */
import { cachedBytes } from '../features/cache.js';

const ABSENT = new Error('not remembered');

/** What TOUCHSTONE_HOME/cache/features holds under the name, or the result of `compute`, kept there. */
export async function rememberedBytes(
  name: string,
  length: number,
  compute: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  try {
    return cachedBytes(name, length, () => {
      throw ABSENT;
    });
  } catch (error) {
    if (error !== ABSENT) throw error;
  }
  const bytes = await compute();
  cachedBytes(name, length, () => bytes);
  return bytes;
}
