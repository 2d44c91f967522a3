/** When the engine replaces a composed form: a constant, so that a run's plan never depends on the machine. */

/** Pairs (rows × columns) from which the fused form is faster; measured, see docs/kernels.md. */
export const FUSED_PAIRS = 128 * 128;

/** Whether a loss over this many pairs runs fused. */
export const fusedFrom = (rows: number, columns: number): boolean => rows * columns >= FUSED_PAIRS;
