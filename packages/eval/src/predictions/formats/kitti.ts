/** KITTI's label lines, of the object and of the tracking benchmark, as columns. */
import { malformed, tooLarge } from '../errors.js';
import { parseLines } from './table.js';

/** Object types of both benchmarks, in lower case; the tracking labels say Person for Person_sitting. */
export const KITTI_TYPES = [
  'car',
  'van',
  'truck',
  'pedestrian',
  'person_sitting',
  'person',
  'cyclist',
  'tram',
  'misc',
  'dontcare',
] as const;

export type KittiType = (typeof KITTI_TYPES)[number];

/** Code of a type in `KittiBoxes.type`. */
export const kittiType = (type: KittiType): number => KITTI_TYPES.indexOf(type);

/** Boxes of one frame, or of one sequence; metres in the rectified camera frame (x right, y down, z forward), radians. */
export interface KittiBoxes {
  readonly n: number;
  /** Index into KITTI_TYPES, [n]. */
  readonly type: Uint8Array;
  /** [n] */
  readonly truncation: Float64Array;
  /** [n] */
  readonly occlusion: Float64Array;
  /** Observation angle, [n]; −10 is "none". */
  readonly alpha: Float64Array;
  /** Left, top, right, bottom in pixels, [n, 4]. */
  readonly image: Float64Array;
  /** Height, width, length, [n, 3]. */
  readonly size: Float64Array;
  /** Centre of the bottom face, [n, 3]. */
  readonly location: Float64Array;
  /** About the y axis, [n]. */
  readonly rotation: Float64Array;
  /** [n]; −1 where the lines have none. */
  readonly score: Float64Array;
}

export interface KittiTracks extends KittiBoxes {
  /** From 0, [n]. */
  readonly frame: Int32Array;
  /** Track number, [n]; −1 for what is no track. */
  readonly id: Int32Array;
}

/** Far above any real frame or sequence; keeps one line of an upload from filling the memory. */
const MOST_BYTES = 2 ** 26;

const NUMBERS = [
  'truncated',
  'occluded',
  'alpha',
  'left',
  'top',
  'right',
  'bottom',
  'height',
  'width',
  'length',
  'x',
  'y',
  'z',
  'rotation_y',
  'score',
] as const;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

function rowsOf(content: Buffer, name: string, lengths: readonly number[], what: string): Row[] {
  if (content.length > MOST_BYTES)
    throw tooLarge(name, `${Math.ceil(content.length / 2 ** 20)} MiB`, `at most ${MOST_BYTES / 2 ** 20} MiB`);
  return parseLines(content, name).flatMap(({ line, text }) => {
    const trimmed = text.trim();
    if (trimmed === '') return [];
    const fields = trimmed.split(/\s+/);
    if (!lengths.includes(fields.length))
      throw malformed(name, { line }, `${fields.length} fields`, `${lengths.join(' or ')} fields (${what})`);
    return [{ line, fields }];
  });
}

function numberAt(name: string, { line, fields }: Row, at: number, column: string): number {
  const cell = fields[at]!;
  const value = DECIMAL.test(cell) ? Number(cell) : NaN;
  if (Number.isFinite(value)) return value;
  throw malformed(name, { line, column }, JSON.stringify(cell), 'a finite number');
}

function boxesOf(name: string, rows: readonly Row[], typeAt: number): KittiBoxes {
  const n = rows.length;
  const vector = (width = 1): Float64Array => new Float64Array(n * width);
  const boxes = {
    n,
    type: new Uint8Array(n),
    truncation: vector(),
    occlusion: vector(),
    alpha: vector(),
    image: vector(4),
    size: vector(3),
    location: vector(3),
    rotation: vector(),
    score: vector().fill(-1),
  };
  const { truncation, occlusion, alpha, image, size, location, rotation, score } = boxes;
  rows.forEach((row, i) => {
    const written = row.fields[typeAt]!;
    const type = (KITTI_TYPES as readonly string[]).indexOf(written.toLowerCase());
    if (type < 0)
      throw malformed(
        name,
        { line: row.line, column: 'type' },
        JSON.stringify(written),
        `one of ${KITTI_TYPES.join(', ')}`,
      );
    boxes.type[i] = type;
    for (let k = 0; k < row.fields.length - typeAt - 1; k += 1) {
      const value = numberAt(name, row, typeAt + 1 + k, NUMBERS[k]!);
      if (k === 0) truncation[i] = value;
      else if (k === 1) occlusion[i] = value;
      else if (k === 2) alpha[i] = value;
      else if (k < 7) image[4 * i + k - 3] = value;
      else if (k < 10) size[3 * i + k - 7] = value;
      else if (k < 13) location[3 * i + k - 10] = value;
      else if (k === 13) rotation[i] = value;
      else score[i] = value;
    }
  });
  return boxes;
}

/**
 * One frame of the object benchmark: type and 14 numbers a line, for detections a score besides. Empty lines do not count.
 * Throws FILE_MALFORMED (line and column), FILE_TOO_LARGE.
 */
export function parseKittiObjects(content: Buffer, name: string, kind: 'labels' | 'detections'): KittiBoxes {
  const rows =
    kind === 'labels'
      ? rowsOf(content, name, [15], 'type and 14 numbers')
      : rowsOf(content, name, [16], 'type, 14 numbers and score');
  return boxesOf(name, rows, 0);
}

/**
 * One sequence of the tracking benchmark: frame, track number, type, 14 numbers, for results optionally a score.
 * Throws FILE_MALFORMED (line and column) also for a track number twice in a frame of results; FILE_TOO_LARGE.
 */
export function parseKittiTracks(content: Buffer, name: string, kind: 'labels' | 'results'): KittiTracks {
  const rows = rowsOf(
    content,
    name,
    kind === 'labels' ? [17] : [17, 18],
    kind === 'labels' ? 'frame, track, type and 14 numbers' : 'frame, track, type, 14 numbers and perhaps a score',
  );
  const frame = new Int32Array(rows.length);
  const id = new Int32Array(rows.length);
  const seen = new Map<string, number>();
  rows.forEach((row, i) => {
    const whole = (at: number, column: string, low: number): number => {
      const value = numberAt(name, row, at, column);
      if (Number.isInteger(value) && value >= low && value < 2 ** 31) return value;
      throw malformed(name, { line: row.line, column }, row.fields[at]!, `a whole number from ${low}`);
    };
    frame[i] = whole(0, 'frame', 0);
    id[i] = whole(1, 'track', -1);
    if (kind === 'labels' || id[i] === -1) return;
    const key = `${frame[i]} ${id[i]}`;
    const before = seen.get(key);
    if (before !== undefined)
      throw malformed(
        name,
        { line: row.line, column: 'track' },
        `track ${id[i]} in frame ${frame[i]} again (line ${before})`,
        'each track once a frame',
      );
    seen.set(key, row.line);
  });
  return { ...boxesOf(name, rows, 2), frame, id };
}
