/** The sizes that fix the order of every sum: changing one changes bits, and with them the plan's name. */

/** Rows and columns of a tile of scores; its rows lie this many numbers apart. */
export const TILE = 64;
/** Rows of the register block. */
export const STRIP = 4;
/** Columns of the register block. */
export const PANEL = 8;

export const TILE_BYTES = TILE * TILE * 4;

/** Running value of one statistic of one row or column: two float64, the value and the sum or position. */
export const STATE_BYTES = 16;
