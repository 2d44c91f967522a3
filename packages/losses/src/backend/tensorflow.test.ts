import nodeUtil from 'node:util';
import { describe, expect, it } from 'vitest';
import { startBackend } from './start.js';
import { restorePredicates, tensorflowPackage } from './tensorflow.js';

describe('predicates that Node 23 took away', () => {
  it('come back where they are missing, and those that are there stay', () => {
    const isString = () => true;
    const bare: Record<string, unknown> = { isString };
    restorePredicates(bare);
    const { isNullOrUndefined, isArray } = bare as Record<string, (value: unknown) => boolean>;
    expect([null, undefined, 0, ''].map((value) => isNullOrUndefined!(value))).toEqual([true, true, false, false]);
    expect(isArray!([])).toBe(true);
    expect(bare['isString']).toBe(isString);
  });

  it('can be put on the module that the packages read', () => {
    restorePredicates(nodeUtil);
    expect((nodeUtil as unknown as { isNullOrUndefined(x: unknown): boolean }).isNullOrUndefined(null)).toBe(true);
  });
});

it.skipIf(tensorflowPackage() !== undefined)('says how to add the package where it is missing', async () => {
  await expect(startBackend('tensorflow')).rejects.toMatchObject({
    code: 'NO_BACKEND',
    message: expect.stringContaining('gpu:install') as string,
  });
});
