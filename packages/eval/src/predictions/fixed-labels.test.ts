import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasOfficialLabels, labelFolder, listPredictionBenchmarks, predictionBenchmark } from './records.js';
import { scorePredictions } from './score.js';

let home: string;
const put = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(home, name);
  await writeFile(path, content);
  return path;
};
const has = (folder: string): boolean => {
  if (labelFolder(folder)) return true;
  console.warn(`skipped: no folder ${folder} in the data directories`);
  return false;
};

/** A `.npy` of float64. */
function npy(values: Float64Array, shape: string): Uint8Array {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117) + '\n';
  const start = Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}`, 'latin1');
  return Buffer.concat([start, Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'touchstone-fixed-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('boards of one official set', () => {
  it.runIf(has('aime'))('score by the official answers, whatever gold came along', async () => {
    const lines = Array.from({ length: 30 }, (_, i) =>
      JSON.stringify({ id: 60 + i, gold: '7', answers: i === 0 ? ['7', '\\boxed{204}'] : ['7', '7'] }),
    );
    const { scores, benchmark } = await scorePredictions({
      benchmark: 'aime24',
      predictions: [await put('cheat.jsonl', lines.join('\n'))],
    });
    expect(benchmark).toBe('aime24@1');
    // 204 is the answer of problem 60, given in one of two samples; no answer is 7.
    expect(scores['pass_at_1']).toBeCloseTo(0.5 / 30, 14);
    expect(scores['pass_at_2']).toBeCloseTo(1 / 30, 14);
  });

  it.runIf(has('aime'))('want every problem', async () => {
    const part = await put('part.jsonl', '{"id": 60, "answers": ["204"]}\n');
    const scored = scorePredictions({ benchmark: 'aime24', predictions: [part] });
    await expect(scored).rejects.toThrow(/29 problems without answers \(61, 62, 63\)/);
  });

  it.runIf(has('cub200'))(
    'rank embeddings by the official classes, whatever labels and queries came along',
    async () => {
      const items = 5924;
      // Of no class: two runs of an angle that has nothing to do with the birds.
      const embeddings = Float64Array.from({ length: 2 * items }, (_, i) => Math.sin(i * i + 1));
      const sent = (n: number) => ({
        'embeddings.npy': npy(embeddings.subarray(0, 2 * n), `(${n}, 2)`),
        'labels.npy': npy(new Float64Array(n), `(${n},)`),
        'is_query.npy': npy(
          Float64Array.from({ length: n }, (_, i) => Number(i === 0)),
          `(${n},)`,
        ),
      });
      const benchmark = 'metric-learning-cub200';
      const { scores, counts } = await scorePredictions({
        benchmark,
        predictions: [await put('cheat.npz', zipSync(sent(items)))],
      });
      expect(counts).toMatchObject({ items, queries: items, classes: 100 });
      // With the one class of the file every neighbour would be right.
      expect(scores['recall_at_1']).toBeLessThan(0.05);
      const fewer = scorePredictions({ benchmark, predictions: [await put('fewer.npz', zipSync(sent(50)))] });
      await expect(fewer).rejects.toThrow(/50 embeddings.*5924/);
    },
  );

  it.runIf(has('denoise'))('want every image of their set and no other', async () => {
    const original = await readFile(join(labelFolder('denoise')!, 'Set12', '01.png'));
    await mkdir(join(home, 'denoised', 'Set12'), { recursive: true });
    await put('denoised/Set12/01.png', original);
    const scored = (benchmark: string) => scorePredictions({ benchmark, predictions: [join(home, 'denoised')] });
    await expect(scored('denoising-set12-sigma25')).rejects.toThrow(/no image for .*all 12 images/);
    await expect(scored('denoising-bsd68-sigma25')).rejects.toThrow(/a name that no original has/);
  });

  it.runIf(has('multi30k'))('decompress references and want as many lines', async () => {
    const one = await put('one.txt', 'Ein Mann.\n');
    const scored = scorePredictions({ benchmark: 'multi30k-en-de-2016', predictions: [one] });
    await expect(scored).rejects.toThrow(/1 lines.*1000 as in task1_raw\/test_2016_flickr\.de/);
  });

  it.runIf(has('beir'))('count a judged query without a result as an empty ranking', async () => {
    const { scores, counts } = await scorePredictions({
      benchmark: 'beir-scifact',
      predictions: [await put('run.txt', '1 Q0 31715818 1 2.5 mine\n')],
    });
    expect(counts['queries']).toBe(300);
    expect(scores['ndcg_cut_10']).toBeCloseTo(1 / 300, 14);
  });

  it('say which folder is missing', async () => {
    const answers = await put('a.jsonl', '{"id": 0, "answers": ["1"]}\n');
    const env = { TOUCHSTONE_DATA: join(home, 'nothing'), TOUCHSTONE_HOME: join(home, 'none') };
    await expect(scorePredictions({ benchmark: 'aime25', predictions: [answers], env })).rejects.toThrow(
      /aime25 needs aime, which is not here/,
    );
  });
});

describe('ranking', () => {
  it('is kept to boards on which all rows are of the same data', () => {
    const ranked = listPredictionBenchmarks().filter(({ protocol }) => hasOfficialLabels(protocol));
    const keys = ranked.map(({ protocol }) => protocol.key);
    for (const key of ['aime24', 'multi30k-en-de-2016', 'denoising-set12-sigma25', 'cranfield-retrieval', 'uci-yacht'])
      expect(keys).toContain(key);
    for (const key of ['metric-learning', 'super-resolution', 'denoising', 'regression', 'fairness', 'math-answers']) {
      expect(keys).not.toContain(key);
      expect(hasOfficialLabels(predictionBenchmark(key)!.protocol)).toBe(false);
    }
  });

  it('never needs labels from the sender', () => {
    const needy = listPredictionBenchmarks().filter(({ scoring }) => scoring?.labels.some(({ optional }) => !optional));
    expect(needy.map(({ protocol }) => protocol.key)).toEqual([]);
  });
});
