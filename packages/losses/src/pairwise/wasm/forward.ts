/** Generates the function that folds the scores of one tile into the running values of every statistic. */
import type { StatisticKind } from '../declaration.js';
import type { Side } from '../expression.js';
import type { ForwardProgram } from '../program.js';
import type { Code } from './assembler.js';
import { assemble } from './assembler.js';
import { PARAMETERS, TileFunction } from './emit.js';
import { expOfShifted } from './functions.js';
import { EXP_IMPORT, HELPER, helpers, NOWHERE } from './helpers.js';
import { TILE, TILE_BYTES } from './layout.js';
import type { Orientation } from './lower.js';
import { Lowering, slotsOf } from './lower.js';
import type { Node } from './vector.js';
import { Builder, floatBits } from './vector.js';

/** What distinguishes the functions of one program. */
export interface Variant {
  readonly orientations: readonly Orientation[];
  /** Every row of the tile stands before every column. */
  readonly disjoint: boolean;
  /** The number of columns is no multiple of 4. */
  readonly ragged: boolean;
}

export interface TileModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Scratch memory that it works in; the scores stand first. */
  readonly scratchBytes: number;
}

interface Reduction {
  readonly kind: StatisticKind;
  /** Along which side of the tile its results lie. */
  readonly of: Side;
  /** Slot of the address of the running values. */
  readonly slot: number;
  readonly value: Node;
  readonly mask: Node;
  /** Buffer that holds the exponents of a log-sum-exp. */
  readonly buffer: number;
  /** Offset of the vectors of columns, or the locals, that accumulate. */
  readonly offset: number;
  readonly total: number;
  readonly position: number;
}

/** The value that loses against every other. */
const WORST: Record<StatisticKind, number> = { sum: 0, logSumExp: -Infinity, max: -Infinity, min: Infinity };

export function forwardModule(program: ForwardProgram, variant: Variant): TileModule {
  const b = new Builder();
  const f = new TileFunction();
  const slots = slotsOf(program.reads);
  const columnIndex = b.leaf({ kind: 'columnIndex' });
  const rowIndex = b.leaf({ kind: 'rowIndex' });
  const inside = variant.ragged ? b.op('i32x4.lt_s', columnIndex, b.leaf({ kind: 'columnEnd' })) : b.every;

  const buffers = new Map<Node, number>([[b.leaf({ kind: 'tile', buffer: 0 }), 0]]);
  const drafts = variant.orientations.flatMap((orientation) => {
    const lowering = new Lowering(b, slots, orientation, variant.disjoint);
    return program.statistics.flatMap(({ per, kind, of, over }, k) => {
      const mask = b.and(lowering.mask(over), inside);
      // Nothing of this tile can count.
      if (mask === b.none) return [];
      const side: Side = (per === 'row') === (orientation === 'direct') ? 'row' : 'column';
      const plain = lowering.value(of);
      const value =
        kind === 'sum'
          ? b.select(mask, plain, b.none)
          : kind === 'logSumExp'
            ? b.select(mask, plain, b.float(-Infinity))
            : plain;
      if (kind === 'logSumExp' && !buffers.has(value)) buffers.set(value, slots.buffers + buffers.size - 1);
      return [{ kind, of: side, slot: slots.end + k, value, mask, buffer: buffers.get(value) ?? -1 }];
    });
  });
  let offset = (slots.buffers + buffers.size - 1) * TILE_BYTES;
  const reductions = drafts.map((draft): Reduction => {
    const at = offset;
    if (draft.of === 'column') offset += TILE * 4 * (draft.kind === 'max' || draft.kind === 'min' ? 2 : 1);
    return { ...draft, offset: at, total: f.locals.make('v128'), position: f.locals.make('v128') };
  });
  const rows = reductions.filter(({ of }) => of === 'row');
  const columns = reductions.filter(({ of }) => of === 'column');
  const scratch = { value: f.locals.make('v128'), address: f.locals.make('i32') };

  if (columns.length > 0)
    f.entries(f.main, (code) => {
      for (const { kind, offset: at } of columns) {
        f.storeEntry(code, at, f.use(b.float(WORST[kind])));
        if (kind === 'max' || kind === 'min') f.storeEntry(code, at + TILE * 4, f.use(b.bits(NOWHERE)));
      }
    });

  f.rows(f.main, (row) => {
    for (const { kind, total, position } of rows) {
      splat(row, floatBits(WORST[kind])).set(total);
      if (kind === 'max' || kind === 'min') splat(row, NOWHERE).set(position);
    }
    f.columns(row, (code) => {
      for (const [value, buffer] of buffers) if (buffer > 0) f.storePlace(code, buffer, f.use(value));
      for (const each of reductions) accumulate(code, each);
    });
    finishRow(row);
  });
  finishColumns();

  function splat(code: Code, bits: number): Code {
    return code.v128([bits, bits, bits, bits]);
  }

  /** One more place of the tile, in the first loop. */
  function accumulate(code: Code, each: Reduction): void {
    const { kind, of, total, offset: at } = each;
    const value = f.use(each.value);
    if (kind === 'sum' || kind === 'logSumExp') {
      const operation = kind === 'sum' ? 'f32x4.add' : 'f32x4.pmax';
      if (of === 'row') code.get(total, value).op(operation).set(total);
      else f.updateEntry(code, at, operation, value);
      return;
    }
    const index = f.use(of === 'row' ? columnIndex : rowIndex);
    const mask = f.use(each.mask);
    const { position } = each;
    if (of === 'column') {
      f.loadEntry(code, at).set(total);
      f.loadEntry(code, at + TILE * 4).set(position);
    }
    code.get(value, total).op(kind === 'max' ? 'f32x4.gt' : 'f32x4.lt');
    code.get(value, total).op('f32x4.eq').get(index, position).op('i32x4.lt_s', 'v128.and', 'v128.or');
    code.get(value, value).op('f32x4.ne', 'v128.or').get(mask).op('v128.and').set(scratch.value);
    code.get(value, total, scratch.value).op('v128.bitselect').set(total);
    code.get(index, position, scratch.value).op('v128.bitselect').set(position);
    if (of === 'column') {
      f.storeEntry(code, at, total);
      f.storeEntry(code, at + TILE * 4, position);
    }
  }

  function finishRow(row: Code): void {
    for (const { kind, slot, total, position } of rows) {
      if (kind === 'sum') addLanes(row, slot, 0, total);
      else if (kind === 'logSumExp') {
        f.stateOf(row, slot, 'row').get(total).lane('f32', 0);
        for (const lane of [1, 2, 3]) row.get(total).lane('f32', lane).op('f32.max');
        row.call(HELPER.reference).op('f32x4.splat').set(position);
        splat(row, 0).set(total);
      } else
        for (const lane of [0, 1, 2, 3])
          f.stateOf(row, slot, 'row').get(total).lane('f32', lane).get(position).lane('i32', lane).call(HELPER[kind]);
    }
    const exponentials = rows.filter(({ kind }) => kind === 'logSumExp');
    if (exponentials.length === 0) return;
    f.columns(row, (code) => {
      for (const { buffer, total, position } of exponentials) {
        const e = f.use(exponential(buffer, position));
        code.get(total, e).op('f32x4.add').set(total);
      }
    });
    for (const { slot, total } of exponentials) addLanes(row, slot, 8, total);
  }

  /** e^(z − reference), the reference in a local. */
  function exponential(buffer: number, reference: number): Node {
    const z = b.leaf({ kind: 'tile', buffer });
    return expOfShifted(b, b.op('f32x4.sub', z, b.leaf({ kind: 'local', local: reference })));
  }

  /** Adds four lanes, in float64, to the running value of the current row. */
  function addLanes(code: Code, slot: number, part: number, lanes: number): void {
    f.stateOf(code, slot, 'row').tee(scratch.address).get(scratch.address).memory('f64.load', part);
    const lane = (k: number): Code => code.get(lanes).lane('f32', k).op('f64.promote_f32');
    lane(0);
    lane(1).op('f64.add');
    lane(2);
    lane(3).op('f64.add', 'f64.add', 'f64.add').memory('f64.store', part);
  }

  function finishColumns(): void {
    const exponentials = columns.filter(({ kind }) => kind === 'logSumExp');
    if (exponentials.length > 0) {
      f.eachColumn(f.main, (code, entry) => {
        for (const { slot, offset: at } of exponentials) {
          code.get(entry);
          f.stateOf(code, slot, 'column').get(entry).memory('f32.load', at).call(HELPER.reference);
          code.memory('f32.store', at);
        }
      });
      f.down(
        f.main,
        (code) => {
          for (const { offset: at, total, position } of exponentials) {
            f.loadEntry(code, at).set(position);
            splat(code, 0).set(total);
          }
        },
        (code) => {
          for (const { buffer, total, position } of exponentials) {
            const e = f.use(exponential(buffer, position));
            code.get(total, e).op('f32x4.add').set(total);
          }
        },
        (code) => {
          for (const { offset: at, total } of exponentials) f.storeEntry(code, at, total);
        },
      );
    }
    if (columns.length > 0)
      f.eachColumn(f.main, (code, entry) => {
        for (const { kind, slot, offset: at } of columns) {
          if (kind === 'max' || kind === 'min') {
            f.stateOf(code, slot, 'column').get(entry).memory('f32.load', at);
            code
              .get(entry)
              .memory('i32.load', at + TILE * 4)
              .call(HELPER[kind]);
            continue;
          }
          const part = kind === 'sum' ? 0 : 8;
          f.stateOf(code, slot, 'column').tee(scratch.address).get(scratch.address).memory('f64.load', part);
          code.get(entry).memory('f32.load', at).op('f64.promote_f32', 'f64.add').memory('f64.store', part);
        }
      });
  }

  const body = { parameters: PARAMETERS, results: [], ...f.finish(), export: 'tile' } as const;
  return { bytes: assemble([...helpers(), body], [EXP_IMPORT]), scratchBytes: offset };
}
