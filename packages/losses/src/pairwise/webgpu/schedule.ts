/** Which kernels run, in which order, on which buffers and how many workgroups: a pure function of program, shape, plan. */
import type { Statistic } from '../declaration.js';
import type { BackwardProgram, ForwardProgram } from '../program.js';
import { blocksOf } from '../program.js';
import { LINEAR_THREADS, padKernel, productKernel, reduceKernel, weightKernel } from './backward-kernels.js';
import { COMBINE_THREADS, combineKernel } from './combine-kernel.js';
import { forwardKernel } from './forward-kernel.js';
import type { Kernel, Role } from './kernel.js';
import type { Plan } from './plan.js';
import { checkPlan, showPlan } from './plan.js';

/** Buffers of a call: what it is given, what it returns, and what it needs in between. */
export type BufferName =
  | 'a'
  | 'b'
  | 'rowData'
  | 'columnData'
  | 'relations'
  | 'out'
  | 'da'
  | 'db'
  | 'paddedA'
  | 'paddedB'
  | 'partials'
  | 'panel';

export interface Dispatch {
  readonly kernel: Kernel;
  readonly buffers: Readonly<Partial<Record<Role, BufferName>>>;
  readonly integers: Readonly<Record<string, number>>;
  readonly workgroups: readonly [number, number, number];
}

export interface Schedule {
  readonly dispatches: readonly Dispatch[];
  /** Bytes of what is needed in between. */
  readonly scratch: Readonly<Partial<Record<BufferName, number>>>;
}

export interface Shape {
  readonly n: number;
  readonly m: number;
  readonly d: number;
  /** The columns are the rows: one buffer for both. */
  readonly shared: boolean;
  /** Pairs in each relation. */
  readonly relations: Readonly<Record<string, number>>;
}

/** The panel of W holds at most this many numbers (256 MiB), unless one tile's columns are more. */
const PANEL_NUMBERS = 2 ** 26;
/** Columns a panel has at least where the factors are narrow. */
const PANEL_COLUMNS = 256;
/** Inner terms that are worth a split of their own. */
const SPLIT_DEPTH = 256;
const MAX_WORKGROUPS = 65535;

const kernels = new Map<string, Kernel>();
function cached(key: string, make: () => Kernel): Kernel {
  let kernel = kernels.get(key);
  if (!kernel) kernels.set(key, (kernel = make()));
  return kernel;
}

const roundUp = (x: number, to: number): number => Math.ceil(x / to) * to;
const quadsOf = (d: number): number => Math.ceil(d / 4);

/** Where each relation's offsets and columns begin in the buffer that holds them all, and its length. */
export function relationStarts(
  names: readonly string[],
  { n, relations }: Shape,
): { starts: Record<string, number>; length: number } {
  const starts: Record<string, number> = {};
  let length = 0;
  for (const name of names) {
    starts[`r_${name}`] = length;
    starts[`c_${name}`] = length + n + 1;
    length += n + 1 + relations[name]!;
  }
  return { starts, length };
}

/** A long vector's workgroups, over two dimensions where one does not reach. */
function linear(length: number): { workgroups: [number, number, number]; width: number } {
  const count = Math.ceil(length / LINEAR_THREADS);
  const width = Math.min(count, MAX_WORKGROUPS);
  return { workgroups: [width, Math.ceil(count / width), 1], width };
}

/** Makes rows of whole quads where they are not, or f16 where the plan stores that. */
class Factors {
  readonly dispatches: Dispatch[] = [];
  readonly scratch: Partial<Record<BufferName, number>> = {};
  readonly a: BufferName;
  readonly b: BufferName;

  constructor(
    private readonly shape: Shape,
    private readonly plan: Plan,
  ) {
    const needed = plan.storage === 'f16' || shape.d % 4 !== 0;
    this.a = needed ? this.pad('a', 'paddedA', shape.n) : 'a';
    this.b = shape.shared ? this.a : needed ? this.pad('b', 'paddedB', shape.m) : 'b';
  }

  private pad(from: BufferName, to: BufferName, rows: number): BufferName {
    const { storage } = this.plan;
    const quads = quadsOf(this.shape.d);
    const { workgroups, width } = linear(rows * quads);
    this.dispatches.push({
      kernel: cached(`pad ${storage}`, () => padKernel(storage)),
      buffers: { source: from, out: to },
      integers: { rows, columns: this.shape.d, quads, width },
      workgroups,
    });
    this.scratch[to] = rows * quads * (storage === 'f16' ? 8 : 16);
    return to;
  }
}

export function scheduleForward(program: ForwardProgram, shape: Shape, plan: Plan): Schedule {
  checkPlan(plan);
  const { n, m, d } = shape;
  const factors = new Factors(shape, plan);
  const dispatches = [...factors.dispatches];
  const { starts } = relationStarts(program.reads.relations, shape);
  const blocks = blocksOf(program.statistics, n, m);
  let partialBytes = 0;
  for (const per of ['row', 'column'] as const) {
    const chosen = program.statistics.flatMap((statistic, k) =>
      statistic.per === per ? [[statistic, k] as const] : [],
    );
    if (chosen.length === 0) continue;
    const statistics = chosen.map(([statistic]): Statistic => statistic);
    const [rows, columns] = per === 'row' ? [n, m] : [m, n];
    const rowBlocks = Math.ceil(rows / plan.scores.rows);
    const tiles = Math.ceil(columns / plan.scores.columns);
    const tilesEach = Math.ceil(tiles / Math.min(tiles, Math.max(1, Math.ceil(plan.workgroups / rowBlocks))));
    const splits = Math.ceil(tiles / tilesEach);
    partialBytes = Math.max(partialBytes, 8 * statistics.length * splits * rows);
    dispatches.push({
      kernel: cached(`forward ${per} ${showPlan(plan)} ${program.name} ${program.key}`, () =>
        forwardKernel(program, per, plan),
      ),
      buffers: {
        left: per === 'row' ? factors.a : factors.b,
        right: per === 'row' ? factors.b : factors.a,
        rowData: 'rowData',
        columnData: 'columnData',
        relations: 'relations',
        partials: 'partials',
      },
      integers: { ...starts, rowCount: n, columnCount: m, rows, columns, quads: quadsOf(d), tiles, tilesEach, splits },
      workgroups: [splits, rowBlocks, 1],
    });
    const places: Record<string, number> = {};
    chosen.forEach(([, index], k) => {
      for (const { statistic, part, offset } of blocks)
        if (statistic === index) places[`${part === 'value' ? 'value' : 'extra'}${k}`] = offset;
      places[`extra${k}`] ??= 0;
    });
    dispatches.push({
      kernel: cached(`combine ${statistics.map(({ kind }) => kind).join()}`, () =>
        combineKernel('statistics', statistics),
      ),
      buffers: { partials: 'partials', out: 'out' },
      integers: { rows, splits, ...places },
      workgroups: [Math.ceil(rows / COMBINE_THREADS), 1, 1],
    });
  }
  return { dispatches, scratch: { ...factors.scratch, partials: partialBytes } };
}

/** Columns of the panel of W: in proportion to d, so that it needs O(n·d) memory. */
export function panelColumns({ n, m, d }: Shape, plan: Plan): number {
  const side = plan.scores.columns;
  const wanted = Math.min(Math.max(plan.panel * d, PANEL_COLUMNS), Math.floor(PANEL_NUMBERS / n), m);
  return Math.max(side, wanted < m ? Math.floor(wanted / side) * side : roundUp(wanted, side));
}

export function scheduleBackward(
  program: BackwardProgram,
  shape: Shape,
  want: { readonly a: boolean; readonly b: boolean },
  plan: Plan,
): Schedule {
  checkPlan(plan);
  const { n, m, d, shared } = shape;
  const factors = new Factors(shape, plan);
  const dispatches = [...factors.dispatches];
  const { starts } = relationStarts(program.reads.relations, shape);
  const quads = quadsOf(d);
  const vectors = d % 4 === 0;
  const pitch = panelColumns(shape, plan);
  const text = showPlan(plan);
  const weights = cached(`weight ${shared} ${text} ${program.name} ${program.key}`, () =>
    weightKernel(program, shared, plan),
  );
  const kernelOf = (transposed: boolean): Kernel =>
    cached(`product ${transposed} ${vectors} ${text}`, () => productKernel(transposed, vectors, plan));
  const { rows: tileRows, columns: tileColumns, depth } = plan.products;
  let partialBytes = 0;

  for (let first = 0; first < m; first += pitch) {
    const columns = Math.min(pitch, m - first);
    const width = roundUp(columns, plan.scores.columns);
    dispatches.push({
      kernel: weights,
      buffers: {
        left: factors.a,
        right: factors.b,
        rowData: 'rowData',
        columnData: 'columnData',
        relations: 'relations',
        panel: 'panel',
      },
      integers: { ...starts, rowCount: n, columnCount: m, quads, first, pitch },
      workgroups: [width / plan.scores.columns, Math.ceil(n / plan.scores.rows), 1],
    });
    const common = { columns: d, pitch: pitch / 4, quads };
    if (want.a)
      dispatches.push({
        kernel: kernelOf(false),
        buffers: { panel: 'panel', right: factors.b, out: 'da' },
        integers: {
          ...common,
          rows: n,
          depth: columns,
          depthEach: width,
          rowQuads: 0,
          depthQuads: width / 4,
          rightFirst: first,
          rightLines: columns,
          outFirst: 0,
          outLines: n,
          accumulate: first === 0 ? 0 : 1,
        },
        workgroups: [Math.ceil(d / tileColumns), Math.ceil(n / tileRows), 1],
      });
    if (want.b && !shared) {
      const across = Math.ceil(d / tileColumns);
      const down = Math.ceil(columns / tileRows);
      // Parts of as many rows as the panel has columns keep them within O(n·d).
      const most = Math.min(Math.ceil(n / SPLIT_DEPTH), Math.max(1, Math.floor(n / columns)));
      const each = roundUp(
        Math.ceil(n / Math.min(most, Math.max(1, Math.ceil(plan.workgroups / (across * down))))),
        depth,
      );
      const splits = Math.ceil(n / each);
      dispatches.push({
        kernel: kernelOf(true),
        buffers: { panel: 'panel', right: factors.a, out: splits === 1 ? 'db' : 'partials' },
        integers: {
          ...common,
          rows: columns,
          depth: n,
          depthEach: each,
          rowQuads: width / 4,
          depthQuads: 0,
          rightFirst: 0,
          rightLines: n,
          outFirst: splits === 1 ? first : 0,
          outLines: columns,
          accumulate: 0,
        },
        workgroups: [across, down, splits],
      });
      if (splits > 1) {
        const length = columns * d;
        partialBytes = Math.max(partialBytes, 4 * splits * length);
        const { workgroups, width: wide } = linear(length);
        dispatches.push({
          kernel: cached('reduce', reduceKernel),
          buffers: { partials: 'partials', out: 'db' },
          integers: { length, splits, outFirst: first * d, width: wide },
          workgroups,
        });
      }
    }
  }
  return {
    dispatches,
    scratch: { ...factors.scratch, panel: 4 * n * pitch, ...(partialBytes > 0 ? { partials: partialBytes } : {}) },
  };
}
