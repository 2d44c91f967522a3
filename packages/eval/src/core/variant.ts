/** From what a person writes to the complete, hashed variant of a benchmark. */
import type { MethodDefinition, Slot } from '@touchstone/losses/meta';
import { SLOTS } from '@touchstone/losses/meta';
import { EvalError } from './errors.js';
import { hashJson } from './hash.js';
import { allMethods, methodOf } from './methods.js';
import { completeParams } from './params.js';
import type { BenchmarkDefinition, ComponentRef, Division, Space, Variant, VariantInput } from './types.js';

export interface ResolvedVariant {
  readonly variant: Variant;
  readonly variantHash: string;
  readonly division: Division;
  /** The component in the slot that the board ranks. */
  readonly ranked: ComponentRef;
  /** The component that differs from the protocol's defaults, the ranked slot first; the ranked one when none does. */
  readonly method: ComponentRef;
  readonly methodSlot: Slot;
  /** For a table: method and whatever is not its default, e.g. `multi-similarity (alpha 4)`. */
  readonly label: string;
  readonly space: Space;
}

/** A closed list of why a slot refuses a method, in words for the submitter. */
export interface AcceptedMethod {
  readonly method: MethodDefinition;
  readonly accepted: boolean;
  readonly reason: string | null;
}

const same = (a: unknown, b: unknown): boolean => hashJson(a) === hashJson(b);

export function defaultComponent(method: MethodDefinition): ComponentRef {
  return { method: method.key, version: method.version, params: completeParams(method) };
}

/** Null when the benchmark can train this method in this slot, else the reason. */
function refusal(benchmark: BenchmarkDefinition, slot: Slot, method: MethodDefinition): string | null {
  const { protocol } = benchmark;
  if (method.slot !== slot) return `${method.key} fills the slot ${method.slot}, not ${slot}`;
  if (slot === 'layer') return null;
  if (method.needs.includes('views') && protocol.augmentation === 'none')
    return `${method.key} needs augmented views; the protocol of ${protocol.key} makes none`;
  if (protocol.task === 'retrieval' && method.needs.includes('logits'))
    return `${method.key} needs logits; the net of ${protocol.key} has an embedding and no classification head`;
  if (protocol.task === 'classification' && slot === 'objective' && !method.needs.includes('logits'))
    return `${method.key} trains embeddings only; ${protocol.key} scores the logits, which it would leave untrained`;
  return null;
}

/** Every method of the slot's kind, with the reason where this benchmark refuses it. */
export function acceptedMethods(benchmark: BenchmarkDefinition, slot: Slot): readonly AcceptedMethod[] {
  const open = benchmark.protocol.accepts[slot] !== undefined;
  return allMethods()
    .filter((method) => method.slot === slot)
    .map((method) => {
      const reason = open
        ? refusal(benchmark, slot, method)
        : `${benchmark.protocol.key} does not accept the slot ${slot}`;
      return { method, accepted: reason === null, reason };
    });
}

function checkSlot(benchmark: BenchmarkDefinition, slot: string, field: string): Slot {
  const { key, accepts } = benchmark.protocol;
  if ((SLOTS as readonly string[]).includes(slot) && accepts[slot as Slot]) return slot as Slot;
  const allowed = Object.keys(accepts).join(', ');
  throw new EvalError(
    'SLOT_NOT_ACCEPTED',
    `${field}: ${key} does not accept the slot "${slot}"; it accepts ${allowed}`,
    {
      field,
      value: slot,
      allowed,
    },
  );
}

function component(
  benchmark: BenchmarkDefinition,
  slot: Slot,
  given: { readonly method: string; readonly params?: ComponentRef['params'] },
  prefix: string,
): ComponentRef {
  const field = `${prefix}method`;
  const method = methodOf(given.method, field);
  const reason = refusal(benchmark, slot, method);
  if (reason !== null) {
    const allowed = acceptedMethods(benchmark, slot)
      .filter((entry) => entry.accepted)
      .map((entry) => entry.method.key)
      .join(', ');
    throw new EvalError('SLOT_MISMATCH', `${field}: ${reason}`, { field, value: given.method, allowed });
  }
  return {
    method: method.key,
    version: method.version,
    params: completeParams(method, given.params, `${prefix}params`),
  };
}

function components(benchmark: BenchmarkDefinition, input: VariantInput): Record<string, ComponentRef> {
  const { protocol } = benchmark;
  const chosen: Partial<Record<Slot, ComponentRef>> = { ...protocol.accepts };
  for (const [name, given] of Object.entries(input.slots ?? {})) {
    const slot = checkSlot(benchmark, name, `slots.${name}`);
    if (given === undefined) continue;
    chosen[slot] = component(benchmark, slot, given, `slots.${name}.`);
  }
  if (input.method !== undefined) {
    if (input.slots?.[protocol.slot])
      throw new EvalError(
        'SLOT_MISMATCH',
        `method: the slot ${protocol.slot} is filled by slots.${protocol.slot} too`,
        {
          field: 'method',
          value: input.method,
          allowed: `method or slots.${protocol.slot}, not both`,
        },
      );
    chosen[protocol.slot] = component(benchmark, protocol.slot, { method: input.method, params: input.params }, '');
  } else if (input.params && Object.keys(input.params).length > 0) {
    const fallback = chosen[protocol.slot]!;
    chosen[protocol.slot] = component(
      benchmark,
      protocol.slot,
      { method: fallback.method, params: { ...fallback.params, ...input.params } },
      '',
    );
  }
  return Object.fromEntries(SLOTS.flatMap((slot) => (chosen[slot] ? [[slot, chosen[slot]]] : [])));
}

function rate(input: VariantInput, name: 'learningRate' | 'weightDecay', fallback: number): number {
  const value = input[name] ?? fallback;
  const [low, high] = name === 'learningRate' ? [1e-8, 10] : [0, 10];
  if (typeof value === 'number' && value >= low && value <= high) return value === 0 ? 0 : value;
  throw new EvalError(
    typeof value === 'number' && !Number.isNaN(value) ? 'PARAM_RANGE' : 'PARAM_TYPE',
    `${name}: expected a number from ${low} to ${high}, received ${String(value)}`,
    { field: name, value, allowed: `a number from ${low} to ${high}` },
  );
}

/**
 * The complete variant that a request means, its hash, its division and its name. A request that names no division is
 * PUBLISHED_DEFAULTS when every parameter and the space are defaults and only the ranked slot is filled, else OPEN.
 * Throws UNKNOWN_METHOD, UNKNOWN_PARAM, PARAM_TYPE, PARAM_RANGE, SLOT_NOT_ACCEPTED, SLOT_MISMATCH, DIVISION_CONFLICT.
 */
export function resolveVariant(benchmark: BenchmarkDefinition, input: VariantInput): ResolvedVariant {
  const { protocol } = benchmark;
  const { space: common, slot } = protocol;
  const division = input.division;
  if (division !== undefined && !['PLATFORM_TUNED', 'PUBLISHED_DEFAULTS', 'OPEN'].includes(division))
    throw new EvalError('DIVISION_CONFLICT', `division: no division "${String(division)}"`, {
      field: 'division',
      value: division,
      allowed: 'PLATFORM_TUNED, PUBLISHED_DEFAULTS, OPEN',
    });
  const filled = components(benchmark, input);
  const ranked = filled[slot]!;
  const learningRate = rate(input, 'learningRate', common.learningRate.default);
  const weightDecay = rate(input, 'weightDecay', common.weightDecay.default);

  const foreign = Object.entries(filled).find(
    ([name, at]) => name !== slot && !same(at, protocol.accepts[name as Slot]),
  );
  const atDefaults = same(ranked.params, completeParams(methodOf(ranked.method)));
  const explicit =
    input.learningRate !== undefined ? 'learningRate' : input.weightDecay !== undefined ? 'weightDecay' : null;
  const moved = learningRate !== common.learningRate.default || weightDecay !== common.weightDecay.default;
  const conflict = (field: string, message: string, value: unknown, allowed: string): never => {
    throw new EvalError('DIVISION_CONFLICT', `${field}: ${message}`, { field, value, allowed });
  };

  if (division !== undefined && division !== 'OPEN' && foreign)
    conflict(
      `slots.${foreign[0]}`,
      `${division} compares methods of the slot ${slot} with all else at the protocol's defaults`,
      foreign[1].method,
      'OPEN, or the default',
    );
  if (division === 'PLATFORM_TUNED' && explicit)
    conflict(explicit, 'PLATFORM_TUNED lets the platform choose it', input[explicit], 'nothing, or division OPEN');
  if (division === 'PUBLISHED_DEFAULTS' && moved)
    conflict(
      learningRate === common.learningRate.default ? 'weightDecay' : 'learningRate',
      "PUBLISHED_DEFAULTS takes the protocol's learning rate and weight decay",
      learningRate === common.learningRate.default ? weightDecay : learningRate,
      `learningRate ${common.learningRate.default}, weightDecay ${common.weightDecay.default}`,
    );
  if (division === 'PUBLISHED_DEFAULTS' && !atDefaults) {
    const defaults = completeParams(methodOf(ranked.method));
    const name = Object.keys(defaults).find((key) => !same(defaults[key], ranked.params[key]))!;
    conflict(
      `params.${name}`,
      `PUBLISHED_DEFAULTS takes the published value of ${ranked.method}`,
      ranked.params[name],
      `${JSON.stringify(defaults[name])}, or division OPEN`,
    );
  }

  const space: Space = division === 'PLATFORM_TUNED' ? 'tuned' : { learningRate, weightDecay };
  const variant: Variant = { components: filled, space };
  const methodSlot = (foreign && same(ranked, protocol.accepts[slot]) ? foreign[0] : slot) as Slot;
  return {
    variant,
    variantHash: variantHash(variant),
    division: division ?? (atDefaults && !moved && !foreign ? 'PUBLISHED_DEFAULTS' : 'OPEN'),
    ranked,
    method: filled[methodSlot]!,
    methodSlot,
    label: labelOf(benchmark, variant),
    space,
  };
}

export function variantHash(variant: Variant): string {
  return hashJson(variant);
}

/** `method (param value, …)` for what differs from the method's defaults, other slots and the rate where they differ. */
export function labelOf(benchmark: BenchmarkDefinition, variant: Variant): string {
  const { protocol } = benchmark;
  if (variant.untrained) return 'untrained';
  const parts: string[] = [];
  for (const [slot, at] of Object.entries(variant.components)) {
    if (slot !== protocol.slot && same(at, protocol.accepts[slot as Slot])) continue;
    const known = allMethods().find((method) => method.key === at.method);
    const defaults = known ? completeParams(known) : {};
    const moved = Object.entries(at.params).filter(([key, value]) => !same(defaults[key] ?? null, value));
    const text = moved.map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    const name = slot === protocol.slot ? at.method : `${slot} ${at.method}`;
    parts.push(text.length > 0 ? `${name} (${text.join(', ')})` : name);
  }
  if (variant.space !== 'tuned') {
    const { learningRate, weightDecay } = variant.space;
    if (learningRate !== protocol.space.learningRate.default) parts.push(`rate ${learningRate}`);
    if (weightDecay !== protocol.space.weightDecay.default) parts.push(`decay ${weightDecay}`);
  }
  return parts.join(', ');
}

/** The net as initialised, or the raw features where the model is linear: what a trained row must be above. */
export function untrainedVariant(benchmark: BenchmarkDefinition): { variant: Variant; variantHash: string } {
  const { accepts, space } = benchmark.protocol;
  const variant: Variant = {
    components: accepts,
    space: { learningRate: space.learningRate.default, weightDecay: space.weightDecay.default },
    untrained: true,
  };
  return { variant, variantHash: variantHash(variant) };
}

/** What the rows of a division are compared with: OPEN rows with the baseline at published defaults. */
export function baselineVariant(benchmark: BenchmarkDefinition, division: Division): ResolvedVariant {
  const { method, params } = benchmark.baseline;
  return resolveVariant(benchmark, {
    method,
    params,
    division: division === 'OPEN' ? 'PUBLISHED_DEFAULTS' : division,
  });
}

/** The division that a stored variant belongs to, by the rule for a request without one. */
export function divisionOf(benchmark: BenchmarkDefinition, variant: Variant): Division {
  if (variant.space === 'tuned') return 'PLATFORM_TUNED';
  const slots = Object.fromEntries(
    Object.entries(variant.components).map(([slot, { method, params }]) => [slot, { method, params }]),
  );
  return resolveVariant(benchmark, { slots, ...variant.space }).division;
}

/** 1 to 100 different integers from 0 to 2³¹ − 1. Throws SEEDS_RANGE. */
export function validateSeeds(seeds: readonly number[]): readonly number[] {
  const allowed = '1 to 100 different whole numbers from 0 to 2147483647';
  const refuse = (message: string, value: unknown): never => {
    throw new EvalError('SEEDS_RANGE', `seeds: ${message}; allowed are ${allowed}`, { field: 'seeds', value, allowed });
  };
  if (!Array.isArray(seeds) || seeds.length < 1 || seeds.length > 100)
    return refuse(
      `received ${Array.isArray(seeds) ? seeds.length : typeof seeds}`,
      Array.isArray(seeds) ? seeds.length : seeds,
    );
  const wrong = seeds.find((seed) => !Number.isInteger(seed) || seed < 0 || seed > 2147483647);
  if (wrong !== undefined) return refuse(`${String(wrong)} is not one`, wrong);
  const repeated = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
  if (repeated !== undefined) return refuse(`${repeated} is repeated`, repeated);
  return seeds;
}
