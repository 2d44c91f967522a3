/** Expressions over pairs as a WGSL function, and the per-row and per-column numbers that it is handed. */
import type { Reads } from '../declaration.js';
import type { Side, Value } from '../expression.js';
import { Block, memberText } from './emit.js';
import type { Names } from './emit.js';

/** Which side of the tile holds the rows i; of a symmetric weight, both sides hold both. */
export type Orientation = 'rows-left' | 'rows-right' | 'symmetric';
type TileSide = 'left' | 'right';

/** A vector staged in workgroup memory: line `slot` of `rowData` or `columnData`, which hold the fields, then the ids. */
interface Slot {
  readonly per: Side;
  readonly slot: number;
}

const dataOf = (per: Side): string => (per === 'row' ? 'rowData' : 'columnData');
const lengthOf = (per: Side): string => (per === 'row' ? 'p.rowCount' : 'p.columnCount');

export class PairFunction {
  readonly left: readonly Slot[];
  readonly right: readonly Slot[];

  /** `layout`: what the data buffers hold; `used`: what these expressions read of it. */
  constructor(
    private readonly layout: Reads,
    private readonly used: Reads,
    readonly orientation: Orientation,
  ) {
    const slots = (per: Side): Slot[] => {
      const [fields, wantedFields] =
        per === 'row' ? [layout.rowFields, used.rowFields] : [layout.columnFields, used.columnFields];
      const [ids, wantedIds] = per === 'row' ? [layout.rowIds, used.rowIds] : [layout.columnIds, used.columnIds];
      return [
        ...wantedFields.map((name) => ({ per, slot: fields.indexOf(name) })),
        ...wantedIds.map((name) => ({ per, slot: fields.length + ids.indexOf(name) })),
      ];
    };
    const [rows, columns] = [slots('row'), slots('column')];
    this.left = orientation === 'symmetric' ? [...rows, ...columns] : orientation === 'rows-left' ? rows : columns;
    this.right = orientation === 'symmetric' ? [...rows, ...columns] : orientation === 'rows-left' ? columns : rows;
  }

  private slots(side: TileSide): readonly Slot[] {
    return side === 'left' ? this.left : this.right;
  }

  /** What expressions read, where the rows lie on `side` of the tile. */
  private names(side: TileSide): Names {
    const other = side === 'left' ? 'right' : 'left';
    const read = (per: Side, slot: number): string => `${per === 'row' ? side : other}_${per}${slot}`;
    const place = (fields: readonly string[], ids: readonly string[], name: string, isId: boolean): number =>
      isId ? fields.length + ids.indexOf(name) : fields.indexOf(name);
    const { rowFields, columnFields, rowIds, columnIds } = this.layout;
    const slotOf = (per: Side, name: string, isId: boolean): number =>
      per === 'row' ? place(rowFields, rowIds, name, isId) : place(columnFields, columnIds, name, isId);
    return {
      i: side === 'left' ? 'x' : 'y',
      j: side === 'left' ? 'y' : 'x',
      score: 's',
      field: (per, name) => `bitcast<f32>(${read(per, slotOf(per, name, false))})`,
      id: (per, name) => read(per, slotOf(per, name, true)),
    };
  }

  /**
   * `fn name(s, x, y, …)`: x counts the tile's rows, y its columns. Of a symmetric weight, the sum of both orders.
   */
  text(name: string, result: string, values: readonly Value[], returns: (names: readonly string[]) => string): string {
    const parameters = (['left', 'right'] as const).flatMap((side) =>
      this.slots(side).map(({ per, slot }) => `, ${side}_${per}${slot}: u32`),
    );
    const fresh = { next: 0 };
    const blocks = (['left', 'right'] as const)
      .filter((side) => this.orientation === 'symmetric' || (this.orientation === 'rows-left') === (side === 'left'))
      .map((side) => new Block(this.names(side), fresh));
    const results = values.map((value) => blocks.map((block) => block.value(value)).join(' + '));
    return [
      ...this.used.relations.map(memberText),
      `fn ${name}(s: f32, x: u32, y: u32${parameters.join('')}) -> ${result} {`,
      ...blocks.flatMap(({ lines }) => lines.map((line) => `  ${line}`)),
      `  return ${returns(results)};`,
      '}',
    ].join('\n');
  }

  workgroup(side: TileSide, extent: number): string[] {
    const count = this.slots(side).length * extent;
    return count === 0 ? [] : [`var<workgroup> stage_${side}: array<u32, ${count}>;`];
  }

  bytes(extents: readonly [number, number]): number {
    return 4 * (this.left.length * extents[0] + this.right.length * extents[1]);
  }

  /** Statements by which the workgroup reads what belongs to its rows (columns) from `first` on. */
  stage(side: TileSide, extent: number, first: string, threads: number): string[] {
    return this.slots(side).flatMap(({ per, slot }, k) => {
      const length = lengthOf(per);
      return [
        `for (var e: u32 = lane; e < ${extent}u; e += ${threads}u) {`,
        `  stage_${side}[${k * extent}u + e] = ${dataOf(per)}[${slot}u * ${length} + min(${first} + e, ${length} - 1u)];`,
        '}',
      ];
    });
  }

  /** Statements that take the numbers of one register's row (column) at `at`, and their names as arguments. */
  take(side: TileSide, extent: number, at: string, register: number): { lines: string[]; arguments: string } {
    const names = this.slots(side).map((_, k) => `${side}${register}_${k}`);
    return {
      lines: names.map((name, k) => `let ${name} = stage_${side}[${k * extent}u + ${at}];`),
      arguments: names.map((name) => `, ${name}`).join(''),
    };
  }

  /** Whether a buffer is read at all. */
  uses(per: Side): boolean {
    return [...this.left, ...this.right].some((slot) => slot.per === per);
  }
}
