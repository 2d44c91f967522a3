import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getMethod, listMethods, listPapers, methodPage, parameterSpecs, parseParams } from './meta.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const gen = join(root, 'tools/gen.mjs');

describe('the registry', () => {
  const keys = listMethods().map(({ key }) => key);

  it('is sorted, without doubles, and finds by key', () => {
    expect(keys).toEqual([...new Set(keys)].sort());
    for (const key of keys) expect(getMethod(key).key).toBe(key);
    expect(() => getMethod('no-such-method')).toThrow(expect.objectContaining({ code: 'UNKNOWN_METHOD' }));
  });

  it.each(keys)('%s: complete definition, defaults in range, functions that exist', async (key) => {
    const method = getMethod(key);
    const defaults = parseParams(method);
    expect(Object.keys(defaults)).toEqual(parameterSpecs(method).map(({ name }) => name));
    const { functions } = await method.load();
    expect(Object.keys(functions).sort()).toEqual([...method.functions].sort());
    expect(method.summary.length).toBeGreaterThan(20);
  });

  it('lists each paper once with its methods', () => {
    const papers = listPapers();
    expect(new Set(papers.map(({ key }) => key)).size).toBe(papers.length);
    for (const { methods } of papers) for (const key of methods) expect(keys).toContain(key);
  });

  it('has no page for what does not exist', () => {
    expect(methodPage('no-such-method')).toBe('');
  });
});

it('meta loads neither TensorFlow.js nor anything of Node', () => {
  const [seen, outside] = [new Set<string>(), new Set<string>()];
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, types, specifier] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export) (type )?(?:[^;]*? from )?'([^']+)';/gm,
    )) {
      if (types) continue;
      if (specifier!.startsWith('.')) visit(join(dirname(file), specifier!.replace(/\.js$/, '.ts')));
      else outside.add(specifier!);
    }
  };
  visit(join(dirname(fileURLToPath(import.meta.url)), 'meta.ts'));
  expect(seen.size).toBeGreaterThan(listMethods().length);
  expect([...outside]).toEqual(['zod']);
});

describe('gen', () => {
  let tree: string;
  const run = (...flags: string[]) =>
    spawnSync(process.execPath, [gen, '--root', tree, ...flags], { encoding: 'utf8' });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  };
  const read = (path: string) => readFileSync(join(tree, path), 'utf8');

  beforeAll(() => {
    tree = mkdtempSync(join(tmpdir(), 'touchstone-gen-'));
    cpSync(join(root, 'packages/losses/src/layers'), join(tree, 'packages/losses/src/layers'), { recursive: true });
    mkdirSync(join(tree, 'packages/eval/src'), { recursive: true });
    execFileSync(process.execPath, [gen, '--root', tree]);
  });
  afterAll(() => rmSync(tree, { recursive: true }));

  it('finds what is dropped into a folder, and only that', () => {
    expect(run('--check').status).toBe(0);
    write('packages/losses/src/layers/added/definition.ts', 'export const definition = {};\n');
    write('packages/losses/src/layers/added/page.md', '# A page with `ticks` and ${braces}\n');
    write('packages/eval/src/metrics/added.ts', 'export const definition = {};\n');
    write('packages/eval/src/metrics/added.test.ts', 'export const definition = {};\n');
    write('packages/eval/src/datasets/added-set.ts', 'export const definition = {};\n');
    write('packages/eval/src/benchmarks/added-board.ts', 'export const definition = {};\n');
    write('packages/eval/src/benchmarks/helper.ts', 'export const help = 1;\n');
    const check = run('--check');
    expect(check.status).toBe(1);
    expect(check.stdout.split('\n').filter(Boolean)).toEqual([
      'stale packages/losses/src/registry.generated.ts',
      'stale packages/eval/src/registry.generated.ts',
    ]);
    expect(check.stderr).toMatch(/helper\.ts exports no `definition`/);
    expect(run().status).toBe(0);
    expect(run('--check').status).toBe(0);
    const losses = read('packages/losses/src/registry.generated.ts');
    expect(losses).toContain("from './layers/added/definition.js'");
    expect(losses).toContain(JSON.stringify('# A page with `ticks` and ${braces}\n'));
    const records = read('packages/eval/src/registry.generated.ts');
    for (const path of ['./metrics/added.js', './datasets/added-set.js', './benchmarks/added-board.js'])
      expect(records).toContain(`from '${path}'`);
    expect(records).not.toMatch(/helper|test/);
  });

  it('refuses two methods of one key', () => {
    write('packages/losses/src/other/added/definition.ts', 'export const definition = {};\n');
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr).toMatch(/two records called added/);
    rmSync(join(tree, 'packages/losses/src/other'), { recursive: true });
  });
});
