/**
 * The small typed language in which a pairwise loss is declared: numbers and masks of one pair (i, j), made of its score
 * s_ij = ⟨a_i, b_j⟩, of per-row and per-column fields, and of scalars. Every executor (float64 loops, WebAssembly SIMD,
 * WGSL) is generated from these trees; nothing here knows of any of them.
 */

export type UnaryFunction =
  | 'neg'
  | 'abs'
  | 'square'
  | 'sqrt'
  | 'exp'
  | 'log'
  /** max(x, 0) */
  | 'relu'
  | 'sigmoid'
  /** log(1 + e^x), stable for every x. */
  | 'softplus'
  /** arc cosine; its argument must lie in [−1, 1]. */
  | 'acos'
  /** The value, without a derivative. */
  | 'detach';

export type BinaryFunction = 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max';

/** A number for each pair. */
export type Value =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'score' }
  /** A scalar given at each call. */
  | { readonly kind: 'uniform'; readonly name: string }
  /** Entry i of a per-row field, or entry j of a per-column one. */
  | { readonly kind: 'field'; readonly per: Side; readonly name: string }
  | { readonly kind: 'unary'; readonly f: UnaryFunction; readonly x: Value }
  | { readonly kind: 'binary'; readonly f: BinaryFunction; readonly a: Value; readonly b: Value }
  | { readonly kind: 'select'; readonly when: Mask; readonly yes: Value; readonly no: Value };

/** True or false for each pair. */
export type Mask =
  | { readonly kind: 'all' }
  /** Whole numbers given per row and per column are equal: labels, sample ids, target columns. */
  | { readonly kind: 'sameId'; readonly row: string; readonly column: string }
  /** i = j */
  | { readonly kind: 'sameIndex' }
  /** i < j */
  | { readonly kind: 'before' }
  /** Row: j equals entry i of the per-row field. Column: i equals entry j of the per-column one. */
  | { readonly kind: 'atPosition'; readonly per: Side; readonly name: string }
  /** (i, j) stands in a sparse relation. */
  | { readonly kind: 'member'; readonly relation: string }
  | { readonly kind: 'less'; readonly a: Value; readonly b: Value; readonly orEqual: boolean }
  | { readonly kind: 'not'; readonly x: Mask }
  | { readonly kind: 'and'; readonly a: Mask; readonly b: Mask }
  | { readonly kind: 'or'; readonly a: Mask; readonly b: Mask };

export type Side = 'row' | 'column';
export type Operand = Value | number;

export const constant = (value: number): Value => ({ kind: 'constant', value });
const value = (x: Operand): Value => (typeof x === 'number' ? constant(x) : x);
const known = (x: Value): number | undefined => (x.kind === 'constant' ? x.value : undefined);

/** s_ij */
export const score: Value = { kind: 'score' };
export const uniform = (name: string): Value => ({ kind: 'uniform', name });
export const row = (name: string): Value => ({ kind: 'field', per: 'row', name });
export const column = (name: string): Value => ({ kind: 'field', per: 'column', name });

const fold: Record<BinaryFunction, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: Math.min,
  max: Math.max,
};

/** A binary node, with constants folded and neutral elements removed. */
function binary(f: BinaryFunction, left: Operand, right: Operand): Value {
  const [a, b] = [value(left), value(right)];
  const [p, q] = [known(a), known(b)];
  if (p !== undefined && q !== undefined) return constant(fold[f](p, q));
  if (f === 'add' && p === 0) return b;
  if ((f === 'add' || f === 'sub') && q === 0) return a;
  if (f === 'sub' && p === 0) return neg(b);
  if (f === 'mul' && (p === 0 || q === 0)) return constant(0);
  if (f === 'mul' && p === 1) return b;
  if ((f === 'mul' || f === 'div') && q === 1) return a;
  if (f === 'mul' && p === -1) return neg(b);
  if (f === 'mul' && q === -1) return neg(a);
  if (f === 'div' && p === 0) return constant(0);
  return { kind: 'binary', f, a, b };
}

export const add = (a: Operand, b: Operand): Value => binary('add', a, b);
export const sub = (a: Operand, b: Operand): Value => binary('sub', a, b);
export const mul = (a: Operand, b: Operand): Value => binary('mul', a, b);
export const div = (a: Operand, b: Operand): Value => binary('div', a, b);
export const min = (a: Operand, b: Operand): Value => binary('min', a, b);
export const max = (a: Operand, b: Operand): Value => binary('max', a, b);

const unary = (f: UnaryFunction, x: Operand): Value => ({ kind: 'unary', f, x: value(x) });
export function neg(x: Operand): Value {
  const of = value(x);
  if (of.kind === 'constant') return constant(-of.value);
  return of.kind === 'unary' && of.f === 'neg' ? of.x : unary('neg', of);
}
export const abs = (x: Operand): Value => unary('abs', x);
export const square = (x: Operand): Value => unary('square', x);
export const sqrt = (x: Operand): Value => unary('sqrt', x);
export const exp = (x: Operand): Value => unary('exp', x);
export const log = (x: Operand): Value => unary('log', x);
export const relu = (x: Operand): Value => unary('relu', x);
export const sigmoid = (x: Operand): Value => unary('sigmoid', x);
export const softplus = (x: Operand): Value => unary('softplus', x);
export const acos = (x: Operand): Value => unary('acos', x);
export const detach = (x: Operand): Value => unary('detach', x);

/** `yes` where the mask holds, else `no`; whatever the branch not taken is never enters the result. */
export function select(when: Mask, yes: Operand, no: Operand): Value {
  const [a, b] = [value(yes), value(no)];
  if (when.kind === 'all' || (known(a) !== undefined && known(a) === known(b))) return a;
  return { kind: 'select', when, yes: a, no: b };
}

export const all: Mask = { kind: 'all' };
export const sameIndex: Mask = { kind: 'sameIndex' };
export const before: Mask = { kind: 'before' };
export const sameId = (rowIds: string, columnIds: string): Mask => ({ kind: 'sameId', row: rowIds, column: columnIds });
export const atPosition = (per: Side, name: string): Mask => ({ kind: 'atPosition', per, name });
export const member = (relation: string): Mask => ({ kind: 'member', relation });
export const less = (a: Operand, b: Operand): Mask => ({ kind: 'less', a: value(a), b: value(b), orEqual: false });
export const lessEqual = (a: Operand, b: Operand): Mask => ({ kind: 'less', a: value(a), b: value(b), orEqual: true });
export const greater = (a: Operand, b: Operand): Mask => less(b, a);
export const greaterEqual = (a: Operand, b: Operand): Mask => lessEqual(b, a);
export const not = (x: Mask): Mask => (x.kind === 'not' ? x.x : { kind: 'not', x });
export const and = (...masks: readonly Mask[]): Mask =>
  masks
    .filter(({ kind }) => kind !== 'all')
    .reduce<Mask>((a, b) => (a.kind === 'all' ? b : { kind: 'and', a, b }), all);
export const or = (first: Mask, ...rest: readonly Mask[]): Mask =>
  rest.reduce((a, b): Mask => ({ kind: 'or', a, b }), first);

/** Canonical text of a tree: two trees with the same text compute the same. */
export function show(x: Value | Mask): string {
  switch (x.kind) {
    case 'constant':
      return Object.is(x.value, -0) ? '-0' : String(x.value);
    case 'score':
      return 's';
    case 'uniform':
      return `$${x.name}`;
    case 'field':
      return `${x.name}[${x.per === 'row' ? 'i' : 'j'}]`;
    case 'unary':
      return `${x.f}(${show(x.x)})`;
    case 'binary':
      return `${x.f}(${show(x.a)}, ${show(x.b)})`;
    case 'select':
      return `select(${show(x.when)}, ${show(x.yes)}, ${show(x.no)})`;
    case 'all':
      return 'true';
    case 'sameId':
      return `${x.row}[i] = ${x.column}[j]`;
    case 'sameIndex':
      return 'i = j';
    case 'before':
      return 'i < j';
    case 'atPosition':
      return x.per === 'row' ? `j = ${x.name}[i]` : `i = ${x.name}[j]`;
    case 'member':
      return `(i, j) in ${x.relation}`;
    case 'less':
      return `(${show(x.a)} ${x.orEqual ? '<=' : '<'} ${show(x.b)})`;
    case 'not':
      return `not(${show(x.x)})`;
    case 'and':
    case 'or':
      return `(${show(x.a)} ${x.kind} ${show(x.b)})`;
  }
}

/** The parts of a tree, itself first. */
export function* walk(x: Value | Mask): Generator<Value | Mask> {
  yield x;
  if (x.kind === 'unary' || x.kind === 'not') yield* walk(x.x);
  else if (x.kind === 'select') for (const part of [x.when, x.yes, x.no]) yield* walk(part);
  else if (x.kind === 'binary' || x.kind === 'less' || x.kind === 'and' || x.kind === 'or')
    for (const part of [x.a, x.b]) yield* walk(part);
}
