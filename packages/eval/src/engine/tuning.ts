/** PLATFORM_TUNED: the platform chooses rate, decay and the method's own scale by validation. */
import { EvalError } from '../core/errors.js';
import { methodOf } from '../core/methods.js';
import { completeParams } from '../core/params.js';
import { sobol } from '../core/sobol.js';
import type { ComponentRef, Protocol, TuningRecord, Variant } from '../core/types.js';

/** One for all benchmarks and methods, so that every entry draws the same points. */
const SCRAMBLE_SEED = 20_240_501;
/** A choice this near to the end of a range, as a part of its logarithmic length, is marked EDGE. */
const EDGE = 0.05;

export interface Point {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly scale?: number;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** The parameter that tuning moves: the ranked method's own scale, unless the variant sets it to something of its own. */
export function scaleOf(ranked: ComponentRef): (Range & { readonly param: string; readonly value: number }) | null {
  const method = methodOf(ranked.method);
  if (!method.scale) return null;
  const value = ranked.params[method.scale.param];
  const standard = completeParams(method)[method.scale.param];
  return typeof value === 'number' && value === standard ? { ...method.scale, value } : null;
}

/** Four digits are all that a tuned point means, and they survive any library's last bit. */
const round = (value: number): number => Number(value.toPrecision(4));

const between = ({ low, high }: Range, at: number): number => round(low * (high / low) ** at);

/** The points of a variant, the defaults first. */
export function tuningPoints(protocol: Protocol, ranked: ComponentRef): readonly Point[] {
  const { space } = protocol;
  const scale = scaleOf(ranked);
  const drawn = sobol(space.trials - 1, 3, SCRAMBLE_SEED).map(([a, b, c]) => ({
    learningRate: between(space.learningRate, a!),
    weightDecay: between(space.weightDecay, b!),
    ...(scale ? { scale: between(scale, c!) } : {}),
  }));
  const first = {
    learningRate: space.learningRate.default,
    weightDecay: space.weightDecay.default,
    ...(scale ? { scale: scale.value } : {}),
  };
  return [first, ...drawn];
}

/** The variant's components with the point's scale in the ranked slot. */
export function componentsAt(protocol: Protocol, variant: Variant, point: Point): Variant['components'] {
  const ranked = variant.components[protocol.slot]!;
  const scale = point.scale === undefined ? null : scaleOf(ranked);
  if (!scale) return variant.components;
  const params = { ...ranked.params, [scale.param]: point.scale! };
  return { ...variant.components, [protocol.slot]: { ...ranked, params } };
}

const nearEnd = ({ low, high }: Range, value: number): boolean => {
  const at = Math.log(value / low) / Math.log(high / low);
  return at < EDGE || at > 1 - EDGE;
};

export interface TuneInput {
  readonly protocol: Protocol;
  readonly benchmarkHash: string;
  readonly variant: Variant;
  readonly variantHash: string;
  readonly direction: 'higher' | 'lower';
  /** Validation score of a point; null where training gave no finite number. */
  tryPoint(point: Point, index: number): Promise<number | null>;
}

/** Tries every point and chooses the best, the earliest of equals. Throws NON_FINITE when none gave a number. */
export async function tune(input: TuneInput): Promise<TuningRecord> {
  const { protocol, variant } = input;
  const ranked = variant.components[protocol.slot]!;
  const points: (Point & { score: number | null })[] = [];
  for (const [index, point] of tuningPoints(protocol, ranked).entries())
    points.push({ ...point, score: await input.tryPoint(point, index) });
  const sign = input.direction === 'higher' ? 1 : -1;
  let chosen = -1;
  points.forEach(({ score }, i) => {
    if (score !== null && (chosen < 0 || sign * score > sign * points[chosen]!.score!)) chosen = i;
  });
  if (chosen < 0) throw new EvalError('NON_FINITE', `tuning: none of ${points.length} points trained to finite scores`);
  const best = points[chosen]!;
  const scale = scaleOf(ranked);
  const edge =
    nearEnd(protocol.space.learningRate, best.learningRate) ||
    nearEnd(protocol.space.weightDecay, best.weightDecay) ||
    (scale !== null && nearEnd(scale, best.scale!));
  return { benchmarkHash: input.benchmarkHash, variantHash: input.variantHash, points, chosen, edge };
}
