/** Pairwise programs on plain float32 arrays. */
import { FLOOR } from '../declaration.js';
import type { BackwardProgram, ForwardProgram, PairArrays } from '../program.js';
import { blocksOf } from '../program.js';
import type { CodeSet, PairPlan } from './code.js';
import { codeOf } from './code.js';
import { PANEL, STATE_BYTES, STRIP, TILE } from './layout.js';
import type { Slots } from './lower.js';
import { slotsOf } from './lower.js';
import type { Views } from './memory.js';
import { Arena, memoryOf, viewsOf } from './memory.js';
import { packPanels, packStrips, roundUp, unpackPanels } from './pack.js';
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

/** Addresses and sizes of one call. */
class Call {
  readonly arena = new Arena();
  readonly writes: ((views: Views) => void)[] = [];
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

  /** A factor in strips of `width` rows along the inner dimension. */
  strips({ data, rows, columns }: FloatMatrix, width: number): number {
    const length = roundUp(rows, width) * this.inner;
    const at = this.arena.take(4 * length);
    this.writes.push(({ floats }) => packStrips(floats, at / 4, data, rows, columns, this.inner, width));
    return at;
  }
  panels({ data, rows, columns }: FloatMatrix): number {
    const [at] = this.panelSpace(rows);
    this.writes.push(({ floats }) => packPanels(floats, at / 4, data, rows, columns, roundUp(rows, PANEL)));
    return at;
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

  run(code: CodeSet, part: Pick<Job, 'a' | 'b' | 'da' | 'db'> & { readonly backward: boolean }): Views {
    const { n, m, symmetric, arena } = this;
    const worth = Math.ceil((n * m * this.d) / WORTH_A_THREAD);
    const rounds = symmetric ? symmetricSchedule(n) : rectangularSchedule(n, m);
    const widest = Math.max(0, ...rounds.map(({ length }) => length));
    const threads = Math.max(1, Math.min(pairThreads(), worth, widest));
    const scratchBytes = roundUp(code.scratchBytes, 64);
    const job: Job = {
      ...part,
      tile: TILE,
      strip: STRIP,
      panel: PANEL,
      n,
      m,
      inner: this.inner,
      panels: Math.ceil(this.d / PANEL),
      symmetric,
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
    const views = viewsOf(memory);
    for (const write of this.writes) write(views);
    if (n > 0 && m > 0) runJob(job, code, memory, threads);
    return views;
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
  const { n, m, d, symmetric } = call;
  const wantB = want.b && !symmetric;
  if (!want.a && !wantB) return { a: undefined, b: undefined };
  const a = symmetric || wantB ? call.panels(arrays.a) : 0;
  const b = symmetric ? a : want.a ? call.panels(arrays.b) : 0;
  const da = want.a ? call.gradient(arrays.a) : 0;
  const db = wantB ? call.gradient(arrays.b) : 0;
  const { floats } = call.run(codeOf(program, m, symmetric, plan), { backward: true, a, b, da, db });
  const unpack = (at: number, rows: number): Float32Array | undefined => {
    if (at === 0) return undefined;
    const out = new Float32Array(rows * d);
    unpackPanels(out, floats, at / 4, rows, d, roundUp(rows, PANEL));
    return out;
  };
  return { a: unpack(da, n), b: unpack(db, m) };
}
