/** Counter-based random numbers: the same key and stream give the same sequence on every machine. */
export interface Rng {
  /** Uniform integer in [0, 2³²). */
  uint32(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal (Box–Muller on two uniforms). */
  normal(): number;
  /** Uniform integer in [0, bound), without modulo bias. */
  integer(bound: number): number;
  /** A uniformly random permutation of 0 … n−1. */
  permutation(n: number): Int32Array;
}
