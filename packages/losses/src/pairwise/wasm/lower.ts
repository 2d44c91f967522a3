/** Trees of a declaration, for the pairs of a tile, as four-lane expressions. */
import type { Reads } from '../declaration.js';
import type { Mask, Side, Value } from '../expression.js';
import * as functions from './functions.js';
import type { Builder, Node } from './vector.js';

/**
 * Which pair a place (p, q) of the tile stands for: (p, q), or, where the columns are the rows and each tile is computed
 * once, (q, p).
 */
export type Orientation = 'direct' | 'transposed';

export interface Slots {
  readonly rowFields: Readonly<Record<string, number>>;
  readonly columnFields: Readonly<Record<string, number>>;
  readonly rowIds: Readonly<Record<string, number>>;
  readonly columnIds: Readonly<Record<string, number>>;
  readonly uniforms: Readonly<Record<string, number>>;
  /** Buffers of the tile that hold a relation, directly and transposed. */
  readonly relations: Readonly<Record<string, { readonly direct: number; readonly transposed: number }>>;
  /** The first slot after these. */
  readonly end: number;
  /** The first buffer after these. */
  readonly buffers: number;
}

const slots = new WeakMap<Reads, Slots>();

/** Numbers every operand of a program: its slot in the table, or its buffer. */
export function slotsOf(reads: Reads): Slots {
  const known = slots.get(reads) ?? numbered(reads);
  slots.set(reads, known);
  return known;
}

function numbered(reads: Reads): Slots {
  let next = 0;
  const number = (names: readonly string[]): Record<string, number> =>
    Object.fromEntries(names.map((name) => [name, next++]));
  const vectors = {
    rowFields: number(reads.rowFields),
    columnFields: number(reads.columnFields),
    rowIds: number(reads.rowIds),
    columnIds: number(reads.columnIds),
    uniforms: number(reads.uniforms),
  };
  const relations = Object.fromEntries(
    reads.relations.map((name, k) => [name, { direct: 1 + 2 * k, transposed: 2 + 2 * k }]),
  );
  return { ...vectors, relations, end: next, buffers: 1 + 2 * reads.relations.length };
}

/** Lowers trees in one orientation; `disjoint`: every row of the tile stands before every column. */
export class Lowering {
  constructor(
    private readonly builder: Builder,
    private readonly slots: Slots,
    private readonly orientation: Orientation,
    private readonly disjoint: boolean,
  ) {}

  private along(side: Side): 'atRow' | 'atColumn' {
    return (side === 'row') === (this.orientation === 'direct') ? 'atRow' : 'atColumn';
  }
  private index(side: Side): Node {
    return this.builder.leaf({ kind: this.along(side) === 'atRow' ? 'rowIndex' : 'columnIndex' });
  }
  private field(side: Side, name: string): Node {
    const slot = (side === 'row' ? this.slots.rowFields : this.slots.columnFields)[name]!;
    return this.builder.leaf({ kind: this.along(side), slot });
  }

  value(x: Value): Node {
    const b = this.builder;
    switch (x.kind) {
      case 'constant':
        return b.float(x.value);
      case 'score':
        return b.leaf({ kind: 'tile', buffer: 0 });
      case 'uniform':
        return b.leaf({ kind: 'uniform', slot: this.slots.uniforms[x.name]! });
      case 'field':
        return this.field(x.per, x.name);
      case 'unary':
        return this.unary(x);
      case 'binary':
        return b.op(`f32x4.${x.f}`, this.value(x.a), this.value(x.b));
      case 'select':
        return b.select(this.mask(x.when), this.value(x.yes), this.value(x.no));
    }
  }

  private unary({ f, x }: Extract<Value, { kind: 'unary' }>): Node {
    const b = this.builder;
    const of = this.value(x);
    switch (f) {
      case 'detach':
        return of;
      case 'neg':
      case 'abs':
      case 'sqrt':
        return b.op(`f32x4.${f}`, of);
      case 'square':
        return b.op('f32x4.mul', of, of);
      case 'exp':
      case 'log':
      case 'relu':
      case 'sigmoid':
      case 'softplus':
      case 'acos':
        return functions[f](b, of);
    }
  }

  mask(x: Mask): Node {
    const b = this.builder;
    switch (x.kind) {
      case 'all':
        return b.every;
      case 'sameIndex':
        return this.disjoint ? b.none : b.op('i32x4.eq', this.index('row'), this.index('column'));
      case 'before':
        if (this.disjoint) return this.orientation === 'direct' ? b.every : b.none;
        return b.op('i32x4.lt_s', this.index('row'), this.index('column'));
      case 'sameId': {
        const rows = b.leaf({ kind: this.along('row'), slot: this.slots.rowIds[x.row]! });
        const columns = b.leaf({ kind: this.along('column'), slot: this.slots.columnIds[x.column]! });
        return b.op('i32x4.eq', rows, columns);
      }
      case 'atPosition': {
        const position = this.index(x.per === 'row' ? 'column' : 'row');
        return b.op('f32x4.eq', this.field(x.per, x.name), b.op('f32x4.convert_i32x4_s', position));
      }
      case 'member':
        return b.leaf({ kind: 'tile', buffer: this.slots.relations[x.relation]![this.orientation] });
      case 'less':
        return b.op(x.orEqual ? 'f32x4.le' : 'f32x4.lt', this.value(x.a), this.value(x.b));
      case 'not':
        return b.not(this.mask(x.x));
      case 'and':
        return b.and(this.mask(x.a), this.mask(x.b));
      case 'or':
        return b.or(this.mask(x.a), this.mask(x.b));
    }
  }
}
