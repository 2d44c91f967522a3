/** Decisions, probabilities or COMPAS deciles, one an example. */
import { malformed } from '../errors.js';
import type { Matrix } from '../formats/matrix.js';
import { placeOf, readMatrices } from '../formats/matrix.js';
import type { InputFile } from '../input.js';
import { idsOf } from '../regression/input.js';

const KINDS = {
  decision: ['prediction', 'decision', 'predicted', 'pred', 'y_pred'],
  probability: ['probability', 'score', 'risk', 'y_prob'],
  decile: ['decile_score', 'decile'],
} as const;
type Kind = keyof typeof KINDS;
const NAMES = Object.values(KINDS).flat() as readonly string[];
/** From this decile on COMPAS calls the risk medium or high. */
const HIGH_DECILE = 5;

export interface Decisions {
  readonly name: string;
  readonly n: number;
  readonly ids?: readonly string[];
  /** 0 or 1. */
  readonly decisions: Uint8Array;
  /** In [0, 1]. */
  readonly scores: Float64Array;
  readonly kind: Kind;
}

const ALLOWED: Readonly<Record<Kind, string>> = {
  decision: '0 or 1',
  probability: 'a probability in [0, 1]',
  decile: 'a whole number from 1 to 10',
};

const fits = (kind: Kind, value: number): boolean =>
  kind === 'decile'
    ? Number.isInteger(value) && value >= 1 && value <= 10
    : value >= 0 && value <= 1 && (kind === 'probability' || Number.isInteger(value));

/** Without a name: probabilities or decisions within [0, 1], deciles beyond. */
const guess = (values: ArrayLike<number>): Kind =>
  Array.from(values).some((value) => value > 1) ? 'decile' : 'probability';

function pick(members: ReadonlyMap<string, Matrix>, file: string): { matrix: Matrix; at: number; kind?: Kind } {
  const kindOf = (name: string): Kind =>
    (Object.keys(KINDS) as Kind[]).find((kind) => (KINDS[kind] as readonly string[]).includes(name))!;
  const single = members.get('');
  if (!single) {
    const key = NAMES.find((name) => members.has(name));
    if (key === undefined)
      throw malformed(file, {}, `members ${[...members.keys()].join(', ')}`, `one called ${NAMES[0]}`);
    return { matrix: members.get(key)!, at: 0, kind: kindOf(key) };
  }
  if (!single.header) return { matrix: single, at: 0 };
  const name = NAMES.find((each) => single.header!.includes(each));
  if (name === undefined)
    throw malformed(
      single.name,
      { line: 1 },
      `columns ${single.allColumns?.join(', ')}`,
      `one called ${KINDS.decision[0]}, ${KINDS.probability[0]} or ${KINDS.decile[0]}`,
    );
  return { matrix: single, at: single.header.indexOf(name), kind: kindOf(name) };
}

/** A decision is positive from a probability of ½ or the decile 5 on. Throws FILE_MALFORMED. */
export async function readDecisions(file: InputFile): Promise<Decisions> {
  const members = await readMatrices(file, ['id', 'idx', ''], NAMES);
  const { matrix, at, kind: stated } = pick(members, file.name);
  if (!matrix.header && matrix.columns !== 1)
    throw malformed(matrix.name, {}, `shape (${matrix.shape.join(', ')})`, 'shape (n)');
  if (matrix.rows === 0) throw malformed(matrix.name, {}, 'no example', 'one at least');
  const values = Float64Array.from({ length: matrix.rows }, (_, i) => matrix.values[i * matrix.columns + at]!);
  const kind = stated ?? guess(values);
  const bad = values.findIndex((value) => !fits(kind, value));
  if (bad >= 0) throw malformed(matrix.name, placeOf(matrix, bad), String(values[bad]), ALLOWED[kind]);
  const [scale, from] = kind === 'decile' ? [10, HIGH_DECILE] : [1, 0.5];
  const ids = matrix.texts['id'] ?? matrix.texts['idx'] ?? matrix.texts[''];
  if (ids) idsOf({ ...matrix, texts: { id: ids } });
  return {
    name: matrix.name,
    n: matrix.rows,
    kind,
    scores: values.map((value) => value / scale),
    decisions: Uint8Array.from(values, (value) => Number(value >= from)),
    ...(ids ? { ids } : {}),
  };
}
