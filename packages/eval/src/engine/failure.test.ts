import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sha256 } from '../core/hash.js';
import { benchmarkHash } from '../core/registry.js';
import type { RunRequest, Variant } from '../core/types.js';
import { variantHash } from '../core/variant.js';
import { labelFolder, predictionBenchmark } from '../predictions/records.js';
import type { ForkFailure } from './fork.js';
import { forkRun } from './fork.js';

const root = mkdtempSync(join(tmpdir(), 'touchstone-failure-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const data = join(root, 'labels (private)');
const sent = join(root, 'sent');
mkdirSync(data);
mkdirSync(sent);

async function failureOn(benchmark: string, name: string, content: string): Promise<ForkFailure> {
  const file = join(sent, name);
  writeFileSync(file, content);
  const variant: Variant = {
    components: {},
    space: { learningRate: 0, weightDecay: 0 },
    predictions: { files: [{ name, sha256: sha256(new TextEncoder().encode(content)) }] },
  };
  const request: RunRequest = {
    benchmark: `${benchmark}@1`,
    benchmarkHash: benchmarkHash(predictionBenchmark(benchmark)!.protocol),
    variant,
    variantHash: variantHash(variant),
    seed: 0,
  };
  const env = { ...process.env, TOUCHSTONE_DATA: data, TOUCHSTONE_HOME: join(root, 'home') };
  return (await forkRun(request, { files: [file], env }).promise).failure!;
}

describe('what whoever sent files hears of labels that the worker cannot read', () => {
  it('is not where they were looked for', async () => {
    mkdirSync(join(data, 'superres'));
    const failure = await failureOn('super-resolution-urban100-x2', 'image.png', 'none');
    expect(failure.reason).toBe('DATASET_MISSING');
    expect(failure.message).toMatch(/^\S+ needs superres\/\S+, which is not here; allowed: --labels/);
    expect([failure.message, ...failure.lastLogLines].join('\n')).not.toContain(root);
  });

  const split = labelFolder('kitti_object_sample');
  if (!split) console.warn('skipped: kitti_object_sample is not under TOUCHSTONE_DATA');

  it.skipIf(!split)('is not that his file is bad', async () => {
    await cp(join(split!, 'ImageSets'), join(data, 'kitti_object_sample', 'ImageSets'), { recursive: true });
    const labels = join(data, 'kitti_object', 'label_2');
    mkdirSync(labels, { recursive: true });
    for (const frame of readFileSync(join(split!, 'ImageSets/val.txt'), 'utf8').trim().split(/\s+/))
      writeFileSync(join(labels, `${frame}.txt`), '');
    symlinkSync('000001.txt', join(labels, '999999.txt'));
    const failure = await failureOn('kitti-object', '000001.txt', '');
    expect(failure).toMatchObject({
      reason: 'DATASET_CORRUPT',
      message: 'kitti_object/label_2/999999.txt: found a link, expected regular files and folders',
    });
    expect(failure.lastLogLines.join('\n')).not.toContain(root);
  });
});
