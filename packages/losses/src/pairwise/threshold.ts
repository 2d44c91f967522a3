/** When the engine replaces a composed form: a constant, so that a run's plan never depends on the machine. */

/**
 * Pairs (rows × columns) from which a loss runs fused. Most losses gain from 16² to 64² on (docs/kernels.md); this lies
 * above all of them, and above the batches of 64 whose boards were frozen with composed losses and must keep their numbers.
 */
export const FUSED_PAIRS = 72 * 72;

/** Whether a loss over this many pairs runs fused. */
export const fusedFrom = (rows: number, columns: number): boolean => rows * columns >= FUSED_PAIRS;
