/** Commands that need no server: their output, their exit codes, and that bad input changes nothing. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkRun } from '@touchstone/eval';
import { benchmarkHash, predictionBenchmark, sha256, type Variant, variantHash } from '@touchstone/eval/meta';
import { afterAll, describe, expect, it } from 'vitest';
import { repository, touchstone as run } from './touchstone.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-cli-'));
const home = join(folder, 'home');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const touchstone = (...args: string[]) => run(args, { env: { TOUCHSTONE_HOME: home } });
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

interface Report {
  benchmark: string;
  version: number;
  variantHash: string;
  runs: {
    seed: number;
    state: string;
    reason: string | null;
    scores: Record<string, number>;
    receipt: { digest: string };
  }[];
  summary: Record<
    string,
    { mean: number; deviation: number | null; low: number | null; high: number | null; n: number }
  >;
}

describe('help', () => {
  it('names every command', async () => {
    const { code, stdout } = await touchstone('--help');
    expect(code).toBe(0);
    const commands =
      'run try init validate list verify verify-receipt rerun data submit watch status logs cancel accept-labels leaderboard compare login start worker db doctor';
    for (const command of commands.split(' ')) expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
  });

  it('costs less than 300 ms of a core once everything is built', async () => {
    await touchstone('--version');
    // Time of the processor, because the clock of a shared machine measures the others too.
    const report =
      "process.on('exit',()=>{const{user,system}=process.cpuUsage();process.stderr.write(`cpu ${user+system}`)})";
    const env = { TOUCHSTONE_HOME: home, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(report)}` };
    const { stderr } = await run(['--help'], { env });
    expect(Number(/cpu (\d+)$/.exec(stderr)?.[1]) / 1000).toBeLessThan(300);
  });

  it.each([
    [['nonsense']],
    [['run', '--nonsense']],
    [['leaderboard']],
    [['run']],
    [[]],
    [['data']],
    [['list', 'nonsense']],
    [['leaderboard', 'x', '--csv', '--json']],
  ])('%j is a usage error', async (args) => expect((await touchstone(...args)).code).toBe(2));
});

describe('run', () => {
  it('prints exactly the documented object with --json, and receipts that verify and re-derive', async () => {
    const { code, stdout, stderr } = await touchstone(
      'run',
      '-b',
      'digits-smoke',
      '-m',
      'focal',
      '-p',
      'gamma=1',
      '--seeds',
      '2',
      '--json',
    );
    expect(code).toBe(0);
    expect(stdout.trimEnd()).not.toContain('\n');
    const report = JSON.parse(stdout) as Report;
    expect(Object.keys(report)).toEqual(['benchmark', 'version', 'variantHash', 'runs', 'summary']);
    expect(report).toMatchObject({ benchmark: 'digits-smoke', version: 1 });
    expect(report.runs.map((each) => Object.keys(each))).toEqual(
      Array(2).fill(['seed', 'state', 'reason', 'scores', 'receipt']),
    );
    expect(report.runs.map(({ seed, state, reason }) => [seed, state, reason])).toEqual([
      [0, 'SUCCEEDED', null],
      [1, 'SUCCEEDED', null],
    ]);
    const [a, b] = report.runs.map(({ scores }) => scores['accuracy'] ?? NaN) as [number, number];
    const { mean, deviation, low, high, n } = report.summary['accuracy'] ?? expect.fail('no accuracy');
    expect(n).toBe(2);
    expect(mean).toBeCloseTo((a + b) / 2, 12);
    expect(deviation).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12);
    // Student's t with one degree of freedom: 12.7062.
    expect((high ?? NaN) - (low ?? NaN)).toBeCloseTo((2 * 12.706204736 * Math.abs(a - b)) / 2, 6);
    expect(stderr).not.toContain('[#');

    const path = file('runs.json', stdout);
    expect(await touchstone('verify-receipt', path)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 passed, 0 failed'),
    });
    const first = file('first.json', JSON.stringify(report.runs[0]?.receipt));
    expect(await touchstone('rerun', first)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('re-derived here: equal'),
    });
    const forged = file('forged.json', stdout.replaceAll(String(a), String(a + 0.001)));
    expect(await touchstone('verify-receipt', forged)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/INVALID[\s\S]*digest/),
    });

    const other = await touchstone('run', '-b', 'digits-smoke', '--seeds', '2', '--json');
    const compared = await touchstone('compare', path, file('other.json', other.stdout), '--json');
    const base = (JSON.parse(other.stdout) as Report).summary['accuracy']?.mean ?? NaN;
    expect((JSON.parse(compared.stdout) as { mean: number }).mean).toBeCloseTo(mean - base, 12);
  });

  it('derives a receipt of scored predictions again, given its files', async () => {
    const log = 'idx\tlabel\tpredict\tradius\tcorrect\n0\t3\t3\t0.378\t1\n20\t7\t-1\t0.0\t0\n';
    const path = file('log.tsv', log);
    const variant: Variant = {
      components: {},
      space: { learningRate: 0, weightDecay: 0 },
      predictions: { files: [{ name: 'log.tsv', sha256: sha256(new TextEncoder().encode(log)) }] },
    };
    const { result } = await forkRun(
      {
        benchmark: 'certified-accuracy@1',
        benchmarkHash: benchmarkHash(predictionBenchmark('certified-accuracy')!.protocol),
        variant,
        variantHash: variantHash(variant),
        seed: 0,
      },
      { files: [path] },
    ).promise;
    const receipt = file('scored.json', JSON.stringify(result!.receipt));
    expect(await touchstone('verify-receipt', receipt)).toMatchObject({ code: 0 });
    expect(await touchstone('rerun', receipt, '--predictions', path)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('re-derived here: equal certified-accuracy@1'),
    });
    const missing = await touchstone('rerun', receipt);
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('--predictions is missing') });
    const other = file('other.tsv', log.replace('0.378', '0.4'));
    const refused = await touchstone('rerun', receipt, '--predictions', other);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(sha256(new TextEncoder().encode(log)));
  });

  it('has no interval for one seed, and a table for people', async () => {
    const { code, stdout, stderr } = await touchstone('run', '-b', 'digits-smoke', '--seeds', '1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^accuracy +0\.\d{4} +– +– +1$/m);
    expect(stderr).toContain('seed 0: succeeded');
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('try is one seed of a tenth, and says that it is never ranked', async () => {
    const { code, stdout } = await touchstone('try', '-b', 'digits-smoke', '-m', 'focal');
    expect(code).toBe(0);
    expect(stdout).toContain('a trial: never ranked');
  });

  it('try differs from a run, so that it cannot be mistaken for one', async () => {
    const trial = await touchstone('try', '-b', 'digits-smoke', '--json');
    const receipt = (JSON.parse(trial.stdout) as { runs: { receipt: { fraction: number } }[] }).runs[0]?.receipt;
    expect(receipt?.fraction).toBe(0.1);
  });
});

describe('init, validate, run', () => {
  it('init writes a file that validate accepts and run runs', async () => {
    const path = join(folder, 'focal.yaml');
    expect((await touchstone('init', 'digits-smoke', '-m', 'focal', '-o', path)).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toContain('gamma: 2');
    const valid = await touchstone('validate', path, '--json');
    const { variantHash, division } = JSON.parse(valid.stdout) as { variantHash: string; division: string };
    expect(division).toBe('PUBLISHED_DEFAULTS');
    const report = JSON.parse((await touchstone('run', path, '--seeds', '1', '--json')).stdout) as Report;
    expect(report.variantHash).toBe(variantHash);
    expect(await touchstone('init', 'digits-smoke', '-o', path)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('FILE_EXISTS'),
    });
  });

  it('init writes a valid file for every benchmark and every method that it accepts', async () => {
    const boards = JSON.parse((await touchstone('list', 'benchmarks', '--track', 'train', '--json')).stdout) as {
      name: string;
    }[];
    expect(boards.length).toBeGreaterThanOrEqual(5);
    for (const { name } of boards) {
      const { stdout } = await touchstone('init', name);
      const uncommented = stdout
        .replace(/^# (slots:| {2}\w+:| {4}method:|division:)/gm, '$1')
        .replace('division: PLATFORM_TUNED', '');
      expect(await run(['validate', '-'], { input: uncommented })).toMatchObject({ code: 0 });
    }
  });
});

describe('list benchmarks', () => {
  interface Listed {
    readonly name: string;
    readonly track: string;
    readonly state: string;
  }
  const list = async (...more: string[]) =>
    JSON.parse((await touchstone('list', 'benchmarks', '--json', ...more)).stdout) as Listed[];

  it('knows both tracks, and shows one of them', async () => {
    const [all, train, predictions] = [
      await list(),
      await list('--track', 'train'),
      await list('--track', 'predictions'),
    ];
    expect(all).toEqual([...train, ...predictions]);
    expect(new Set(train.map(({ track }) => track))).toEqual(new Set(['train']));
    expect(new Set(predictions.map(({ track }) => track))).toEqual(new Set(['predictions']));
    expect(predictions.find(({ name }) => name === 'certified-accuracy@1')?.state).toBe('READY');
    expect(predictions.find(({ name }) => name === 'kitti-tracking@1')?.state).toMatch(
      /^(READY|DATA_MISSING: kitti_tracking under TOUCHSTONE_DATA)$/,
    );
    expect(await touchstone('list', 'benchmarks', '--track', 'both')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('train, predictions'),
    });
  });
});

describe('verify', () => {
  it('judges the conformance vectors and writes the same tree with what it computed', async () => {
    const out = join(folder, 'verified.json');
    const vectors = join(repository, 'tests/conformance/vectors.json');
    const { code, stdout } = await touchstone('verify', vectors, '--json', out);
    expect(stdout).toMatch(/\d+ passed, 0 failed\n$/);
    expect(code).toBe(0);
    const given = JSON.parse(readFileSync(vectors, 'utf8')) as Record<string, object[]>;
    const computed = JSON.parse(readFileSync(out, 'utf8')) as Record<string, { actual?: unknown; status: string }[]>;
    expect(Object.keys(computed)).toEqual(Object.keys(given));
    const compSum = computed['comp-sum'] ?? [];
    expect(compSum.map(({ status }) => status)).toContain('passed');
    for (const result of compSum) expect(result).toHaveProperty('actual');
  });

  it('fails on a wrong number, and says which', async () => {
    const cases = {
      focal: [{ fn: 'focalLoss', params: { gamma: 2 }, inputs: { logits: [[0, 0]], labels: [0] }, expected: 0.5 }],
    };
    const { code, stdout } = await touchstone('verify', file('wrong.json', JSON.stringify(cases)));
    expect(code).toBe(1);
    expect(stdout).toMatch(/failed focal\[0\] focalLoss/);
    expect(stdout).toMatch(/0 passed, 1 failed\n$/);
  });
});

describe('bad input', () => {
  const bomb = `benchmark: digits-smoke\nparams:\n  a: &a [1,1,1,1,1,1,1,1,1]\n  b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n  c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n  d: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`;
  const digits = ['-b', 'digits-smoke'];
  it.each<[string, () => string[], string, number]>([
    ['unknown benchmark', () => ['run', '-b', 'nope'], 'UNKNOWN_BENCHMARK', 3],
    ['unknown version', () => ['run', '-b', 'digits-smoke@99'], 'UNKNOWN_BENCHMARK', 3],
    ['unknown method', () => ['run', ...digits, '-m', 'nope'], 'UNKNOWN_METHOD', 3],
    ['unknown parameter', () => ['run', ...digits, '-m', 'focal', '-p', 'delta=1'], 'UNKNOWN_PARAM', 4],
    ['NaN', () => ['run', ...digits, '-m', 'focal', '-p', 'gamma=NaN'], 'PARAM_TYPE', 4],
    ['text for a number', () => ['run', ...digits, '-m', 'focal', '-p', 'gamma=two'], 'PARAM_TYPE', 4],
    ['out of range', () => ['run', ...digits, '-m', 'focal', '-p', 'gamma=99'], 'PARAM_RANGE', 4],
    ['a slot that the board lacks', () => ['run', ...digits, '--slot', 'solver=relu'], 'SLOT_NOT_ACCEPTED', 4],
    ['a method in the wrong slot', () => ['run', ...digits, '-m', 'triplet'], 'SLOT_MISMATCH', 4],
    [
      'other parameters as published',
      () => ['run', ...digits, '-m', 'focal', '-p', 'gamma=3', '-d', 'PUBLISHED_DEFAULTS'],
      'DIVISION_CONFLICT',
      4,
    ],
    [
      'a rate for a tuned variant',
      () => ['run', ...digits, '-d', 'PLATFORM_TUNED', '--learning-rate', '0.1'],
      'DIVISION_CONFLICT',
      4,
    ],
    ['a million seeds', () => ['run', ...digits, '--seeds', '1000000'], 'SEEDS_RANGE', 4],
    [
      '5 MB of YAML',
      () => ['run', file('big.yaml', `benchmark: digits-smoke\n#${'x'.repeat(5_000_000)}`)],
      'FILE_TOO_LARGE',
      4,
    ],
    ['a bomb of aliases', () => ['validate', file('bomb.yaml', bomb)], 'FILE_MALFORMED', 4],
    ['an unknown key', () => ['run', file('typo.yaml', 'benchmark: digits-smoke\nmehtod: focal')], 'UNKNOWN_FIELD', 4],
    ['no such file', () => ['run', join(folder, 'absent.yaml')], 'FILE_NOT_FOUND', 3],
    ['data that is not here', () => ['run', '-b', 'mnist-5k'], 'DATASET_MISSING', 3],
    ['an unknown dataset', () => ['data', 'pull', 'nope'], 'UNKNOWN_DATASET', 3],
    ['a receipt that is none', () => ['verify-receipt', file('none.json', '{}')], 'RECEIPT_INVALID', 1],
    ['cases that are not JSON', () => ['verify', file('none.txt', 'x')], 'FILE_MALFORMED', 4],
    ['no server', () => ['status', '--url', 'http://127.0.0.1:9'], 'SERVER_UNREACHABLE', 5],
    ['an address that is none', () => ['status', '--url', 'nonsense'], 'USAGE', 2],
    ['no pair', () => ['run', ...digits, '-p', 'gamma'], 'USAGE', 2],
  ])('%s', async (_name, args, code, exit) => {
    const before = existsSync(home) ? readdirSync(home, { recursive: true }).length : 0;
    const plain = await touchstone(...args());
    expect(plain).toMatchObject({ code: exit, stdout: '' });
    expect(plain.stderr).toMatch(new RegExp(`^error ${code}: .+\\n$`));
    if (args()[0] !== 'verify') {
      const json = await touchstone(...args(), '--json');
      expect(json).toMatchObject({ code: exit, stdout: '' });
      expect((JSON.parse(json.stderr) as { error: { code: string } }).error.code).toBe(code);
    }
    expect(existsSync(home) ? readdirSync(home, { recursive: true }).length : 0).toBe(before);
  });
});
