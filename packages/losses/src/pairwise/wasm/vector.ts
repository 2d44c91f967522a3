/** Expressions of four lanes, each computed once: what trees become before they are instructions. */
import type { VectorInstruction } from './assembler.js';

/** How often a node changes: never in a tile, with the row, with every four columns. */
export type Level = 0 | 1 | 2;

/** Where a leaf comes from. Rows and columns are those of the tile. */
export type Leaf =
  | { readonly kind: 'constant'; readonly bits: number }
  /** Slot `slot` of the table of operands holds a number (uniform) or the address of a vector. */
  | { readonly kind: 'uniform'; readonly slot: number }
  | { readonly kind: 'atRow' | 'atColumn'; readonly slot: number }
  /** Buffer `buffer` of the tile; 0 is the scores. */
  | { readonly kind: 'tile'; readonly buffer: number }
  /** The vector of columns at `offset` bytes of the scratch memory. */
  | { readonly kind: 'columns'; readonly offset: number }
  | { readonly kind: 'rowIndex' | 'columnIndex' }
  /** The first column after the tile. */
  | { readonly kind: 'columnEnd' }
  /** A local variable set outside. */
  | { readonly kind: 'local'; readonly local: number };

export type Operation = VectorInstruction | 'i32x4.shl' | 'i32x4.shr_s' | 'i32x4.shr_u';

export interface Node {
  readonly id: number;
  readonly level: Level;
  readonly leaf?: Leaf;
  readonly operation?: Operation;
  /** By how many bits a shift shifts. */
  readonly by?: number;
  readonly operands: readonly Node[];
}

const LEVEL: Record<Leaf['kind'], Level> = {
  constant: 0,
  uniform: 0,
  columnEnd: 0,
  atRow: 1,
  rowIndex: 1,
  local: 1,
  atColumn: 2,
  tile: 2,
  columns: 2,
  columnIndex: 2,
};

const bitsOf = new DataView(new ArrayBuffer(4));
export function floatBits(value: number): number {
  bitsOf.setFloat32(0, value);
  return bitsOf.getInt32(0);
}

/** Makes nodes; equal ones are one. */
export class Builder {
  private readonly known = new Map<string, Node>();

  private intern(key: string, make: Omit<Node, 'id'>): Node {
    const found = this.known.get(key);
    if (found) return found;
    const node = { ...make, id: this.known.size };
    this.known.set(key, node);
    return node;
  }
  leaf(leaf: Leaf): Node {
    return this.intern(JSON.stringify(leaf), { leaf, level: LEVEL[leaf.kind], operands: [] });
  }
  op(operation: Operation, ...operands: readonly Node[]): Node {
    return this.intern(`${operation}(${operands.map(({ id }) => id).join()})`, {
      operation,
      operands,
      level: Math.max(...operands.map(({ level }) => level)) as Level,
    });
  }
  shift(operation: 'i32x4.shl' | 'i32x4.shr_s' | 'i32x4.shr_u', x: Node, by: number): Node {
    return this.intern(`${operation}(${x.id}, ${by})`, { operation, by, operands: [x], level: x.level });
  }
  float(value: number): Node {
    return this.leaf({ kind: 'constant', bits: floatBits(value) });
  }
  bits(bits: number): Node {
    return this.leaf({ kind: 'constant', bits: bits | 0 });
  }

  get none(): Node {
    return this.bits(0);
  }
  get every(): Node {
    return this.bits(-1);
  }
  and(a: Node, b: Node): Node {
    if (a === this.none || b === this.none) return this.none;
    if (a === this.every) return b;
    return b === this.every || a === b ? a : this.op('v128.and', a, b);
  }
  or(a: Node, b: Node): Node {
    if (a === this.every || b === this.every) return this.every;
    if (a === this.none) return b;
    return b === this.none || a === b ? a : this.op('v128.or', a, b);
  }
  not(a: Node): Node {
    if (a === this.none) return this.every;
    if (a === this.every) return this.none;
    return a.operation === 'v128.not' ? a.operands[0]! : this.op('v128.not', a);
  }
  select(mask: Node, yes: Node, no: Node): Node {
    if (mask === this.every || yes === no) return yes;
    if (mask === this.none) return no;
    if (no === this.none) return this.op('v128.and', yes, mask);
    if (yes === this.none) return this.op('v128.andnot', no, mask);
    return this.op('v128.bitselect', yes, no, mask);
  }
  add(a: Node, b: Node): Node {
    if (a === this.none) return b;
    return b === this.none ? a : this.op('f32x4.add', a, b);
  }
}
