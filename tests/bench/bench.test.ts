/** The benchmark command runs a case and says what it measured; nothing here judges how long anything took. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { execute } from '../cli/touchstone.js';

const results = mkdtempSync(join(tmpdir(), 'touchstone-bench-'));
afterAll(() => rmSync(results, { recursive: true, force: true }));
const bench = (...args: string[]) => execute(process.execPath, ['bench/run.mjs', ...args, '--results', results]);
// The first call may have to build the packages.
const TIMEOUT = 300_000;

describe('npm run bench', () => {
  it('prints rows and keeps them', { timeout: TIMEOUT }, async () => {
    const { code, stdout, stderr } = await bench('metrics', '--case', 'ece', '--repeat', '1', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const positive = expect.toSatisfy((value: number) => Number.isFinite(value) && value > 0, 'a positive number');
    const row = (implementation: string) =>
      expect.objectContaining({
        ...{ case: 'ece', implementation, repeats: 1, failure: null },
        ...{ cpuMs: positive, wallMs: positive, peakBytes: positive, ratio: positive },
      });
    expect(JSON.parse(stdout)).toEqual([row('touchstone'), row('plain')]);

    const [head, ...lines] = readFileSync(join(results, 'metrics.csv'), 'utf8').trimEnd().split('\n');
    expect(head).toMatch(/^date,version,node,machine,cores,load,backend,case,implementation,/);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(`,${process.version},`);
  });

  it('measures a loss fused, composed and in PyTorch, and draws it', { timeout: TIMEOUT }, async () => {
    const sizes = ['--n', '256,512', '--threads', '1'];
    const { code, stdout, stderr } = await bench('losses', '--case', 'nt-xent', ...sizes, '--repeat', '1', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const rows = JSON.parse(stdout) as Record<string, unknown>[];
    expect(rows.map(({ n, implementation }) => [n, implementation])).toEqual(
      [256, 512].flatMap((n) => ['fused', 'composed', 'pytorch'].map((implementation) => [n, implementation])),
    );
    for (const row of rows) {
      expect(Object.keys(row)).toEqual([
        ...['case', 'implementation', 'n', 'dim', 'threads'],
        ...['cpuMs', 'wallMs', 'peakBytes'],
      ]);
      expect(row).toMatchObject({ case: 'nt-xent', dim: 128, threads: 1 });
      // PyTorch is measured where it is installed, and a row without numbers where it is not.
      if (row['implementation'] === 'pytorch' && row['cpuMs'] === null) continue;
      for (const key of ['cpuMs', 'wallMs', 'peakBytes']) expect(row[key]).toBeGreaterThan(0);
    }
    const head = readFileSync(join(results, 'losses.csv'), 'utf8').split('\n')[0];
    expect(head).toContain(',case,implementation,n,dim,threads,');

    const drawn = await execute(process.execPath, ['bench/plots.mjs', '--results', results, '--out', results]);
    expect({ code: drawn.code, stderr: drawn.stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of ['losses-time', 'losses-memory']) {
      const svg = readFileSync(join(results, 'docs', 'images', `${name}.svg`), 'utf8');
      expect(svg).toMatch(/^<svg [^>]*viewBox/);
      expect(svg.match(/<g class="fused"><polyline class="series"[^>]*points="[\d., ]+"/g)).toHaveLength(1);
      expect(svg).not.toContain('NaN');
    }
    expect(existsSync(join(results, 'apps', 'web', 'features', 'kernels', 'measured.json'))).toBe(true);
  });

  it('refuses a composed form that the heap cannot hold, with the reason', { timeout: TIMEOUT }, async () => {
    const { cases } = (await import(new URL('../../bench/suites/losses.mjs', import.meta.url).href)) as {
      cases: (sizes: object) => { name: string; implementations: { name: string; absent?: string }[] }[];
    };
    const absent = (n: number) =>
      cases({ n: [n], dim: 128, threads: 1 })
        .find(({ name }) => name === 'nt-xent')!
        .implementations.find(({ name }) => name === 'composed')!.absent;
    expect(absent(4096)).toBeUndefined();
    expect(absent(16384)).toMatch(/refused: 10 matrices of 16384 × 16384 need 10\.0 GiB, more than the 4\.0 GiB/);
  });

  it('compares with the usual tools where they are, and says how ours stands', { timeout: TIMEOUT }, async () => {
    const { code, stdout, stderr } = await bench('metrics', '--case', 'hungarian', '--repeat', '1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [title, , ours, theirs, verdict] = stdout.split('\n');
    expect(title).toBe('hungarian: best assignment of 1,000², real values; per assignment, 1 repeats');
    expect(ours).toMatch(/^touchstone +\d/);
    // Where no Python has SciPy there is a row without numbers, with the reason.
    if (theirs!.includes('–  ')) expect(verdict).toContain('no python3 here imports scipy');
    else
      expect(verdict).toMatch(/^ {2}[\d.]+ × scipy in CPU time, [\d.]+ × in wall time; goal at most 2 ×: (met|missed)/);
  });

  it('says whether a goal is met, and why not', async () => {
    const { verdicts } = (await import(new URL('../../bench/lib/report.mjs', import.meta.url).href)) as {
      verdicts: (each: object, rows: readonly object[]) => string;
    };
    const each = {
      why: 'no SIMD',
      implementations: [{}, { name: 'a', goal: 2 }, { name: 'b', goal: 1 }, { name: 'c', goal: 1 }],
    };
    const rows = [
      { ratio: 1, wallRatio: 1 },
      { ratio: 0.25, wallRatio: 0.5 },
      { ratio: 2, wallRatio: 4 },
      { ratio: null, wallRatio: null },
    ];
    expect(verdicts(each, rows)).toBe(
      '  4.00 × a in CPU time, 2.00 × in wall time; goal at most 2 ×: missed: no SIMD\n' +
        '  0.500 × b in CPU time, 0.250 × in wall time; goal at most 1 ×: met\n',
    );
  });

  it('knows a Python without the module', async () => {
    const { pythonWith } = (await import(new URL('../../bench/lib/python.mjs', import.meta.url).href)) as {
      pythonWith: (module: string) => string | null;
    };
    expect(pythonWith('no_such_module_anywhere')).toBeNull();
  });

  it.each([
    ['an unknown suite', ['speed'], /no suite "speed"; suites: losses, train-step, objectives, metrics/],
    ['an unknown case', ['metrics', '--case', 'rouge'], /no case "rouge" in metrics; cases: .*\bece\b.*\baurc\b/],
    ['no suite', [], /suites: losses, train-step, objectives, metrics/],
    ['a bad count', ['metrics', '--repeat', '0'], /--repeat: found "0"/],
    ['an odd size', ['losses', '--n', '100'], /--n: found "100", expected a multiple of 8 from 16/],
    ['full sizes of a suite without', ['losses', '--full'], /losses has one size: --full is not for it/],
    ['sizes of a suite without', ['metrics', '--n', '64'], /metrics has no sizes to choose/],
  ])('refuses %s', { timeout: TIMEOUT }, async (_, args, message) => {
    const { code, stdout, stderr } = await bench(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });
});
