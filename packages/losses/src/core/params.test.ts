import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LossError } from './errors.js';
import { ordered } from './define.js';
import { allowedValues, parameterSpecs, parseParams } from './params.js';

const definition = {
  key: 'example',
  params: z.strictObject({
    tau: z.number().gt(0).max(10).default(1).meta({ title: 'τ', unit: 'none', source: 'table 1' }),
    k: z.int().min(1).default(5).meta({ description: 'neighbours' }),
    mode: z.enum(['paper', 'code']).default('paper'),
    plus: z.boolean().default(false),
    name: z.string().max(5).default('a'),
    margin: z.number().min(0).nullable().default(null),
  }),
};

describe('parameterSpecs', () => {
  it('derives everything that a form needs from the schema', () => {
    expect(parameterSpecs(definition)).toMatchObject([
      {
        name: 'tau',
        title: 'τ',
        type: 'number',
        default: 1,
        minimum: 0,
        maximum: 10,
        exclusiveMinimum: true,
        exclusiveMaximum: false,
        unit: 'none',
        source: 'table 1',
        nullable: false,
      },
      { name: 'k', title: 'k', type: 'integer', default: 5, minimum: 1, description: 'neighbours' },
      { name: 'mode', type: 'enum', default: 'paper', options: ['paper', 'code'] },
      { name: 'plus', type: 'boolean', default: false },
      { name: 'name', type: 'string', default: 'a' },
      { name: 'margin', type: 'number', default: null, minimum: 0, nullable: true },
    ]);
    expect(parameterSpecs(definition)[1]).not.toHaveProperty('maximum');
  });

  it('says in words what is allowed', () => {
    expect(parameterSpecs(definition).map(allowedValues)).toEqual([
      'a finite number > 0 and ≤ 10',
      'an integer ≥ 1',
      'one of paper, code',
      'true or false',
      'a text',
      'a finite number ≥ 0, or null',
    ]);
  });
});

describe('parseParams', () => {
  it('fills defaults in, so that naming one changes nothing', () => {
    const complete = { tau: 1, k: 5, mode: 'paper', plus: false, name: 'a', margin: null };
    expect(parseParams(definition)).toEqual(complete);
    expect(parseParams(definition, { k: 5, tau: 1 })).toEqual(complete);
    expect(Object.keys(parseParams(definition, { margin: 0.5, tau: 2 }))).toEqual(Object.keys(complete));
  });

  it.each([
    [{ sigma: 1 }, 'UNKNOWN_PARAM', 'sigma', 'tau, k, mode, plus, name, margin'],
    [{ __proto__x: 1 }, 'UNKNOWN_PARAM', '__proto__x', 'tau, k, mode, plus, name, margin'],
    [{ tau: 0 }, 'PARAM_RANGE', 'tau', 'a finite number > 0 and ≤ 10'],
    [{ tau: 10.5 }, 'PARAM_RANGE', 'tau', 'a finite number > 0 and ≤ 10'],
    [{ tau: NaN }, 'PARAM_RANGE', 'tau', 'a finite number > 0 and ≤ 10'],
    [{ tau: Infinity }, 'PARAM_RANGE', 'tau', 'a finite number > 0 and ≤ 10'],
    [{ tau: '1' }, 'PARAM_TYPE', 'tau', 'a finite number > 0 and ≤ 10'],
    [{ tau: null }, 'PARAM_TYPE', 'tau', 'a finite number > 0 and ≤ 10'],
    [{ k: 1.5 }, 'PARAM_RANGE', 'k', 'an integer ≥ 1'],
    [{ mode: 'other' }, 'PARAM_RANGE', 'mode', 'one of paper, code'],
    [{ mode: 1 }, 'PARAM_TYPE', 'mode', 'one of paper, code'],
    [{ plus: 1 }, 'PARAM_TYPE', 'plus', 'true or false'],
    [[], 'PARAM_TYPE', 'params', 'an object of parameters by name'],
    ['tau=1', 'PARAM_TYPE', 'params', 'an object of parameters by name'],
  ])('refuses %j with %s naming %s', (input, code, field, allowed) => {
    try {
      parseParams(definition, input);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(LossError);
      const { message, details } = error as LossError;
      expect((error as LossError).code).toBe(code);
      expect(details).toMatchObject({ field, allowed });
      expect(message).toContain(field);
      expect(message).toContain(allowed);
    }
  });
});

describe('ordered', () => {
  const bound = (fallback: number) => z.number().min(0).max(9).default(fallback);
  const between = (options: { strictly?: boolean }) => ({
    key: 'example',
    params: z.strictObject({ low: bound(1), high: bound(2) }).refine(...ordered('low', 'high', options)),
  });

  it('refuses bounds that cross, defaults included, and says what would fit', () => {
    const message = (given: object, options = {}) => {
      try {
        parseParams(between(options), given);
        return 'accepted';
      } catch (error) {
        return (error as LossError).message;
      }
    };
    expect(message({ low: 3 })).toBe('example: low cannot be 3; allowed: a number ≤ high, which is 2');
    expect(message({ high: 0.5 })).toBe('example: low cannot be 1; allowed: a number ≤ high, which is 0.5');
    expect(message({ low: 2 })).toBe('accepted');
    expect(message({ low: 2 }, { strictly: true })).toBe(
      'example: low cannot be 2; allowed: a number < high, which is 2',
    );
    expect(message({ low: 10 })).toBe('example: low cannot be 10; allowed: a finite number ≥ 0 and ≤ 9');
  });

  it('leaves the fields of the schema readable', () => {
    expect(parameterSpecs(between({})).map(({ name }) => name)).toEqual(['low', 'high']);
  });
});
