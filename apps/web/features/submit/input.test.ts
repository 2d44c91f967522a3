import { describe, expect, it } from 'vitest';
import { readFields, toInput } from './input';

describe('the submit form', () => {
  it('reads parameters by name and turns numbers into numbers', () => {
    const fields = readFields(
      Object.entries({
        benchmark: 'letter-retrieval',
        method: 'multi-similarity',
        'param.alpha': ' 2 ',
        'param.beta': '',
        division: 'OPEN',
        learningRate: '1e-3',
      }),
    );
    expect(
      toInput(fields, [
        { name: 'alpha', type: 'number' },
        { name: 'beta', type: 'number' },
      ]),
    ).toEqual({
      benchmark: 'letter-retrieval',
      method: 'multi-similarity',
      params: { alpha: 2 },
      division: 'OPEN',
      learningRate: 0.001,
      weightDecay: null,
    });
  });
  it('passes what is no number on, for the API to refuse by name', () => {
    const fields = readFields(Object.entries({ 'param.alpha': 'much' }));
    expect(toInput(fields, [{ name: 'alpha', type: 'number' }]).params).toEqual({ alpha: 'much' });
  });
});
