/** The table of operations in float64, against finite differences; backends are held to it in backend/contract.test.ts. */
import { describe, expect, it } from 'vitest';
import { cases, cotangents, expectClose, inFloat64 } from '../../testing/ops-cases.js';
import { finiteDifference } from './finite-difference.js';

describe('float64', () => {
  it.each(cases.filter(({ smooth }) => smooth !== false))('$name: gradient equals finite differences', (given) => {
    const { gradients } = inFloat64(given);
    given.inputs.forEach((input, i) => {
      const scalar = (values: Float64Array): number => {
        const { value } = inFloat64({ ...given, inputs: given.inputs.with(i, { shape: input.shape, values }) });
        const weights = cotangents(value.length);
        return weights.reduce((sum, weight, j) => sum + weight * value[j]!, 0);
      };
      expectClose(gradients[i]!, finiteDifference(scalar, input.values), 1e-8, `gradient ${i}`);
    });
  });

  it.each(cases.filter(({ smooth }) => smooth === false))('$name: value and gradient are finite', (given) => {
    const { value, gradients } = inFloat64(given);
    for (const array of [value, ...gradients]) expect([...Array.from(array)].every(Number.isFinite)).toBe(true);
  });
});
