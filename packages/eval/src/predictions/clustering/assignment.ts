/**
 * The linear assignment problem by shortest augmenting paths. Source: Jonker and Volgenant, "A shortest augmenting path
 * algorithm for dense and sparse linear assignment problems", Computing 38, 1987; rectangular as in Crouse, "On
 * implementing 2D rectangular assignment algorithms", IEEE TAES 52, 2016.
 */
import { wasm } from '@touchstone/losses/meta';
import { EvalError } from '../../core/errors.js';
import type { AssignmentKernels } from './assignment-kernel.js';
import { assignmentModule, GROUP } from './assignment-kernel.js';

const PAGE = 65536;

/**
 * Column of each row so that the total of value[i, column] is greatest, −1 for a row left over where there are more rows
 * than columns; `values` is row-major [rows, columns] and finite. Which of several best assignments comes out depends on
 * the input alone. Time O(n³), memory O(n²). Throws NON_FINITE.
 */
export function bestAssignment(values: Float64Array, rows: number, columns: number): Int32Array {
  if (rows === 0 || columns === 0) return new Int32Array(rows).fill(-1);
  const upright = rows <= columns;
  const problem = new Problem(Math.min(rows, columns), Math.max(rows, columns));
  const { costs, stride } = problem;
  // Minimises what is negated here, with no more rows than columns.
  const [down, across] = upright ? [stride, 1] : [1, stride];
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < columns; j++, at++) {
      const value = values[at]!;
      if (value - value !== 0) throw notFinite(at, value);
      costs[i * down + j * across] = -value;
    }
  const columnOf = problem.solve();
  if (upright) return columnOf;
  const assigned = new Int32Array(rows).fill(-1);
  columnOf.forEach((row, column) => {
    assigned[row] = column;
  });
  return assigned;
}

const notFinite = (at: number, value: number): EvalError =>
  new EvalError('NON_FINITE', `values[${at}] is ${value}, expected a finite number`, {
    field: `values[${at}]`,
    value,
    allowed: 'a finite number',
  });

interface Workshop {
  readonly kernels: AssignmentKernels;
  readonly buffer: ArrayBufferLike;
}

/** Pages of the memory that small problems share, one after the other. */
const SHARED_PAGES = 256;
let compiled: InstanceType<typeof wasm.Module> | undefined;
let shared: Workshop | undefined;

function openWorkshop(pages: number): Workshop {
  const memory = new wasm.Memory({ initial: pages, maximum: pages, shared: true });
  compiled ??= new wasm.Module(assignmentModule());
  const { exports } = new wasm.Instance(compiled, { env: { memory } });
  return { kernels: exports as unknown as AssignmentKernels, buffer: memory.buffer };
}

/**
 * Costs of rows ≤ columns, and an assignment of some rows with prices of the columns and values u of the rows:
 * cost[i, j] ≥ u[i] + price[j], equal where i has j; free columns have price 0.
 */
class Problem {
  readonly costs: Float64Array;
  /** Numbers from one row of the costs to the next. */
  readonly stride: number;
  private readonly kernels: AssignmentKernels;
  private readonly groups: number;
  private readonly prices: Float64Array;
  private readonly distances: Float64Array;
  private readonly previous: Float64Array;
  private readonly zeros: Float64Array;
  private readonly least: Float64Array;
  private readonly u: Float64Array;
  private readonly columnOf: Int32Array;
  private readonly rowOf: Int32Array;

  constructor(
    private readonly rows: number,
    private readonly columns: number,
  ) {
    this.groups = Math.ceil(columns / GROUP);
    this.stride = this.groups * GROUP;
    const pages = Math.ceil((8 * (rows * this.stride + 4 * this.stride + GROUP)) / PAGE);
    const large = pages > SHARED_PAGES;
    const { kernels, buffer } = large ? openWorkshop(pages) : (shared ??= openWorkshop(SHARED_PAGES));
    this.kernels = kernels;
    let end = 0;
    const place = (length: number): Float64Array => {
      const array = new Float64Array(buffer, end, length);
      end += 8 * length;
      return array;
    };
    this.costs = place(rows * this.stride);
    this.prices = place(this.stride).fill(0);
    this.distances = place(this.stride);
    this.previous = place(this.stride);
    this.zeros = place(this.stride).fill(0);
    this.least = place(GROUP);
    // Columns that only fill the last group are never the cheapest.
    for (let i = 0; i < rows; i++) this.costs.fill(Infinity, i * this.stride + columns, (i + 1) * this.stride);
    this.u = new Float64Array(rows);
    this.columnOf = new Int32Array(rows).fill(-1);
    this.rowOf = new Int32Array(columns).fill(-1);
  }

  /** Column of each row with the least total cost. */
  solve(): Int32Array {
    let free: Int32Array = Int32Array.from({ length: this.rows }, (_, i) => i);
    for (let pass = 0; pass < 3 && free.length > 0; pass++) free = this.reduceRows(free);
    this.augment(free);
    return this.columnOf;
  }

  /** First column where costs − prices (both from a byte address) is `value`, a free one where there is one. */
  private cheapest(
    costsAt: number,
    pricesAt: number,
    costs: Float64Array,
    prices: Float64Array,
    value: number,
  ): number {
    const { kernels, groups, columns, rowOf } = this;
    let taken = -1;
    for (let at = 0; ; at += 8 * GROUP) {
      at = kernels.find(costsAt, pricesAt, value, at, groups);
      if (at === groups * 8 * GROUP) return taken;
      for (let j = at / 8; j < Math.min(columns, at / 8 + GROUP); j++) {
        if (costs[j]! - prices[j]! !== value) continue;
        if (rowOf[j]! < 0) return j;
        if (taken < 0) taken = j;
      }
    }
  }

  /**
   * Augmenting row reduction: a free row takes its cheapest column and lowers that one's price until the second cheapest
   * costs as much; the row that had it is free again and tries next. Returns the rows still free.
   */
  private reduceRows(free: Int32Array): Int32Array {
    const { costs, stride, kernels, groups, prices, least, u, columnOf, rowOf } = this;
    const left: number[] = [];
    // Each step costs a row; where prices fall by little, the shortest paths are faster.
    let steps = 4 * free.length;
    for (const first of free) {
      for (let row = first; row >= 0;) {
        const base = row * stride;
        kernels.twoLeast(8 * base, prices.byteOffset, groups, least.byteOffset);
        const lowest = Math.min(least[0]!, least[1]!);
        const second = Math.min(Math.max(least[0]!, least[1]!), least[2]!, least[3]!);
        const at = this.cheapest(8 * base, prices.byteOffset, costs.subarray(base, base + stride), prices, lowest);
        const evicted = rowOf[at]!;
        u[row] = lowest;
        if (evicted >= 0) {
          const lowered = prices[at]! - (second - lowest);
          if (!(lowered < prices[at]!) || steps-- <= 0) {
            left.push(row);
            break;
          }
          prices[at] = lowered;
          u[row] = costs[base + at]! - lowered;
          columnOf[evicted] = -1;
        }
        rowOf[at] = row;
        columnOf[row] = at;
        row = evicted;
      }
    }
    return Int32Array.from(left);
  }

  /** Gives every free row a column along the shortest alternating path (Dijkstra on reduced costs). */
  private augment(free: Int32Array): void {
    const { stride, kernels, groups, prices, distances, previous, zeros, u, columnOf, rowOf, rows } = this;
    const visitedRows = new Int32Array(rows);
    const visitedColumns = new Int32Array(rows);
    // Price and distance of each visited column.
    const kept = new Float64Array(rows);
    const reached = new Float64Array(rows);
    for (const start of free) {
      distances.fill(Infinity);
      let [visited, row, length, sink] = [0, start, 0, -1];
      while (sink < 0) {
        visitedRows[visited] = row;
        length = kernels.relax(
          8 * row * stride,
          prices.byteOffset,
          distances.byteOffset,
          previous.byteOffset,
          length - u[row]!,
          row,
          groups,
        );
        // Of equally near columns a free one, which ends the search.
        const column = this.cheapest(distances.byteOffset, zeros.byteOffset, distances, zeros, length);
        visitedColumns[visited] = column;
        reached[visited] = length;
        kept[visited++] = prices[column]!;
        // Nothing comes below Infinity there again.
        prices[column] = -Infinity;
        distances[column] = Infinity;
        if (rowOf[column]! < 0) sink = column;
        else row = rowOf[column]!;
      }
      // The row reached by each visited column but the last stands one place further on.
      u[start]! += length;
      for (let k = 0; k + 1 < visited; k++) u[visitedRows[k + 1]!]! += length - reached[k]!;
      for (let k = 0; k < visited; k++) prices[visitedColumns[k]!] = kept[k]! - (length - reached[k]!);
      for (let column = sink; ;) {
        const from = previous[column]!;
        rowOf[column] = from;
        const next = columnOf[from]!;
        columnOf[from] = column;
        if (from === start) break;
        column = next;
      }
    }
  }
}
