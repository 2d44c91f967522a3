/**
 * Series as chunks of interleaved float64 (step, value), little-endian. Chunk −1 is one coarse level of a long series:
 * interleaved (step, mean, min, max) of equal buckets, so that a plot of a million points reads one row.
 */
import { type Database, schema } from '@touchstone/db';
import { and, asc, eq, gte, inArray, sql } from 'drizzle-orm';
import type { SeriesPoint } from '@touchstone/eval/meta';

/** Longer series get a coarse level of this many buckets. */
export const COARSE_BUCKETS = 512;
export const COARSE_CHUNK = -1;

const encode = (values: Float64Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function decode(bytes: Uint8Array): Float64Array {
  const copy = bytes.slice();
  return new Float64Array(copy.buffer, 0, copy.byteLength / 8);
}

export interface ChunkKey {
  readonly runId: string;
  readonly attempt: number;
  /** Rises by one with every batch of an attempt; a batch sent twice is stored once. */
  readonly chunk: number;
}

/** Stores one batch of points, a row a key. Values that are not finite are kept as they are; min and max skip them. */
export async function storeSeries(tx: Database, key: ChunkKey, points: readonly SeriesPoint[]): Promise<void> {
  const byKey = new Map<string, SeriesPoint[]>();
  for (const point of points) {
    const known = byKey.get(point.key);
    if (known) known.push(point);
    else byKey.set(point.key, [point]);
  }
  if (byKey.size === 0) return;
  const rows = [...byKey].map(([name, list]) => {
    const finite = list.map((p) => p.value).filter(Number.isFinite);
    return {
      ...key,
      key: name,
      n: list.length,
      firstStep: list[0]!.step,
      lastStep: list.at(-1)!.step,
      min: finite.reduce((a, b) => Math.min(a, b), Infinity),
      max: finite.reduce((a, b) => Math.max(a, b), -Infinity),
      points: encode(Float64Array.from(list.flatMap((p) => [p.step, p.value]))),
    };
  });
  await tx.insert(schema.seriesChunks).values(rows).onConflictDoNothing();
}

/** Writes the coarse level of every long series of an attempt; called once, in the transaction that ends the run. */
export async function storeCoarse(tx: Database, runId: string, attempt: number): Promise<void> {
  const { seriesChunks } = schema;
  const long = await tx
    .select({ key: seriesChunks.key })
    .from(seriesChunks)
    .where(and(eq(seriesChunks.runId, runId), eq(seriesChunks.attempt, attempt), gte(seriesChunks.chunk, 0)))
    .groupBy(seriesChunks.key)
    .having(sql`sum(${seriesChunks.n}) > ${COARSE_BUCKETS * 2}`);
  for (const { key } of long) {
    const chunks = await tx
      .select({ points: seriesChunks.points })
      .from(seriesChunks)
      .where(
        and(
          eq(seriesChunks.runId, runId),
          eq(seriesChunks.attempt, attempt),
          eq(seriesChunks.key, key),
          gte(seriesChunks.chunk, 0),
        ),
      )
      .orderBy(asc(seriesChunks.chunk));
    const buckets = bucketed(
      chunks.map((row) => decode(row.points)),
      COARSE_BUCKETS,
    );
    const flat = Float64Array.from(buckets.flatMap((b) => [b.step, b.value, b.min, b.max]));
    await tx
      .insert(seriesChunks)
      .values({
        runId,
        key,
        attempt,
        chunk: COARSE_CHUNK,
        n: buckets.length,
        firstStep: buckets[0]!.step,
        lastStep: buckets.at(-1)!.step,
        min: Math.min(...buckets.map((b) => b.min)),
        max: Math.max(...buckets.map((b) => b.max)),
        points: encode(flat),
      })
      .onConflictDoNothing();
  }
}

/** One bucket of a downsampled series: the last step in it, and mean, least and greatest value. */
export interface Bucket {
  readonly step: number;
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

function bucketed(chunks: readonly Float64Array[], buckets: number): Bucket[] {
  const total = chunks.reduce((n, chunk) => n + chunk.length / 2, 0);
  const size = Math.max(1, Math.ceil(total / buckets));
  const out: Bucket[] = [];
  let [count, sum, min, max, step] = [0, 0, Infinity, -Infinity, 0];
  const flush = () => {
    if (count > 0) out.push({ step, value: sum / count, min, max });
    [count, sum, min, max] = [0, 0, Infinity, -Infinity];
  };
  for (const chunk of chunks)
    for (let i = 0; i < chunk.length; i += 2) {
      step = chunk[i]!;
      const value = chunk[i + 1]!;
      sum += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
      if (++count === size) flush();
    }
  flush();
  return out;
}

export interface StoredSeries {
  readonly runId: string;
  readonly key: string;
  readonly points: readonly Bucket[];
}

/**
 * Series of several runs, each of its newest attempt, downsampled to at most `points` buckets, in one statement. Where a
 * coarse level is fine enough only that is read.
 */
export async function readSeries(
  db: Database,
  runIds: readonly string[],
  keys: readonly string[] | null,
  points: number,
): Promise<StoredSeries[]> {
  if (runIds.length === 0) return [];
  const { seriesChunks: c } = schema;
  const newest = sql`${c.attempt} = (select max(o.attempt) from series_chunks o where o.run_id = ${c.runId} and o.key = ${c.key})`;
  const coarse = sql`exists (select 1 from series_chunks o where o.run_id = ${c.runId} and o.key = ${c.key} and o.attempt = ${c.attempt} and o.chunk = ${COARSE_CHUNK})`;
  const level =
    points <= COARSE_BUCKETS
      ? sql`((${c.chunk} = ${COARSE_CHUNK}) or (${c.chunk} >= 0 and not ${coarse}))`
      : gte(c.chunk, 0);
  const rows = await db
    .select({ runId: c.runId, key: c.key, chunk: c.chunk, points: c.points })
    .from(c)
    .where(and(inArray(c.runId, [...runIds]), keys ? inArray(c.key, [...keys]) : undefined, newest, level))
    .orderBy(asc(c.runId), asc(c.key), asc(c.chunk));
  const out: StoredSeries[] = [];
  for (let i = 0; i < rows.length;) {
    const { runId, key } = rows[i]!;
    const chunks: Float64Array[] = [];
    let isCoarse = false;
    for (; i < rows.length && rows[i]!.runId === runId && rows[i]!.key === key; i++) {
      isCoarse ||= rows[i]!.chunk === COARSE_CHUNK;
      chunks.push(decode(rows[i]!.points));
    }
    out.push({ runId, key, points: isCoarse ? merged(chunks[0]!, points) : bucketed(chunks, points) });
  }
  return out;
}

/** Coarse buckets joined into at most `points` of them. */
function merged(level: Float64Array, points: number): Bucket[] {
  const n = level.length / 4;
  const size = Math.max(1, Math.ceil(n / points));
  const out: Bucket[] = [];
  for (let from = 0; from < n; from += size) {
    const to = Math.min(n, from + size);
    let [sum, min, max] = [0, Infinity, -Infinity];
    for (let i = from; i < to; i++) {
      sum += level[i * 4 + 1]!;
      min = Math.min(min, level[i * 4 + 2]!);
      max = Math.max(max, level[i * 4 + 3]!);
    }
    out.push({ step: level[(to - 1) * 4]!, value: sum / (to - from), min, max });
  }
  return out;
}
