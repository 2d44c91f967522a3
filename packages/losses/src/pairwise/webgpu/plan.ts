/** What may differ between two ways to run one program on a GPU. A ranked run is given its plan; nothing is chosen there. */
import { LossError } from '../../core/errors.js';

/** The share of a matrix product that one workgroup computes. */
export interface Tile {
  /** Rows and columns of the result; multiples of what one invocation has. */
  readonly rows: number;
  readonly columns: number;
  /** Terms of the inner dimension held in workgroup memory at a time: 8, 16 or 32. */
  readonly depth: number;
  /** Rows and columns that each invocation keeps in registers; multiples of 4 in `products`. */
  readonly rowsEach: number;
  readonly columnsEach: number;
}

export interface Plan {
  /** Of the scores S, in the forward pass and where weights are made of them. */
  readonly scores: Tile;
  /** Of W·B and Wᵀ·A. */
  readonly products: Tile;
  /** Workgroups aimed at where rows alone give too few and columns (or the inner dimension) are split. */
  readonly workgroups: number;
  /** Columns of the panel of W that exists at a time, for each dimension of the factors. */
  readonly panel: number;
  /** How the factors are stored; sums are float32 always. f16 rounds them to 11 bits and needs |x| < 65504. */
  readonly storage: 'f32' | 'f16';
  /** Threads of a row combine their statistics by subgroup shuffles instead of through workgroup memory. */
  readonly subgroups: boolean;
  /** `exact`: within 1 unit in the last place, the same on every GPU. `native`: the GPU's own, whose error grows with |x|. */
  readonly exp: 'exact' | 'native';
  /** The next tile is fetched into registers while this one is multiplied. */
  readonly prefetch: boolean;
}

/** Part of a receipt: raised when a kernel changes numbers. */
export const WEBGPU_PAIRWISE = 1;

const square = (side: number, depth: number, each: number): Tile => ({
  rows: side,
  columns: side,
  depth,
  rowsEach: each,
  columnsEach: each,
});

/** 256 invocations; with the fields of any declared loss below 16 KiB. */
export const PLAN_64: Plan = {
  scores: square(64, 16, 4),
  products: square(64, 16, 4),
  workgroups: 512,
  panel: 4,
  storage: 'f32',
  subgroups: false,
  exp: 'exact',
  prefetch: true,
};

/** 256 invocations of 64 results each: for large problems on a large GPU, with fewer and wider panels. */
export const PLAN_128: Plan = { ...PLAN_64, scores: square(128, 8, 8), products: square(128, 8, 8), panel: 8 };

/** 64 invocations. */
export const PLAN_32: Plan = { ...PLAN_64, scores: square(32, 16, 4), products: square(32, 16, 4) };

/** For adapters that compute on a CPU, where compiling a kernel takes longer than running it: few results an invocation. */
export const PLAN_SOFTWARE: Plan = {
  ...PLAN_64,
  scores: { rows: 16, columns: 8, depth: 8, rowsEach: 2, columnsEach: 2 },
  products: square(16, 8, 4),
};

export const DEFAULT_PLAN = PLAN_64;

export const across = (tile: Tile): number => tile.columns / tile.columnsEach;
export const down = (tile: Tile): number => tile.rows / tile.rowsEach;
export const invocations = (tile: Tile): number => across(tile) * down(tile);

/** Bytes of workgroup memory of the two operands' tiles. */
export const tileBytes = (tile: Tile): number => 4 * tile.depth * (tile.rows + tile.columns);

const showTile = ({ rows, columns, depth, rowsEach, columnsEach }: Tile): string =>
  `${rows}x${columns}x${depth}/${rowsEach}x${columnsEach}`;

/** Canonical text: equal for equal plans. */
export const showPlan = (plan: Plan): string =>
  [
    `pairwise-webgpu/${WEBGPU_PAIRWISE}`,
    showTile(plan.scores),
    showTile(plan.products),
    `w${plan.workgroups}`,
    `p${plan.panel}`,
    plan.storage,
    plan.exp,
    ...(plan.subgroups ? ['subgroups'] : []),
    ...(plan.prefetch ? ['prefetch'] : []),
  ].join(' ');

/** Throws PARAM_RANGE for a tile that the kernels cannot be generated for. */
export function checkPlan(plan: Plan): void {
  for (const field of ['scores', 'products'] as const) {
    const tile = plan[field];
    const ok =
      [8, 16, 32].includes(tile.depth) &&
      tile.columns % 4 === 0 &&
      [tile.rowsEach, tile.columnsEach].every((each) => each > 0 && (field === 'scores' || each % 4 === 0)) &&
      [across(tile), down(tile)].every((count) => Number.isInteger(count) && count >= 1);
    if (!ok)
      throw new LossError('PARAM_RANGE', `plan.${field}: no kernel has the tile ${showTile(tile)}`, {
        field: `plan.${field}`,
        value: showTile(tile),
        allowed:
          'depth 8, 16 or 32; columns a multiple of 4; rowsEach and columnsEach divide rows and columns and, in products, are multiples of 4',
      });
  }
}
