import { describe, expect, it } from 'vitest';
import { EvalError } from './errors.js';
import { getBenchmark } from './registry.js';
import type { VariantInput } from './types.js';
import {
  acceptedMethods,
  baselineVariant,
  divisionOf,
  resolveVariant,
  untrainedVariant,
  validateSeeds,
} from './variant.js';

const retrieval = getBenchmark('letter-retrieval');
const letters = getBenchmark('letter-classification@1');

const refusal = (input: VariantInput, benchmark = retrieval): Pick<EvalError, 'code' | 'details'> => {
  try {
    resolveVariant(benchmark, input);
  } catch (error) {
    if (error instanceof EvalError) return error;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('resolveVariant', () => {
  it('names the same variant whether a default is written or not', () => {
    const short = resolveVariant(retrieval, { method: 'multi-similarity' });
    const long = resolveVariant(retrieval, {
      method: 'multi-similarity',
      params: { alpha: 2, beta: 40 },
      slots: { layer: { method: 'relu' } },
      learningRate: retrieval.protocol.space.learningRate.default,
    });
    expect(long.variantHash).toBe(short.variantHash);
    expect(short).toMatchObject({ division: 'PUBLISHED_DEFAULTS', label: 'multi-similarity', methodSlot: 'objective' });
    expect(resolveVariant(retrieval, { slots: { objective: { method: 'multi-similarity' } } }).variantHash).toBe(
      short.variantHash,
    );
  });

  it('puts own parameters into OPEN and says them in the label', () => {
    const own = resolveVariant(retrieval, { method: 'multi-similarity', params: { alpha: 3 } });
    expect(own).toMatchObject({ division: 'OPEN', label: 'multi-similarity (alpha 3)' });
    const rate = resolveVariant(retrieval, { method: 'triplet', learningRate: 0.002 });
    expect(rate).toMatchObject({ division: 'OPEN', label: 'triplet, rate 0.002' });
    const layer = resolveVariant(letters, { slots: { layer: { method: 'gelu' } } });
    expect(layer).toMatchObject({ division: 'OPEN', methodSlot: 'layer', label: 'cross-entropy, layer gelu' });
    expect(divisionOf(retrieval, own.variant)).toBe('OPEN');
  });

  it('tunes on request and gives such a variant a hash of its own', () => {
    const tuned = resolveVariant(retrieval, { method: 'triplet', division: 'PLATFORM_TUNED' });
    expect(tuned.variant.space).toBe('tuned');
    expect(divisionOf(retrieval, tuned.variant)).toBe('PLATFORM_TUNED');
    expect(tuned.variantHash).not.toBe(resolveVariant(retrieval, { method: 'triplet' }).variantHash);
  });

  it.each<[string, VariantInput, string, string]>([
    ['a method that is not there', { method: 'nothing' }, 'UNKNOWN_METHOD', 'method'],
    ['a parameter that is not there', { method: 'triplet', params: { alhpa: 1 } }, 'UNKNOWN_PARAM', 'params.alhpa'],
    ['a value out of range', { method: 'multi-similarity', params: { alpha: -1 } }, 'PARAM_RANGE', 'params.alpha'],
    ['NaN', { method: 'multi-similarity', params: { alpha: NaN } }, 'PARAM_TYPE', 'params.alpha'],
    ['a text for a number', { method: 'multi-similarity', params: { alpha: '2' } }, 'PARAM_TYPE', 'params.alpha'],
    ['params that are a list', { method: 'triplet', params: [] as never }, 'PARAM_TYPE', 'params'],
    ['a slot the board has not', { slots: { trainer: { method: 'noprop' } } }, 'SLOT_NOT_ACCEPTED', 'slots.trainer'],
    [
      'a slot that does not exist',
      { slots: { prayer: { method: 'x' } } as never },
      'SLOT_NOT_ACCEPTED',
      'slots.prayer',
    ],
    ['a method of another slot', { method: 'gelu' }, 'SLOT_MISMATCH', 'method'],
    ['a layer that is none', { slots: { layer: { method: 'triplet' } } }, 'SLOT_MISMATCH', 'slots.layer.method'],
    ['logits where there are none', { method: 'cross-entropy' }, 'SLOT_MISMATCH', 'method'],
    [
      'a slot filled twice',
      { method: 'triplet', slots: { objective: { method: 'triplet' } } },
      'SLOT_MISMATCH',
      'method',
    ],
    ['a rate of zero', { learningRate: 0 }, 'PARAM_RANGE', 'learningRate'],
    ['a rate that is text', { learningRate: '1' as never }, 'PARAM_TYPE', 'learningRate'],
    ['a negative decay', { weightDecay: -1 }, 'PARAM_RANGE', 'weightDecay'],
    [
      'defaults with a parameter',
      { method: 'triplet', params: { margin: 0.3 }, division: 'PUBLISHED_DEFAULTS' },
      'DIVISION_CONFLICT',
      'params.margin',
    ],
    [
      'defaults with a rate',
      { learningRate: 0.5, division: 'PUBLISHED_DEFAULTS' },
      'DIVISION_CONFLICT',
      'learningRate',
    ],
    ['tuning with a rate', { learningRate: 0.5, division: 'PLATFORM_TUNED' }, 'DIVISION_CONFLICT', 'learningRate'],
    [
      'tuning with another layer',
      { slots: { layer: { method: 'gelu' } }, division: 'PLATFORM_TUNED' },
      'DIVISION_CONFLICT',
      'slots.layer',
    ],
    ['a division that is not there', { division: 'BEST' as never }, 'DIVISION_CONFLICT', 'division'],
  ])('refuses %s', (_what, input, code, field) => {
    const error = refusal(input);
    expect(error).toMatchObject({ code, details: { field } });
    expect(error.details.allowed).toBeTruthy();
  });

  it('keeps embedding losses out of classification, with the reason', () => {
    expect(refusal({ method: 'triplet' }, letters)).toMatchObject({ code: 'SLOT_MISMATCH' });
    const reasons = acceptedMethods(letters, 'objective').filter((entry) => !entry.accepted);
    expect(reasons.find(({ method }) => method.key === 'multi-similarity')!.reason).toContain('logits');
    expect(reasons.find(({ method }) => method.key === 'multi-view-cl')!.reason).toContain('views');
    expect(acceptedMethods(letters, 'trainer').every((entry) => entry.reason!.includes('does not accept'))).toBe(true);
  });

  it('has reference rows for every division', () => {
    expect(baselineVariant(retrieval, 'OPEN')).toEqual(baselineVariant(retrieval, 'PUBLISHED_DEFAULTS'));
    expect(untrainedVariant(retrieval).variantHash).not.toBe(baselineVariant(retrieval, 'OPEN').variantHash);
  });
});

describe('validateSeeds', () => {
  it.each([[[]], [[0, 0]], [[-1]], [[0.5]], [[2 ** 31]], [Array.from({ length: 101 }, (_, i) => i)], ['01' as never]])(
    'refuses %j',
    (seeds) => expect(() => validateSeeds(seeds as number[])).toThrow(EvalError),
  );
  it('refuses a million without reading them', () => {
    expect(() => validateSeeds(new Array(1e6))).toThrow(/1000000/);
  });
  it('takes a hundred', () => {
    expect(validateSeeds(Array.from({ length: 100 }, (_, i) => i))).toHaveLength(100);
  });
});
