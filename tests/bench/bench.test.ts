/** The benchmark command runs a case and says what it measured; nothing here judges how long anything took. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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

  it.each([
    ['an unknown suite', ['speed'], /no suite "speed"; suites: train-step, objectives, metrics/],
    ['an unknown case', ['metrics', '--case', 'bleu'], /no case "bleu" in metrics; cases: .*\bece\b.*\baurc\b/],
    ['no suite', [], /suites: train-step, objectives, metrics/],
    ['a bad count', ['metrics', '--repeat', '0'], /--repeat: found "0"/],
  ])('refuses %s', { timeout: TIMEOUT }, async (_, args, message) => {
    const { code, stdout, stderr } = await bench(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });
});
