/** Published results from the data folders onto the boards of a server that was started as a person starts it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from './server.js';
import { touchstone } from './touchstone.js';

const data = process.env['TOUCHSTONE_DATA'];
if (!data) console.warn('skipped: import of published results, TOUCHSTONE_DATA is not set');

describe('touchstone import', () => {
  const home = mkdtempSync(join(tmpdir(), 'touchstone-import-'));
  afterAll(() => rmSync(home, { recursive: true }));

  it('explains its sources', async () => {
    const { code, stdout } = await touchstone(['import', '--list']);
    expect(code).toBe(0);
    for (const key of ['certified-logs', 'kitti-pointrcnn', 'robustbench', 'selfexsr', 'uci-published'])
      expect(stdout).toContain(`${key}: `);
    const { stdout: json } = await touchstone(['import', '--list', '--json']);
    expect(JSON.parse(json)).toHaveLength(5);
  });

  it('says where it looked, which sources there are, and that none was named', async () => {
    const env = { TOUCHSTONE_HOME: home, TOUCHSTONE_DATA: join(home, 'data') };
    const absent = await touchstone(['import', 'robustbench'], { env });
    expect(absent.code).toBe(3);
    expect(absent.stderr).toContain('DATASET_MISSING');
    expect(absent.stderr).toContain(join(home, 'data', 'robustbench_model_info'));
    expect(await touchstone(['import', 'imagenet'], { env })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('allowed: certified-logs') as string,
    });
    expect((await touchstone(['import'], { env })).code).toBe(2);
  });
});

interface Row {
  readonly label: string;
  readonly rank: number;
  readonly claim: string;
  readonly mean: number;
  readonly unrankedReason: string | null;
  readonly interval: object | null;
  readonly source: { readonly title: string; readonly url: string } | null;
  readonly summaries: readonly { readonly scoreKey: string; readonly mean: number }[];
}

describe.skipIf(!data)('a server that published results were imported to', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ TOUCHSTONE_DATA: data! });
  }, 300_000);
  afterAll(() => server?.stop());

  const imported = async (source: string, ...more: string[]) => {
    const { code, stdout, stderr } = await touchstone(['import', source, '--json', ...more], {
      env: { TOUCHSTONE_DATA: data!, TOUCHSTONE_URL: server.url, TOUCHSTONE_TOKEN: server.token },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { rows } = JSON.parse(stdout) as { rows: { outcome: string; reason?: string }[] };
    expect(rows.filter(({ reason }) => reason)).toEqual([]);
    const kinds = [...new Set(rows.map(({ outcome }) => outcome))];
    return { rows: rows.length, kinds };
  };

  async function board(benchmark: string): Promise<Row[]> {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: `query ($key: String!) { leaderboard(benchmark: $key, first: 100) { nodes {
          label rank claim mean unrankedReason interval { low } source { title url } summaries { scoreKey mean } } } }`,
        variables: { key: benchmark },
      }),
    });
    return ((await response.json()) as { data: { leaderboard: { nodes: Row[] } } }).data.leaderboard.nodes;
  }
  const scoreOf = (row: Row, key: string): number => row.summaries.find(({ scoreKey }) => scoreKey === key)!.mean;

  it.each([
    ['certified-logs', 4],
    ['selfexsr', 76],
    ['kitti-pointrcnn', 1],
    ['robustbench', 236],
    ['uci-published', 14],
  ])(
    '%s makes its rows once',
    async (source, rows) => {
      expect(await imported(source, '--dry-run')).toEqual({ rows, kinds: ['NEW'] });
      expect(await imported(source)).toEqual({ rows, kinds: ['MADE'] });
      expect(await imported(source)).toEqual({ rows, kinds: ['EXISTING'] });
    },
    180_000,
  );

  it('ranks the certificates by the printed figures', async () => {
    const rows = await board('certified-accuracy-cifar10');
    expect(rows.map(({ rank, claim, mean }) => [rank, claim, mean])).toEqual([
      [1, 'SUBMITTED', 0.6],
      [2, 'SUBMITTED', 0.586],
      [3, 'SUBMITTED', 0.26],
      [4, 'SUBMITTED', 0.096],
    ]);
    expect(rows[0]!.label).toBe('ResNet-110, trained with noise 0.25, σ = 0.25 (Cohen et al. 2019)');
    expect(scoreOf(rows[0]!, 'certified_accuracy_at_0.5')).toBe(0.428);
    expect(scoreOf(rows[0]!, 'certified_accuracy_at_0.75')).toBe(0.266);
  });

  it('has the average precisions of the official kit to four decimals', async () => {
    const { expected } = JSON.parse(
      readFileSync(join(data!, 'kitti_object_official_eval/expected_car.json'), 'utf8'),
    ) as { expected: Record<string, Record<string, number[]>> };
    const [row] = await board('kitti-tracking-frames-object');
    expect(row).toMatchObject({ rank: 1, claim: 'SUBMITTED' });
    const kinds = { car_detection: '2d', car_detection_3d: '3d', car_detection_ground: 'bev' };
    for (const [kind, short] of Object.entries(kinds))
      for (const recall of ['11', '40'])
        for (const [i, level] of ['easy', 'moderate', 'hard'].entries())
          expect(scoreOf(row!, `kitti_ap${recall}_${short}_car_${level}`).toFixed(4)).toBe(
            expected[kind]![`AP${recall}`]![i]!.toFixed(4),
          );
  });

  it('has the printed means of super-resolution, with their source', async () => {
    const rows = await board('super-resolution-set5-x2');
    expect(rows.map(({ label, mean }) => [label, mean.toFixed(2)])).toEqual([
      ['SelfExSR', '36.50'],
      ['SRCNN', '36.28'],
      ['Kim', '36.24'],
      ['ScSR', '35.78'],
      ['Glasner', '35.43'],
      ['Bicubic', '33.64'],
    ]);
    for (const row of rows) {
      expect(row).toMatchObject({ claim: 'REPORTED', interval: null, unrankedReason: null });
      expect(row.source!.url).toBe('https://github.com/jbhuang0604/SelfExSR');
    }
  });

  it("has RobustBench's figures, ranked among themselves, each with its paper", async () => {
    const rows = await board('robustbench-cifar10-linf');
    expect(rows).toHaveLength(99);
    expect(rows.slice(0, 3).map(({ rank, label, mean }) => [rank, label, mean])).toEqual([
      [1, 'Amini2024MeanSparse_S-WRN-94-16', 75.28],
      [2, 'Bartoldson2024Adversarial_WRN-94-16', 73.71],
      [3, 'Amini2024MeanSparse_Ra_WRN_70_16', 72.08],
    ]);
    expect(rows.at(-1)!.mean).toBe(0);
    expect(rows.every(({ claim, source }) => claim === 'REPORTED' && /^https?:/.test(source!.url))).toBe(true);
  });

  it('has the published errors of the UCI splits', async () => {
    const rows = await board('uci-yacht');
    expect(rows.map(({ claim, mean }) => [claim, mean.toFixed(6)])).toEqual([
      ['REPORTED', '0.666275'],
      ['REPORTED', '1.228613'],
    ]);
    expect(scoreOf(rows[0]!, 'nll').toFixed(6)).toBe('1.250148');
  });
});
