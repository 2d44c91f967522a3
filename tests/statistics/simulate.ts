/** A simulator of boards: binary outcomes of methods over seeds and examples, whose true scores are known. */
import { philox } from '@touchstone/losses/meta';
import type { OutcomeMatrix } from '@touchstone/eval/statistics';

/** Deviations of the latent margin, in units of the noise of one outcome. */
export interface Population {
  /** Examples are easy or hard for everybody … */
  readonly difficulty: number;
  /** … or for one method only. */
  readonly taste: number;
  /** A seed shifts all methods alike … */
  readonly commonSeed: number;
  /** … or one method only. */
  readonly ownSeed: number;
}

/** Deviations as on the small boards: about four fifths of the outcomes are the same whatever method or seed. */
export const USUAL: Population = { difficulty: 2, taste: 0.5, commonSeed: 0.03, ownSeed: 0.03 };

/** Shape and population of one simulated board. */
export interface BoardShape {
  readonly seeds: number;
  readonly units: number;
  readonly population?: Population;
}

/**
 * One outcome matrix a method: correct where margin + difficulty + taste + seed + noise > 0. A method's true score over all seeds
 * and examples is Φ(margin / total deviation): equal margins are equal methods.
 */
export function simulateBoard(margins: readonly number[], shape: BoardShape, draw: number): OutcomeMatrix[] {
  const { seeds, units, population = USUAL } = shape;
  const random = philox(draw, 'tests/board');
  const normals = (n: number, deviation: number): Float64Array =>
    Float64Array.from({ length: n }, () => deviation * random.normal());
  const difficulty = normals(units, population.difficulty);
  const common = normals(seeds, population.commonSeed);
  return margins.map((margin) => {
    const taste = normals(units, population.taste);
    const own = normals(seeds, population.ownSeed);
    const values = new Float64Array(seeds * units);
    for (let s = 0; s < seeds; s++) {
      const level = margin + common[s]! + own[s]!;
      for (let u = 0; u < units; u++)
        values[s * units + u] = level + difficulty[u]! + taste[u]! + random.normal() > 0 ? 1 : 0;
    }
    return { values, seeds, units };
  });
}

/** The deviation of the whole latent margin: a method's true score is Φ(margin / this). */
export function totalDeviation({ difficulty, taste, commonSeed, ownSeed }: Population = USUAL): number {
  return Math.sqrt(1 + difficulty ** 2 + taste ** 2 + commonSeed ** 2 + ownSeed ** 2);
}
