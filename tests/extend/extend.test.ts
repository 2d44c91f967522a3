/** A method, a metric, a dataset and a benchmark are one file or folder each: the guides' own code, in a copy of the repository. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyRepository, repository, runNode } from './copy.js';
import { filesOfGuide, writeFiles } from './guides.js';

const GUIDES = ['add-a-method', 'add-a-metric', 'add-a-dataset', 'add-a-benchmark'] as const;
const CLI =
  'await (await import("./packages/cli/dist/main.js")).main(process.argv.slice(1)).then((c) => (process.exitCode = c))';

let root: string;
let env: Record<string, string>;
const added: string[] = [];

const touchstone = (...args: string[]): string => runNode(root, ['--input-type=module', '-e', CLI, '--', ...args], env);
const json = <T>(...args: string[]): T => JSON.parse(touchstone(...args, '--json')) as T;

beforeAll(() => {
  root = copyRepository();
  env = {
    TOUCHSTONE_HOME: join(root, 'home'),
    TOUCHSTONE_DATA: join(repository, 'tests/extend/fixtures'),
    NO_COLOR: '1',
  };
  for (const guide of GUIDES) {
    const files = filesOfGuide(join(repository, 'docs', `${guide}.md`));
    for (const { path } of files) if (existsSync(join(root, path))) throw new Error(`${path} exists already`);
    writeFiles(root, files);
    added.push(...files.map(({ path }) => path));
  }
  runNode(root, ['tools/gen.mjs']);
  runNode(root, ['node_modules/typescript/bin/tsc', '-b', 'packages/cli']);
}, 300_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('adding one file or folder', () => {
  it('is what the guides do', () => {
    const folders = new Set(added.map((path) => path.replace(/\/(definition|implement)\.ts$|\/page\.md$/, '')));
    expect([...folders].sort()).toEqual([
      'packages/eval/src/benchmarks/rings-classification.ts',
      'packages/eval/src/datasets/rings.ts',
      'packages/eval/src/metrics/balanced-accuracy.ts',
      'packages/losses/src/classification/poly-1',
    ]);
  });

  it('puts each into its registry, pages included', () => {
    const losses = readFileSync(join(root, 'packages/losses/src/registry.generated.ts'), 'utf8');
    expect(losses).toContain('./classification/poly-1/definition.js');
    expect(losses).toContain('# PolyLoss-1');
    const evaluation = readFileSync(join(root, 'packages/eval/src/registry.generated.ts'), 'utf8');
    for (const path of [
      './metrics/balanced-accuracy.js',
      './datasets/rings.js',
      './benchmarks/rings-classification.js',
    ])
      expect(evaluation).toContain(path);
  });

  it.each([
    ['methods', 'poly-1'],
    ['metrics', 'balanced-accuracy'],
    ['datasets', 'rings'],
    ['benchmarks', 'rings-classification'],
  ])('shows it in touchstone list %s', (noun, key) => {
    expect(json<{ key: string }[]>('list', noun).map((row) => row.key)).toContain(key);
  });

  it('finds the data by its folder and calls the board ready', () => {
    const boards = json<{ key: string; state: string }[]>('list', 'benchmarks');
    expect(boards.find(({ key }) => key === 'rings-classification')?.state).toBe('READY');
  });

  it('offers the method on every board whose slot accepts it, the older ones too', () => {
    expect(touchstone('init', 'letter-classification')).toContain('poly-1 (PolyLoss-1)');
    expect(json<{ valid: boolean }>('validate', '-b', 'letter-classification', '-m', 'poly-1').valid).toBe(true);
    expect(() => touchstone('validate', '-b', 'letter-retrieval', '-m', 'poly-1')).toThrow(
      /SLOT_MISMATCH.*needs logits/,
    );
    expect(() => touchstone('validate', '-b', 'rings-classification', '-m', 'poly-1', '-p', 'epsilon=11')).toThrow(
      /PARAM_RANGE/,
    );
  });

  it('trains the method on the benchmark and scores it by the metric', () => {
    const report = json<{
      runs: {
        state: string;
        receipt: { variant: { components: { objective: { method: string; params: object } } } };
      }[];
      summary: Record<string, { mean: number; n: number }>;
    }>('run', '-b', 'rings-classification', '-m', 'poly-1', '--seeds', '2');
    expect(report.runs.map(({ state }) => state)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(report.runs[0]?.receipt.variant.components.objective).toEqual({
      method: 'poly-1',
      version: 1,
      params: { epsilon: 2 },
    });
    expect(report.summary['balanced_accuracy']?.n).toBe(2);
    // Three classes at chance are one third; rings 0.6 apart with a deviation of 0.16 overlap by a few per cent.
    expect(report.summary['balanced_accuracy']?.mean).toBeGreaterThan(0.85);
    expect(report.summary['balanced_accuracy']?.mean).toBeLessThan(1);
  });

  it('lets the verifier call its functions', () => {
    // Two equal logits: p = 1/2, so log 2 + 2 · 1/2.
    const cases = {
      'poly-1': [
        {
          fn: 'poly1',
          params: { epsilon: 2 },
          inputs: { logits: [[3, 3]], labels: [1] },
          expected: Math.LN2 + 1,
          tol: 1e-12,
        },
      ],
    };
    writeFiles(root, [{ path: 'cases.json', content: JSON.stringify(cases) }]);
    expect(touchstone('verify', 'cases.json')).toMatch(/1 passed, 0 failed\n$/);
  });
});
