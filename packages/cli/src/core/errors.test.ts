import { describe, expect, it } from 'vitest';
import { CliError, describeError, exitCodeOf, formatError } from './errors.js';

describe('errors', () => {
  it('become one line with code, field, value and what is allowed', () => {
    const error = new CliError('PARAM_RANGE', 'too big\nby far', {
      field: 'params.gamma',
      value: 99,
      allowed: '0 to 10',
    });
    expect(formatError(describeError(error))).toBe(
      'error PARAM_RANGE: too big by far (field params.gamma, value 99, allowed 0 to 10)',
    );
  });

  it('do not say twice what the message says', () => {
    const error = new CliError('UNKNOWN_METHOD', 'method: no "x"; known are a, b', {
      field: 'method',
      value: 'x',
      allowed: 'a, b',
    });
    expect(formatError(describeError(error))).toBe('error UNKNOWN_METHOD: method: no "x"; known are a, b');
  });

  it('keep NaN readable and long values short', () => {
    expect(describeError(new CliError('PARAM_TYPE', 'm', { value: NaN })).value).toBe('NaN');
    expect(describeError(new CliError('X', 'm', { value: 'y'.repeat(10_000) })).value).toHaveLength(118);
  });

  it('name failures of the system', () => {
    expect(describeError(Object.assign(new Error('no such file'), { code: 'ENOENT' })).code).toBe('FILE_NOT_FOUND');
    expect(describeError(new Error('bug')).code).toBe('INTERNAL');
    expect(describeError('text').message).toBe('text');
  });

  it.each([
    ['USAGE', 2],
    ['UNKNOWN_BENCHMARK', 3],
    ['UNKNOWN_PARAM', 4],
    ['NOT_FOUND', 3],
    ['PARAM_RANGE', 4],
    ['UNAUTHENTICATED', 4],
    ['SERVER_UNREACHABLE', 5],
    ['RECEIPT_INVALID', 1],
    ['A_CODE_OF_A_NEWER_SERVER', 4],
  ])('%s exits with %d', (code, exit) => expect(exitCodeOf(code)).toBe(exit));
});
