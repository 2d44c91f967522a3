import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { sha256 } from '../core/hash.js';
import { receiptDigest, verifyReceipt } from '../core/receipt.js';
import type { Protocol, Receipt } from '../core/types.js';
import { checkLabels } from './labels.js';
import {
  hasOfficialLabels,
  labelFolder,
  labelRevision,
  listPredictionBenchmarks,
  predictionBenchmark,
} from './records.js';
import { getProtocol, scorePredictions } from './score.js';
import type { LabelSet } from './types.js';

const root = mkdtempSync(join(tmpdir(), 'touchstone-labels-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const env = { TOUCHSTONE_DATA: join(root, 'data'), TOUCHSTONE_HOME: join(root, 'home') };
const write = (file: string, content: string | Uint8Array): string => {
  const path = join(root, 'data', file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
};
const digest = (text: string): string => sha256(new TextEncoder().encode(text));
const withLabels = (...datasets: LabelSet[]) => ({ ...getProtocol('cranfield-retrieval'), datasets });
const checked = (...datasets: LabelSet[]) => checkLabels(withLabels(...datasets), env);

describe('official labels', () => {
  it('are refused where a file is another one, naming file, found and expected', async () => {
    write('cranfield/cranqrel', '1 184 2\n');
    const predictions = join(root, 'my.run');
    writeFileSync(predictions, '1 Q0 184 1 12.3 mine\n');
    const expected = predictionBenchmark('cranfield-retrieval')!.protocol.datasets[0]!.sha256[0]!;
    await expect(
      scorePredictions({ benchmark: 'cranfield-retrieval', predictions: [predictions], env }),
    ).rejects.toMatchObject({
      code: 'DATASET_CORRUPT',
      message: `cranfield/cranqrel: found sha256 ${digest('1 184 2\n')}, expected sha256 ${expected}`,
      details: { field: 'cranfield/cranqrel', allowed: `sha256 ${expected}` },
    });
    // Whoever brings judgements of his own needs no official ones.
    const own = join(root, 'qrels');
    writeFileSync(own, '1 184 2\n');
    const report = await scorePredictions({
      benchmark: 'cranfield-retrieval',
      predictions: [predictions],
      labels: [own],
      env,
    });
    expect(report.scores['map']).toBe(1);
    expect(report.datasets).toEqual([]);
  });

  it('are the content, however it is compressed, and every named file must be there', async () => {
    const set = { folder: 'packed', revision: '1', files: { 'a.txt.gz': digest('alpha'), 'b.txt': digest('beta') } };
    write('packed/a.txt.gz', gzipSync('alpha', { level: 1 }));
    const absent = await checked(set);
    expect(() => absent.folder('packed')).toThrow('packed/b.txt: found no such file');
    write('packed/b.txt', 'beta');
    const labels = await checked(set);
    expect(labels.used()).toEqual([]);
    expect(labels.folder('packed')).toBe(join(root, 'data', 'packed'));
    expect(labels.used()).toEqual([{ key: 'packed', revision: '1', sha256: [digest('alpha'), digest('beta')] }]);
    write('packed/a.txt.gz', gzipSync('alpha').subarray(0, 20));
    const damaged = await checked(set);
    expect(() => damaged.folder('packed')).toThrow('packed/a.txt.gz: found damaged content');
    expect(() => labels.folder('nowhere')).toThrow('cranfield-retrieval needs nowhere');
  });

  it('are read once while size and time stand', async () => {
    const set = { folder: 'kept', revision: '1', files: { 'a.txt': digest('alpha') } };
    const path = write('kept/a.txt', 'alpha');
    utimesSync(path, 1000, 1000);
    (await checked(set)).folder('kept');
    // Another content of the same length and time is what the note cannot see.
    writeFileSync(path, 'omega');
    utimesSync(path, 1000, 1000);
    (await checked(set)).folder('kept');
    utimesSync(path, 1000, 2000);
    const again = await checked(set);
    expect(() => again.folder('kept')).toThrow(digest('omega'));
  });

  it('that nobody has published checksums of have one digest of what scoring reads', async () => {
    const set = { folder: 'own', revision: '1', supplied: async () => ['b.txt', 'a.txt'] };
    write('own/a.txt', 'alpha');
    write('own/b.txt', 'beta');
    write('own/c.txt', 'not read');
    const used = async () => {
      const labels = await checked(set);
      labels.folder('own');
      return labels.used()[0]!.sha256;
    };
    const first = [sha256(`${digest('alpha')}  a.txt\n${digest('beta')}  b.txt\n`)];
    expect(await used()).toEqual(first);
    write('own/c.txt', 'still not read');
    expect(await used()).toEqual(first);
    write('own/b.txt', 'gamma');
    expect(await used()).not.toEqual(first);
    rmSync(join(root, 'data', 'own', 'b.txt'));
    await expect(used()).rejects.toMatchObject({ code: 'DATASET_MISSING' });
  });
});

const split = labelFolder('kitti_object_sample');
if (!split) console.warn('skipped: kitti_object_sample is not under TOUCHSTONE_DATA');

describe.skipIf(!split)("labels that only their owner may have (KITTI's)", () => {
  const frames = split ? readFileSync(join(split, 'ImageSets/val.txt'), 'utf8').trim().split('\n') : [];
  const car = 'Car 0.00 0 -1.58 587.01 173.33 614.12 200.12 1.65 1.67 3.64 -0.65 1.71 46.70 -1.59';

  it('are read from their folder, and their digest is told', async () => {
    write('kitti_object_sample/ImageSets/val.txt', readFileSync(join(split!, 'ImageSets/val.txt')));
    const predictions = join(root, 'detections');
    mkdirSync(predictions);
    for (const frame of frames) {
      write(`kitti_object/label_2/${frame.trim()}.txt`, `${car}\n`);
      writeFileSync(join(predictions, `${frame.trim()}.txt`), `${car} 0.9\n`);
    }
    const request = { benchmark: 'kitti-object', predictions: [predictions], env };
    const { scores, datasets } = await scorePredictions(request);
    expect(scores['kitti_ap40_3d_car_moderate']).toBe(100);
    expect(datasets).toMatchObject([{ key: 'kitti_object_sample' }, { key: 'kitti_object' }]);
    expect(datasets[1]!.sha256).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    const digests = async () => {
      const labels = await checkLabels(getProtocol('kitti-object'), env);
      for (const { key } of datasets) labels.folder(key);
      return labels.used();
    };
    // Frames outside the split are of no account; those inside are.
    write('kitti_object/label_2/999999.txt', 'not read');
    expect(await digests()).toEqual(datasets);
    write(`kitti_object/label_2/${frames[0]!.trim()}.txt`, `${car}\n${car.replace('587.01', '387.01')}\n`);
    const changed = await digests();
    expect(changed[0]).toEqual(datasets[0]);
    expect(changed[1]!.sha256).not.toEqual(datasets[1]!.sha256);
    expect(labelRevision(predictionBenchmark('kitti-object')!.protocol, { datasets: changed })).not.toBe(
      labelRevision(predictionBenchmark('kitti-object')!.protocol, { datasets }),
    );
  }, 120_000);
});

describe('records of label sets', () => {
  it('say what differs wherever a page says that the data are a variant, and name checksums', () => {
    for (const { protocol, scoring } of listPredictionBenchmarks()) {
      if (!scoring) continue;
      if (scoring.page.includes('**VARIANT**')) expect(protocol.fidelity, protocol.key).toMatch(/^VARIANT\(.{20,}\)$/);
      if (!hasOfficialLabels(protocol)) expect(protocol.fidelity, protocol.key).toMatch(/^VARIANT\(.+\)$/);
      for (const [i, set] of scoring.datasets.entries())
        expect(protocol.datasets[i]!.sha256).toHaveLength('files' in set ? Object.keys(set.files).length : 0);
    }
    const fidelity = (key: string) => predictionBenchmark(key)!.protocol.fidelity;
    expect(fidelity('eurlex4k')).toContain('rerank-XML');
    expect(fidelity('kitti-tracking-frames-object')).toContain('3,919');
    expect(fidelity('metric-learning')).toContain('VARIANT');
    expect(fidelity('kitti-object')).toBe('OFFICIAL');
  });
});

describe('receipts of scored predictions', () => {
  const receiptOf = (protocol: Protocol, hash: string, datasets: Receipt['datasets']): Receipt => {
    const variant = { components: {}, space: { learningRate: 0, weightDecay: 0 }, predictions: { files: [] } };
    const body = {
      schema: 1 as const,
      benchmark: `${protocol.key}@${protocol.version}`,
      benchmarkHash: hash,
      variant,
      variantHash: sha256('none'),
      datasets,
      code: 'test',
      backend: { name: 'none', version: '0' },
      plan: 'scoring',
      seed: 0,
      tuned: null,
      scores: {},
      environment: { node: 'v0', cpu: 'test', platform: 'test' },
      resources: { wallMs: 0, cpuMs: 0, peakBytes: 0, flops: 0 },
      convergence: 'CONVERGED' as const,
    };
    return { ...body, digest: receiptDigest(body) };
  };
  const lock = JSON.parse(readFileSync(new URL('../../predictions.lock.json', import.meta.url), 'utf8')) as Record<
    string,
    string
  >;
  const problems = (key: string, change: (all: Receipt['datasets']) => Receipt['datasets']) => {
    const { protocol } = predictionBenchmark(key)!;
    const receipt = receiptOf(protocol, lock[`${key}@1`]!, change(protocol.datasets));
    return verifyReceipt(receipt).problems.filter((problem) => problem.startsWith('datasets'));
  };

  it('name the labels of the protocol, and a digest where the protocol cannot know it', () => {
    expect(problems('eurlex4k', (all) => all)).toEqual([]);
    expect(problems('eurlex4k', () => [])).toHaveLength(1);
    expect(problems('eurlex4k', ([set]) => [{ ...set!, sha256: [digest('x')] }])).toHaveLength(1);
    const [split, own] = predictionBenchmark('kitti-object')!.protocol.datasets;
    expect(problems('kitti-object', () => [split!, { ...own!, sha256: [digest('x')] }])).toEqual([]);
    expect(problems('kitti-object', () => [split!, own!])).toHaveLength(1);
    expect(problems('kitti-object', () => [split!, { ...own!, sha256: ['x'] }])).toHaveLength(1);
    expect(problems('kitti-object', () => [split!])).toHaveLength(1);
    // Embeddings with labels of their own touch no official ones; those of one set touch one.
    expect(problems('metric-learning', () => [])).toEqual([]);
    expect(problems('metric-learning', ([, cars]) => [cars!])).toEqual([]);
  });

  it('have one revision for equal labels', () => {
    const { protocol } = predictionBenchmark('kitti-object')!;
    const of = (text: string) =>
      labelRevision(protocol, { datasets: [{ key: 'kitti_object', revision: 'r', sha256: [digest(text)] }] });
    expect(of('x')).toBe(of('x'));
    expect(of('x')).not.toBe(of('y'));
    expect(labelRevision(predictionBenchmark('metric-learning')!.protocol, { datasets: [] })).toBeNull();
  });
});
