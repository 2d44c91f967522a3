import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../core/hash.js';
import { receiptDigest } from '../core/receipt.js';
import { benchmarkHash } from '../core/registry.js';
import type { Receipt, Variant } from '../core/types.js';
import { variantHash } from '../core/variant.js';
import { predictionBenchmark } from '../predictions/records.js';
import { rerunReceipt } from './rerun.js';
import { scoreVariant } from './score-run.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-rerun-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const LOG = 'idx\tlabel\tpredict\tradius\tcorrect\n0\t3\t3\t0.378\t1\n20\t7\t-1\t0.0\t0\n21\t7\t7\t0.2\t1\n';
const path = join(folder, 'log.tsv');

let receipt: Receipt;
beforeAll(async () => {
  writeFileSync(path, LOG);
  const variant: Variant = {
    components: {},
    space: { learningRate: 0, weightDecay: 0 },
    predictions: { files: [{ name: 'log.tsv', sha256: sha256(new TextEncoder().encode(LOG)) }] },
  };
  const request = {
    benchmark: 'certified-accuracy@1',
    benchmarkHash: benchmarkHash(predictionBenchmark('certified-accuracy')!.protocol),
    variant,
    variantHash: variantHash(variant),
    seed: 0,
  };
  ({ receipt } = await scoreVariant(request, [path], {
    onMessage: () => undefined,
    signal: new AbortController().signal,
  }));
});

describe('a receipt of scored predictions', () => {
  it('is derived again from its files, whatever they are called now', async () => {
    expect(receipt.scores['certified_accuracy_at_0.25']).toBeCloseTo(1 / 3, 15);
    expect(await rerunReceipt(receipt, { predictions: [path] })).toMatchObject({ equal: true, differences: [] });
    const other = join(folder, 'renamed.bin');
    renameSync(path, other);
    const unrelated = join(folder, 'unrelated.tsv');
    writeFileSync(unrelated, 'x');
    const { equal, result } = await rerunReceipt(receipt, { predictions: [unrelated, other] });
    expect(equal).toBe(true);
    expect(result.receipt.digest).toBe(receipt.digest);
    renameSync(other, path);
    expect(readdirSync(tmpdir()).filter((name) => /^touchstone-rerun-[^t]/.test(name))).toEqual([]);
  });

  it('is different where a score was changed', async () => {
    const scores = { ...receipt.scores, abstention_rate: receipt.scores['abstention_rate']! + Number.EPSILON };
    const forged = { ...receipt, scores };
    const { equal, differences } = await rerunReceipt(
      { ...forged, digest: receiptDigest(forged) },
      { predictions: [path] },
    );
    expect(equal).toBe(false);
    expect(differences).toEqual([expect.stringMatching(/^scores\.abstention_rate: 0\.33/)]);
  });

  it('needs the very files', async () => {
    const expected = receipt.variant.predictions!.files[0]!.sha256;
    const refused = { code: 'HASH_MISMATCH', message: expect.stringContaining(`SHA-256 ${expected}`) as string };
    await expect(rerunReceipt(receipt)).rejects.toMatchObject(refused);
    const changed = join(folder, 'changed.tsv');
    writeFileSync(changed, LOG.replace('0.378', '0.379'));
    await expect(rerunReceipt(receipt, { predictions: [changed] })).rejects.toMatchObject(refused);
    await expect(rerunReceipt(receipt, { predictions: [join(folder, 'nothing')] })).rejects.toMatchObject({
      code: 'FILE_MALFORMED',
    });
  });

  it('writes nowhere else, whatever names its files have', async () => {
    const victim = join(folder, 'victim.tsv');
    writeFileSync(victim, 'precious');
    const { sha256: content } = receipt.variant.predictions!.files[0]!;
    for (const name of [`../../../../../../../..${victim}`, '..', '.', 'a/b.tsv', 'a\\b.tsv', '']) {
      const variant = { ...receipt.variant, predictions: { files: [{ name, sha256: content }] } };
      const forged = { ...receipt, variant, variantHash: variantHash(variant) };
      await expect(rerunReceipt(forged, { predictions: [path] }), name).rejects.toMatchObject({
        code: 'RECEIPT_INVALID',
        details: { field: 'variant.predictions.files[0].name', value: name },
      });
    }
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });
});
