/** COCO's JSON: ground truth of instances, and results as a list of scored boxes. */
import { malformed } from '../errors.js';
import { decodeText } from './table.js';

/** x, y of the upper left corner, width, height in pixels. */
export type Box = readonly [number, number, number, number];

export interface TrueBox {
  readonly image: number;
  readonly category: number;
  readonly box: Box;
  /** Of the mask where the file has it, else of the box. */
  readonly area: number;
  /** A region that may match any number of detections and is never counted. */
  readonly crowd: boolean;
}

export interface ScoredBox {
  readonly image: number;
  readonly category: number;
  readonly box: Box;
  readonly score: number;
}

export interface CocoTruth {
  readonly images: readonly number[];
  readonly categories: readonly { readonly id: number; readonly name: string }[];
  readonly boxes: readonly TrueBox[];
}

type Json = Readonly<Record<string, unknown>>;

function parseJson(content: Buffer, name: string): unknown {
  try {
    return JSON.parse(decodeText(content, name));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw malformed(name, {}, cause.message, 'JSON', cause);
  }
}

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 80) ?? 'nothing';

function listOf(name: string, field: string, value: unknown): readonly Json[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null)) return value as Json[];
  throw malformed(`${name}: ${field}`, {}, shown(value), 'a list of objects');
}

function numberIn(name: string, where: string, record: Json, field: string): number {
  const value = record[field];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw malformed(`${name}: ${where}.${field}`, {}, shown(value), 'a finite number');
}

function boxIn(name: string, where: string, record: Json): Box {
  const box = record['bbox'];
  const sound =
    Array.isArray(box) && box.length === 4 && box.every((each) => typeof each === 'number' && Number.isFinite(each));
  if (sound && (box[2] as number) >= 0 && (box[3] as number) >= 0) return box as unknown as Box;
  throw malformed(`${name}: ${where}.bbox`, {}, shown(box), '[x, y, width ≥ 0, height ≥ 0]');
}

/** The `instances` file. Throws FILE_MALFORMED naming the list and the position. */
export function parseCocoTruth(content: Buffer, name: string): CocoTruth {
  const parsed = parseJson(content, name) as Json;
  const images = listOf(name, 'images', parsed?.['images']).map((image, i) =>
    numberIn(name, `images[${i}]`, image, 'id'),
  );
  const categories = listOf(name, 'categories', parsed['categories']).map((category, i) => ({
    id: numberIn(name, `categories[${i}]`, category, 'id'),
    name: String(category['name'] ?? ''),
  }));
  const boxes = listOf(name, 'annotations', parsed['annotations']).map((annotation, i) => {
    const where = `annotations[${i}]`;
    const box = boxIn(name, where, annotation);
    return {
      image: numberIn(name, where, annotation, 'image_id'),
      category: numberIn(name, where, annotation, 'category_id'),
      box,
      area: annotation['area'] === undefined ? box[2] * box[3] : numberIn(name, where, annotation, 'area'),
      crowd: Boolean(annotation['iscrowd'] ?? annotation['ignore']),
    };
  });
  return { images, categories, boxes };
}

/** A results file; images and categories must be those of the ground truth. Throws FILE_MALFORMED. */
export function parseCocoResults(content: Buffer, name: string, { images, categories }: CocoTruth): ScoredBox[] {
  const [known, classes] = [new Set(images), new Set(categories.map(({ id }) => id))];
  return listOf(name, 'results', parseJson(content, name)).map((record, i) => {
    const where = `[${i}]`;
    const [image, category] = [numberIn(name, where, record, 'image_id'), numberIn(name, where, record, 'category_id')];
    if (!known.has(image))
      throw malformed(`${name}: ${where}.image_id`, {}, String(image), 'an image of the ground truth');
    if (!classes.has(category))
      throw malformed(`${name}: ${where}.category_id`, {}, String(category), 'a category of the ground truth');
    return { image, category, box: boxIn(name, where, record), score: numberIn(name, where, record, 'score') };
  });
}
