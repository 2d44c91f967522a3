/** Pairwise programs on plain float32 arrays. */
import { FLOOR } from '../declaration.js';
import type { BackwardProgram, ForwardProgram, PairArrays } from '../program.js';
import { blocksOf } from '../program.js';
import type { CodeSet, PairPlan } from './code.js';
import { codeOf, instantiate } from './code.js';
import { PANEL, STATE_BYTES, STRIP, TILE } from './layout.js';
import type { Slots } from './lower.js';
import { slotsOf } from './lower.js';
import type { Views } from './memory.js';
import { Arena, memoryOf, viewsOf } from './memory.js';
import { packPanels, packPanelsOf, packStrips, packStripsOf, roundUp, unpackPanels, unpackPanelsOf } from './pack.js';
import type { Products } from './products.js';
import { rectangularSchedule, symmetricSchedule } from './schedule.js';
import { pairThreads, runJob } from './threads.js';
import type { Job, RelationAddress } from './unit.js';

/** A matrix, row by row. */
export interface FloatMatrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** The operands of a program; `b` is the very object `a` where the columns are the rows. */
export type FloatArrays = Omit<PairArrays<Float32Array>, 'a' | 'b'> & {
  readonly a: FloatMatrix;
  readonly b: FloatMatrix;
};

/** Multiplications and additions below which another thread costs more than it brings. */
const WORTH_A_THREAD = 4e6;

/** The memory of a call, and what can work in it. */
interface Opened extends Views {
  readonly products: Products;
}

/** Addresses and sizes of one call. */
class Call {
  readonly arena = new Arena();
  readonly writes: ((memory: Opened) => void)[] = [];
  private readonly copied = new Map<FloatMatrix, number>();
  readonly n: number;
  readonly m: number;
  readonly d: number;
  readonly inner: number;
  readonly symmetric: boolean;
  readonly slots: Slots;
  readonly table: number;

  constructor(
    readonly program: ForwardProgram | BackwardProgram,
    readonly arrays: FloatArrays,
    extraSlots: number,
  ) {
    this.n = arrays.a.rows;
    this.m = arrays.b.rows;
    this.d = arrays.a.columns;
    this.inner = Math.max(1, this.d);
    this.symmetric = arrays.a === arrays.b;
    this.slots = slotsOf(program.reads);
    this.table = this.arena.take(4 * (this.slots.end + extraSlots));
    this.operands();
  }

  setSlot(slot: number, address: number): void {
    this.writes.push(({ integers }) => (integers[this.table / 4 + slot] = address));
  }

  private operands(): void {
    const { slots, arrays } = this;
    const vectors = (
      given: Readonly<Record<string, Float32Array | Int32Array>>,
      at: Slots['rowFields'],
      length: number,
    ): void => {
      for (const [name, slot] of Object.entries(at)) {
        const values = given[name]!;
        const address = this.arena.take(4 * roundUp(length, 4));
        this.setSlot(slot, address);
        this.writes.push(({ floats, integers }) =>
          values instanceof Int32Array ? integers.set(values, address / 4) : floats.set(values, address / 4),
        );
      }
    };
    vectors(arrays.rowFields, slots.rowFields, this.n);
    vectors(arrays.columnFields, slots.columnFields, this.m);
    vectors(arrays.rowIds, slots.rowIds, this.n);
    vectors(arrays.columnIds, slots.columnIds, this.m);
    for (const [name, slot] of Object.entries(slots.uniforms))
      this.writes.push(({ floats }) => (floats[this.table / 4 + slot] = arrays.uniforms[name]!));
  }

  relations(): RelationAddress[] {
    return Object.entries(this.slots.relations).map(([name, buffers]) => {
      const { offsets, columns } = this.arrays.relations[name]!;
      const address = (of: Int32Array): number => {
        const at = this.arena.take(4 * of.length);
        this.writes.push(({ integers }) => integers.set(of, at / 4));
        return at;
      };
      return { offsets: address(offsets), columns: address(columns), ...buffers };
    });
  }

  /** A factor as it is, rows filled up with zeros: what the fast copies start from. */
  private copy(matrix: FloatMatrix): number {
    const known = this.copied.get(matrix);
    if (known !== undefined) return known;
    const { data, rows, columns } = matrix;
    const [size, padded] = [rows * columns, roundUp(rows, PANEL) * columns];
    const at = this.arena.take(4 * padded);
    this.writes.push(({ floats }) => {
      floats.set(data, at / 4);
      floats.fill(0, at / 4 + size, at / 4 + padded);
    });
    this.copied.set(matrix, at);
    return at;
  }
  /** A factor in strips of `width` rows along the inner dimension. */
  strips(matrix: FloatMatrix, width: number): number {
    const { data, rows, columns } = matrix;
    const at = this.arena.take(4 * roundUp(rows, width) * this.inner);
    if (columns % 4 === 0 && columns > 0) {
      const from = this.copy(matrix);
      this.writes.push(({ products }) => packStripsOf(products, at, from, rows, columns, width));
    } else this.writes.push(({ floats }) => packStrips(floats, at / 4, data, rows, columns, this.inner, width));
    return at;
  }
  panels(matrix: FloatMatrix): number {
    const { data, rows, columns } = matrix;
    const [at] = this.panelSpace(rows);
    const padded = roundUp(rows, PANEL);
    if (columns % PANEL === 0 && padded > 0) {
      const from = this.copy(matrix);
      this.writes.push(({ products }) => packPanelsOf(products, at, from, columns, padded));
    } else this.writes.push(({ floats }) => packPanels(floats, at / 4, data, rows, columns, padded));
    return at;
  }
  /** A gradient as it lies in memory after the run, row by row. */
  gradientAt(at: number, matrix: FloatMatrix, { floats, products }: Opened): Float32Array {
    const { rows, columns } = matrix;
    const padded = roundUp(rows, PANEL);
    if (columns % PANEL === 0 && padded > 0) {
      // The copy of the factor is no longer needed and has the gradient's size.
      const to = this.copied.get(matrix)!;
      unpackPanelsOf(products, to, at, columns, padded);
      return floats.slice(to / 4, to / 4 + rows * columns);
    }
    const out = new Float32Array(rows * columns);
    unpackPanels(out, floats, at / 4, rows, columns, padded);
    return out;
  }
  /** Room for a gradient, zero at first. */
  gradient({ rows }: FloatMatrix): number {
    const [at, length] = this.panelSpace(rows);
    this.writes.push(({ floats }) => floats.fill(0, at / 4, at / 4 + length));
    return at;
  }
  private panelSpace(rows: number): readonly [number, number] {
    const length = roundUp(rows, PANEL) * roundUp(this.d, PANEL);
    return [this.arena.take(4 * length), length];
  }

  run(code: CodeSet, part: Pick<Job, 'a' | 'b' | 'da' | 'db'> & { readonly backward: boolean }): Opened {
    const { n, m, symmetric, arena } = this;
    const worth = Math.ceil((n * m * this.d) / WORTH_A_THREAD);
    const rounds = symmetric ? symmetricSchedule(n) : rectangularSchedule(n, m);
    const widest = Math.max(0, ...rounds.map(({ length }) => length));
    const threads = Math.max(1, Math.min(pairThreads(), worth, widest));
    const scratchBytes = roundUp(code.scratchBytes, 64);
    const job: Job = {
      tile: TILE,
      strip: STRIP,
      panel: PANEL,
      n,
      m,
      inner: this.inner,
      panels: Math.ceil(this.d / PANEL),
      symmetric,
      // One by one: V8 is slow with an object literal that starts with a spread.
      backward: part.backward,
      a: part.a,
      b: part.b,
      da: part.da,
      db: part.db,
      table: this.table,
      strips: this.strips(this.arrays.a, STRIP),
      crosswise: this.strips(this.arrays.b, PANEL),
      aPanel: roundUp(n, PANEL) * PANEL * 4,
      bPanel: roundUp(m, PANEL) * PANEL * 4,
      relations: this.relations(),
      scratch: arena.take(threads * scratchBytes),
      scratchBytes,
      rounds,
    };
    const memory = memoryOf(arena.end);
    const functions = instantiate(code, memory);
    const { floats, integers, doubles } = viewsOf(memory);
    const opened = { floats, integers, doubles, products: functions.products };
    for (const write of this.writes) write(opened);
    if (n > 0 && m > 0) runJob(job, code, functions, memory, threads);
    return opened;
  }
}

/**
 * Runs a forward program: [length of its blocks] (see blocksOf), float32. Sums are of float32 lanes within a tile and of
 * float64 across tiles. Throws DOMAIN where the operands do not fit into 4 GiB, DEVICE_FAILED where a thread fails.
 */
export function forwardArrays(program: ForwardProgram, arrays: FloatArrays, plan: PairPlan = 'simd'): Float32Array {
  const { statistics } = program;
  const call = new Call(program, arrays, statistics.length);
  const { n, m } = call;
  const states = statistics.map(({ per, kind }, k) => {
    const length = per === 'row' ? n : m;
    const at = call.arena.take(STATE_BYTES * length);
    call.setSlot(call.slots.end + k, at);
    const [value, extra] = { sum: [0, 0], logSumExp: [-Infinity, 0], max: [-Infinity, -1], min: [Infinity, -1] }[kind];
    const first = at / 8;
    call.writes.push(({ doubles }) => {
      for (let q = first; q < first + 2 * length; q += 2) {
        doubles[q] = value!;
        doubles[q + 1] = extra!;
      }
    });
    return first;
  });
  const { doubles } = call.run(codeOf(program, m, call.symmetric, plan), { backward: false, a: 0, b: 0, da: 0, db: 0 });

  const blocks = blocksOf(statistics, n, m);
  const out = new Float32Array(blocks.reduce((total, { length }) => total + length, 0));
  for (const { statistic, part, offset, length } of blocks) {
    const { kind } = statistics[statistic]!;
    const state = states[statistic]!;
    for (let q = 0; q < length; q++) {
      const exact = finished(kind, doubles[state + 2 * q]!, doubles[state + 2 * q + 1]!);
      if (part === 'value') out[offset + q] = exact;
      else out[offset + q] = part === 'position' ? doubles[state + 2 * q + 1]! : exact - Math.fround(exact);
    }
  }
  return out;
}

function finished(kind: 'sum' | 'logSumExp' | 'max' | 'min', value: number, extra: number): number {
  if (kind === 'sum') return value;
  if (kind === 'logSumExp') {
    if (value !== -Infinity) return value + Math.log(extra);
    return extra === extra ? FLOOR : NaN;
  }
  if (extra !== -1) return value;
  return kind === 'max' ? FLOOR : -FLOOR;
}

/**
 * Runs a backward program: W·B [n, d] and Wᵀ·A [m, d] in float32, where wanted; where b is a, their sum as `a` alone.
 * Throws as forwardArrays does.
 */
export function backwardArrays(
  program: BackwardProgram,
  arrays: FloatArrays,
  want: { readonly a: boolean; readonly b: boolean },
  plan: PairPlan = 'simd',
): { readonly a: Float32Array | undefined; readonly b: Float32Array | undefined } {
  const call = new Call(program, arrays, 0);
  const { m, symmetric } = call;
  const wantB = want.b && !symmetric;
  if (!want.a && !wantB) return { a: undefined, b: undefined };
  const a = symmetric || wantB ? call.panels(arrays.a) : 0;
  const b = symmetric ? a : want.a ? call.panels(arrays.b) : 0;
  const da = want.a ? call.gradient(arrays.a) : 0;
  const db = wantB ? call.gradient(arrays.b) : 0;
  const opened = call.run(codeOf(program, m, symmetric, plan), { backward: true, a, b, da, db });
  return {
    a: want.a ? call.gradientAt(da, arrays.a, opened) : undefined,
    b: wantB ? call.gradientAt(db, arrays.b, opened) : undefined,
  };
}
