import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FILE_LIMIT, readSubmissionFile } from './submission-file.js';
import { parseValue, readWanted } from './wanted-flags.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-yaml-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (text: string): string => {
  const path = join(folder, 'x.yaml');
  writeFileSync(path, text);
  return path;
};
const refused = (text: string): Promise<string> =>
  readSubmissionFile(file(text)).then(
    () => 'accepted',
    (error: { code: string; details: { field?: string } }) =>
      `${error.code} ${error.details.field ?? ''}`.replace(folder, ''),
  );

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(', ')}]`),
].join('\n');

describe('submission file', () => {
  it('is read with every field', async () => {
    const text = `
benchmark: letter-retrieval
method: multi-similarity
params: { alpha: 2 }
slots: { layer: { method: gelu }, trainer: backprop }
division: OPEN
learningRate: 1e-3
weightDecay: 0
seeds: [0, 1]`;
    expect(await readSubmissionFile(file(text))).toEqual({
      benchmark: 'letter-retrieval',
      method: 'multi-similarity',
      params: { alpha: 2 },
      slots: { layer: { method: 'gelu' }, trainer: { method: 'backprop' } },
      division: 'OPEN',
      learningRate: 0.001,
      weightDecay: 0,
      seeds: [0, 1],
    });
  });

  it.each([
    ['unknown keys', 'benchmark: b\nmehtod: x', 'UNKNOWN_FIELD mehtod'],
    [
      'unknown keys of a slot',
      'benchmark: b\nslots: {layer: {method: gelu, parms: {}}}',
      'UNKNOWN_FIELD slots.layer.parms',
    ],
    ['no benchmark', 'method: x', 'FIELD_MISSING benchmark'],
    ['a list', '- benchmark: b', 'FILE_MALFORMED file'],
    ['nothing', '', 'FILE_MALFORMED file'],
    ['broken YAML', 'benchmark: [', 'FILE_MALFORMED file'],
    ['a key twice', 'benchmark: a\nbenchmark: b', 'FILE_MALFORMED file'],
    ['two documents', 'benchmark: a\n---\nbenchmark: b', 'FILE_MALFORMED file'],
    ['a bomb of aliases', `benchmark: b\nparams:\n${bomb.replace(/^/gm, '  ')}`, 'FILE_MALFORMED file'],
    ['deep nesting', `benchmark: b\nparams: ${'['.repeat(50_000)}`, 'FILE_MALFORMED file'],
    ['NaN', 'benchmark: b\nparams: {gamma: .nan}', 'PARAM_TYPE params.gamma'],
    ['infinity', 'benchmark: b\nlearningRate: .inf', 'FIELD_TYPE learningRate'],
    ['a text for a number', 'benchmark: b\nlearningRate: fast', 'FIELD_TYPE learningRate'],
    ['a number for a name', 'benchmark: 3', 'FIELD_TYPE benchmark'],
    ['a list of parameters', 'benchmark: b\nparams: [1]', 'FIELD_TYPE params'],
    ['another division', 'benchmark: b\ndivision: BEST', 'FIELD_RANGE division'],
    ['a million seeds', 'benchmark: b\nseeds: 1000000', 'SEEDS_RANGE seeds'],
    ['equal seeds', 'benchmark: b\nseeds: [1, 1]', 'SEEDS_RANGE seeds'],
    ['negative seeds', 'benchmark: b\nseeds: [-1]', 'SEEDS_RANGE seeds'],
    ['half seeds', 'benchmark: b\nseeds: 2.5', 'SEEDS_RANGE seeds'],
  ])('refuses %s', async (_name, text, expected) => expect(await refused(text)).toBe(expected));

  it('refuses 5 MB before parsing, and one byte too many', async () => {
    expect(await refused(`benchmark: b\n#${'x'.repeat(5_000_000)}`)).toBe('FILE_TOO_LARGE file');
    const exact = `benchmark: b\n#${'x'.repeat(FILE_LIMIT - 14)}`;
    expect(await refused(exact)).toBe('accepted');
    expect(await refused(`${exact}x`)).toBe('FILE_TOO_LARGE file');
  });

  it('does not reach the prototype', async () => {
    expect(await refused('benchmark: b\n__proto__: {polluted: 1}')).toBe('UNKNOWN_FIELD __proto__');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('says which file is not there', async () => {
    await expect(readSubmissionFile(join(folder, 'absent.yaml'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('flags', () => {
  it.each([
    ['2', 2],
    ['-1.5e-3', -0.0015],
    ['.5', 0.5],
    ['true', true],
    ['null', null],
    ['semi-hard', 'semi-hard'],
    ['1e', '1e'],
    ['', ''],
  ])('%j is %j', (text, value) => expect(parseValue(text)).toBe(value));

  it("win over the file, and another method drops the file's parameters", async () => {
    const path = file('benchmark: b\nmethod: focal\nparams: {gamma: 2}\nseeds: 3');
    expect(await readWanted(path, { param: ['gamma=3'], seeds: '0,4' })).toEqual({
      benchmark: 'b',
      method: 'focal',
      params: { gamma: 3 },
      seeds: [0, 4],
    });
    expect(await readWanted(path, { method: 'comp-sum', param: ['tau=1'] })).toMatchObject({ params: { tau: 1 } });
  });

  it('refuse NaN, and pairs that are none', async () => {
    await expect(readWanted(undefined, { benchmark: 'b', param: ['gamma=NaN'] })).rejects.toMatchObject({
      code: 'PARAM_TYPE',
    });
    await expect(readWanted(undefined, { benchmark: 'b', param: ['gamma'] })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(readWanted(undefined, {})).rejects.toMatchObject({ code: 'USAGE' });
  });
});
