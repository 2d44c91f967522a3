/** From four-lane expressions to instructions: each node once, as far outside the loops as it may stand. */
import type { Side } from '../expression.js';
import { Code, Locals } from './assembler.js';
import { STATE_BYTES, TILE, TILE_BYTES } from './layout.js';
import type { Level, Node } from './vector.js';

/** Parameters of every generated function: the table of operands, scratch memory, the tile's place and its extent. */
export const PARAMETERS = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
const [TABLE, SCRATCH, FIRST_ROW, FIRST_COLUMN, ROWS, COLUMNS] = [0, 1, 2, 3, 4, 5];

/** Writes a function that runs over the places of one tile. */
export class TileFunction {
  readonly locals = new Locals(PARAMETERS.length);
  /** What runs once: level 0 first, then `main`. */
  private readonly once = new Code();
  readonly main = new Code();

  /** The current row and column in the whole matrix, and their offsets in bytes. */
  private readonly row = this.locals.make('i32');
  private readonly rowBytes = this.locals.make('i32');
  private readonly column = this.locals.make('i32');
  private readonly columnBytes = this.locals.make('i32');
  /** Addresses of the current place in buffer 0, of its row's end, and of the current entry of the vectors of columns. */
  private readonly rowStart = this.locals.make('i32');
  private readonly place = this.locals.make('i32');
  private readonly placeEnd = this.locals.make('i32');
  private readonly entry = this.locals.make('i32');
  private readonly lastRow = this.locals.make('i32');
  private readonly iota = this.locals.make('v128');

  private readonly bases = new Map<number, number>();
  private readonly held: [Map<number, number>, Map<number, number>, Map<number, number>] = [
    new Map(),
    new Map(),
    new Map(),
  ];
  private codes: [Code, Code, Code] = [this.once, new Code(), new Code()];

  constructor() {
    this.once.v128([0, 1, 2, 3]).set(this.iota);
  }

  /** The address held in a slot of the table. */
  base(slot: number): number {
    const known = this.bases.get(slot);
    if (known !== undefined) return known;
    const local = this.locals.make('i32');
    this.once
      .get(TABLE!)
      .memory('i32.load', 4 * slot)
      .set(local);
    this.bases.set(slot, local);
    return local;
  }

  /** The local that holds a node's value here; instructions for it are written where they are missing. */
  use(node: Node): number {
    if (node.leaf?.kind === 'local') return node.leaf.local;
    const known = this.held[node.level].get(node.id);
    if (known !== undefined) return known;
    const operands = node.operands.map((x) => this.use(x));
    const code = this.codes[node.level];
    if (node.leaf) this.load(code, node.leaf);
    else if (node.by !== undefined) code.get(...operands).shift(node.operation as 'i32x4.shl', node.by);
    else code.get(...operands).op(node.operation as 'f32x4.add');
    const local = this.locals.make('v128');
    code.set(local);
    this.held[node.level].set(node.id, local);
    return local;
  }

  private load(code: Code, leaf: NonNullable<Node['leaf']>): void {
    switch (leaf.kind) {
      case 'constant':
        return void code.v128([leaf.bits, leaf.bits, leaf.bits, leaf.bits]);
      case 'uniform':
        return void code.get(TABLE!).memory('v128.load32_splat', 4 * leaf.slot);
      case 'atRow':
        return void code.get(this.base(leaf.slot), this.rowBytes).op('i32.add').memory('v128.load32_splat');
      case 'atColumn':
        return void code.get(this.base(leaf.slot), this.columnBytes).op('i32.add').memory('v128.load');
      case 'tile':
        return void code.get(this.place).memory('v128.load', leaf.buffer * TILE_BYTES);
      case 'columns':
        return void code.get(this.entry).memory('v128.load', leaf.offset);
      case 'rowIndex':
        return void code.get(this.row).op('i32x4.splat');
      case 'columnIndex':
        return void code.get(this.column).op('i32x4.splat').get(this.iota).op('i32x4.add');
      case 'columnEnd':
        return void code.get(FIRST_COLUMN!, COLUMNS!).op('i32.add', 'i32x4.splat');
      case 'local':
        throw new Error('a local is its own value');
    }
  }

  /** Stores a local at the current place of a buffer. */
  storePlace(code: Code, buffer: number, value: number): void {
    code.get(this.place, value).memory('v128.store', buffer * TILE_BYTES);
  }
  /** Stores a local at the current entry of a vector of columns. */
  storeEntry(code: Code, offset: number, value: number): void {
    code.get(this.entry, value).memory('v128.store', offset);
  }
  loadEntry(code: Code, offset: number): Code {
    return code.get(this.entry).memory('v128.load', offset);
  }
  /** Combines the current entry of a vector of columns with a local. */
  updateEntry(code: Code, offset: number, operation: 'f32x4.add' | 'f32x4.pmax', value: number): void {
    code.get(this.entry).get(this.entry).memory('v128.load', offset).get(value).op(operation);
    code.memory('v128.store', offset);
  }
  /** The address of the running value of the current row, or of the current column. */
  stateOf(code: Code, slot: number, of: Side): Code {
    const index = of === 'row' ? this.row : this.column;
    return code.get(this.base(slot), index).i32(STATE_BYTES).op('i32.mul', 'i32.add');
  }

  private fresh<T>(level: Level, body: () => T): T {
    const [held, code] = [this.held[level], this.codes[level]];
    this.held[level] = new Map();
    try {
      return body();
    } finally {
      this.held[level] = held;
      this.codes[level] = code;
    }
  }

  private advance(code: Code, local: number, by: number): Code {
    return code.get(local).i32(by).op('i32.add').set(local);
  }

  /** For every row of the tile: `body` writes into the code of the row. */
  rows(to: Code, body: (code: Code) => void): void {
    this.fresh(1, () => {
      const code = (this.codes[1] = new Code());
      body(code);
      this.startRows(to);
      to.repeat((loop) => {
        loop.append(code);
        this.nextRow(loop);
      });
    });
  }

  private startRows(to: Code): void {
    to.get(FIRST_ROW!).tee(this.row).i32(4).op('i32.mul').set(this.rowBytes);
    to.get(FIRST_ROW!, ROWS!).op('i32.add').set(this.lastRow);
    to.get(SCRATCH!).set(this.rowStart);
  }

  private nextRow(loop: Code): void {
    this.advance(loop, this.rowStart, TILE * 4);
    this.advance(loop, this.rowBytes, 4);
    loop.get(this.row).i32(1).op('i32.add').tee(this.row);
    loop.get(this.lastRow).op('i32.lt_s');
  }

  /** For every four columns of the current row. */
  columns(to: Code, body: (code: Code) => void): void {
    this.fresh(2, () => {
      const code = (this.codes[2] = new Code());
      body(code);
      to.get(this.rowStart).tee(this.place).get(COLUMNS!).i32(4).op('i32.mul', 'i32.add').set(this.placeEnd);
      this.startColumns(to);
      to.repeat((loop) => {
        loop.append(code);
        this.advance(loop, this.place, 16);
        this.nextColumns(loop);
        loop.get(this.place, this.placeEnd).op('i32.lt_u');
      });
    });
  }

  private startColumns(to: Code): void {
    to.get(FIRST_COLUMN!).tee(this.column).i32(4).op('i32.mul').set(this.columnBytes);
    to.get(SCRATCH!).set(this.entry);
  }

  private nextColumns(loop: Code): void {
    this.advance(loop, this.entry, 16);
    this.advance(loop, this.columnBytes, 16);
    this.advance(loop, this.column, 4);
  }

  /** For every four columns without a row: only the vectors of columns may be read. */
  entries(to: Code, body: (code: Code) => void): void {
    this.fresh(2, () => {
      const code = (this.codes[2] = new Code());
      body(code);
      to.get(SCRATCH!, COLUMNS!).i32(4).op('i32.mul', 'i32.add').set(this.placeEnd);
      this.startColumns(to);
      to.repeat((loop) => {
        loop.append(code);
        this.nextColumns(loop);
        loop.get(this.entry, this.placeEnd).op('i32.lt_u');
      });
    });
  }

  /**
   * For every four columns, down the rows: `before` and `after` write what runs once for the four columns, `body` what
   * runs at each place. Nothing but buffers and vectors of columns may be read.
   */
  down(to: Code, before: (code: Code) => void, body: (code: Code) => void, after: (code: Code) => void): void {
    const end = this.locals.make('i32');
    const offset = this.locals.make('i32');
    this.fresh(2, () => {
      const start = (this.codes[2] = new Code());
      before(start);
      const inner = (this.codes[2] = new Code());
      this.fresh(2, () => body((this.codes[2] = inner)));
      const finish = (this.codes[2] = new Code());
      after(finish);
      to.get(SCRATCH!, COLUMNS!).i32(4).op('i32.mul', 'i32.add').set(end);
      this.startColumns(to);
      to.repeat((loop) => {
        loop.append(start);
        loop
          .get(this.entry)
          .tee(this.place)
          .get(ROWS!)
          .i32(TILE * 4)
          .op('i32.mul', 'i32.add')
          .set(offset);
        loop.repeat((each) => {
          each.append(inner);
          this.advance(each, this.place, TILE * 4);
          each.get(this.place, offset).op('i32.lt_u');
        });
        loop.append(finish);
        this.nextColumns(loop);
        loop.get(this.entry, end).op('i32.lt_u');
      });
    });
  }

  /** For each single column of the tile: `body` gets locals with its entry's address and its number in the matrix. */
  eachColumn(to: Code, body: (code: Code, entry: number, column: number) => void): void {
    const code = new Code();
    body(code, this.entry, this.column);
    this.startColumns(to);
    to.get(FIRST_COLUMN!, COLUMNS!).op('i32.add').set(this.lastRow);
    to.repeat((loop) => {
      loop.append(code);
      this.advance(loop, this.entry, 4);
      loop.get(this.column).i32(1).op('i32.add').tee(this.column);
      loop.get(this.lastRow).op('i32.lt_s');
    });
  }

  finish(): { readonly locals: Locals['types']; readonly code: Code } {
    return { locals: this.locals.types, code: new Code().append(this.once).append(this.main) };
  }
}
