import { describe, expect, it } from 'vitest';
import { localPath } from './local-path';

describe('the way back after signing in', () => {
  it('keeps paths of this site', () => {
    expect(localPath('/submit?benchmark=a&name=b%20c#files', '/')).toBe('/submit?benchmark=a&name=b%20c#files');
  });

  it.each([
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/\t/elsewhere.example',
    '/.//elsewhere.example',
    'https://elsewhere.example',
    'javascript:alert(1)',
    '//',
    '',
    null,
    undefined,
  ])('refuses %j', (given) => {
    expect(localPath(given, '/submissions')).toBe('/submissions');
  });
});
