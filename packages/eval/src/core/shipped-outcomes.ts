/**
 * Per-example outcomes and bootstrap sketches of the reference results: one file beside each file of receipts. Little-endian: "TSO1",
 * length of the header (uint32), the header as JSON, one encoded sketch a run, then the outcomes of all runs, deflated. Outcomes that
 * are all 0 or 1 take a bit a run, one byte a unit and eight runs; others are float32, first all lowest bytes, then all second ones …
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { z } from 'zod';
import { EvalError } from './errors.js';
import { receiptsDirectory } from './shipped.js';
import type { RunUnits } from './types.js';

export interface ShippedRun {
  /** Of the receipt that it belongs to. */
  readonly digest: string;
  /** One value a test unit, rounded to float32 unless 0 or 1. */
  readonly outcomes: Float64Array;
  /** Encoded bootstrap sketch. */
  readonly sketch: Uint8Array;
}

export interface ShippedOutcomes {
  /** Score whose outcomes they are. */
  readonly key: string;
  readonly runs: readonly ShippedRun[];
}

const MAGIC = 'TSO1';
const SUFFIX = '.outcomes';
const UNITS = 'units.json.deflate';

const headerType = z.object({
  key: z.string(),
  form: z.enum(['bit', 'float32']),
  units: z.int().min(1).max(10_000_000),
  sketchBytes: z.int().min(1).max(1_000_000),
  runs: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(1_000),
});

function packBits(runs: readonly Float64Array[], units: number): Uint8Array {
  const planes = Math.ceil(runs.length / 8);
  const bytes = new Uint8Array(planes * units);
  runs.forEach((values, run) => {
    for (let unit = 0; unit < units; unit++) bytes[(run >>> 3) * units + unit]! |= values[unit]! << (run & 7);
  });
  return bytes;
}

function packFloats(runs: readonly Float64Array[], units: number): Uint8Array {
  const total = runs.length * units;
  const floats = new Uint8Array(
    Float32Array.from({ length: total }, (_, i) => runs[Math.floor(i / units)]![i % units]!).buffer,
  );
  const bytes = new Uint8Array(4 * total);
  for (let i = 0; i < total; i++) for (let lane = 0; lane < 4; lane++) bytes[lane * total + i] = floats[4 * i + lane]!;
  return bytes;
}

/** Throws nothing for runs of equal length with sketches of equal length, in the order of the receipts. */
export function encodeShippedOutcomes({ key, runs }: ShippedOutcomes): Uint8Array {
  const units = runs[0]!.outcomes.length;
  const values = runs.map(({ outcomes }) => outcomes);
  const form = values.every((row) => row.every((value) => value === 0 || value === 1)) ? 'bit' : 'float32';
  const sketchBytes = runs[0]!.sketch.length;
  const header = new TextEncoder().encode(
    JSON.stringify({ key, form, units, sketchBytes, runs: runs.map(({ digest }) => digest) }),
  );
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, header.length, true);
  const packed = (form === 'bit' ? packBits : packFloats)(values, units);
  const parts = [new TextEncoder().encode(MAGIC), length, header, ...runs.map(({ sketch }) => sketch)];
  return new Uint8Array(Buffer.concat([...parts, deflateSync(packed, { level: 9 })]));
}

function unpacked(bytes: Uint8Array, form: 'bit' | 'float32', units: number, run: number, runs: number): Float64Array {
  if (form === 'bit')
    return Float64Array.from({ length: units }, (_, unit) => (bytes[(run >>> 3) * units + unit]! >>> (run & 7)) & 1);
  const total = runs * units;
  const lanes = new Uint8Array(4);
  const view = new DataView(lanes.buffer);
  return Float64Array.from({ length: units }, (_, unit) => {
    for (let lane = 0; lane < 4; lane++) lanes[lane] = bytes[lane * total + run * units + unit]!;
    return view.getFloat32(0, true);
  });
}

/** Throws FILE_MALFORMED for bytes of another form. */
export function decodeShippedOutcomes(bytes: Uint8Array, name = 'outcomes'): ShippedOutcomes {
  const refuse = (found: string): never => {
    throw new EvalError('FILE_MALFORMED', `${name}: found ${found}, expected shipped outcomes`, {
      field: name,
      value: found,
      allowed: 'shipped outcomes',
    });
  };
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== MAGIC || bytes.length < 8) refuse('another start');
  const start = 8 + new DataView(bytes.buffer, bytes.byteOffset, 8).getUint32(4, true);
  const text = Buffer.from(bytes.subarray(8, start)).toString('utf8');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    refuse('a header that is not JSON');
  }
  const parsed = headerType.safeParse(content);
  if (!parsed.success) return refuse(`a header with ${parsed.error.issues[0]!.path.join('.')} missing or out of range`);
  const { key, form, units, sketchBytes, runs } = parsed.data;
  const rest = start + runs.length * sketchBytes;
  const size = form === 'bit' ? Math.ceil(runs.length / 8) * units : 4 * runs.length * units;
  if (bytes.length < rest) refuse(`${bytes.length} bytes`);
  const packed = inflateSync(bytes.subarray(rest), { maxOutputLength: size + 1 });
  if (packed.byteLength !== size) refuse(`${packed.byteLength} bytes of outcomes, not ${size}`);
  return {
    key,
    runs: runs.map((digest, run) => ({
      digest,
      outcomes: unpacked(packed, form, units, run, runs.length),
      sketch: bytes.slice(start + run * sketchBytes, start + (run + 1) * sketchBytes),
    })),
  };
}

export interface ShippedFile {
  /** `key@version`. */
  readonly benchmark: string;
  readonly path: string;
}

/** Every file of outcomes of the release, by benchmark and name. */
export function shippedOutcomeFiles(root = receiptsDirectory()): readonly ShippedFile[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((name) => name.includes('@'))
    .sort()
    .flatMap((benchmark) =>
      readdirSync(join(root, benchmark))
        .filter((name) => name.endsWith(SUFFIX))
        .sort()
        .map((name) => ({ benchmark, path: join(root, benchmark, name) })),
    );
}

/** Path of the outcomes that stand beside a file of receipts. */
export const outcomesBeside = (receipts: string): string => receipts.replace(/\.json$/, SUFFIX);

const unitsPath = (benchmark: string, root: string): string => join(root, benchmark, UNITS);

/** Bytes of the file that holds the units of a benchmark. */
export const encodeShippedUnits = (units: RunUnits): Uint8Array =>
  new Uint8Array(deflateSync(JSON.stringify(units), { level: 9 }));

/** Names and groups of the test units of a benchmark, shared by all of its runs; null where none are shipped. */
export function shippedUnits(benchmark: string, root = receiptsDirectory()): RunUnits | null {
  const path = unitsPath(benchmark, root);
  return existsSync(path) ? (JSON.parse(inflateSync(readFileSync(path)).toString('utf8')) as RunUnits) : null;
}

export const shippedUnitsPath = (benchmark: string, root = receiptsDirectory()): string => unitsPath(benchmark, root);
