import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { philox } from '@touchstone/losses/meta';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { scorePredictions } from '../score.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-embeddings-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

/** A `.npy` of float64. */
function npy(rows: readonly number[] | readonly (readonly number[])[]): Uint8Array {
  const flat = rows.flat();
  const shape = Array.isArray(rows[0]) ? `(${rows.length}, ${rows[0].length})` : `(${rows.length},)`;
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`;
  const header = text.padEnd(128 - 10 - 1) + '\n';
  const start = Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}`, 'latin1');
  return Buffer.concat([start, Buffer.from(Float64Array.from(flat).buffer)]);
}
const npz = (arrays: Readonly<Record<string, Parameters<typeof npy>[0]>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(arrays).map(([key, value]) => [`${key}.npy`, npy(value)])));

const run = (benchmark: string, predictions: string | string[], labels?: string, env = {}) =>
  scorePredictions({
    benchmark,
    predictions: [predictions].flat(),
    ...(labels ? { labels: [labels] } : {}),
    env: { ...env },
  });

const at = (degrees: number): number[] => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];

describe('metric-learning', () => {
  // On a circle: 0 finds 1 (other class), 2 (own) …
  const angles = [0, 1, 3, 30, 33];
  const labels = [0, 1, 0, 1, 1];
  const embeddings = angles.map(at);

  it('gives the figures of a case worked by hand', async () => {
    const { scores, outcomes, warnings } = await run('metric-learning', file('a.npz', npz({ embeddings, labels })));
    // Rankings: 0: 1 2 3 4; 1: 0 2 3 4; 2: 1 0 3 4; 3: 4 2 1 0; 4: 3 2 1 0.
    expect([...outcomes['recall_at_1']!]).toEqual([0, 0, 0, 1, 1]);
    expect([...outcomes['recall_at_2']!]).toEqual([1, 0, 1, 1, 1]);
    expect(scores['recall_at_4']).toBe(1);
    expect([...outcomes['map_at_r']!]).toEqual([0, 0, 0, 0.5, 0.5]);
    expect([...outcomes['r_precision']!]).toEqual([0, 0, 0, 0.5, 0.5]);
    expect(scores['recall_at_8']).toBe(1);
    expect(scores).not.toHaveProperty('recall_at_10');
    expect(warnings[0]).toContain('10, 20, 30, 40, 100, 1000 left out: only 4 items');
    expect(scores['nmi']).toBeGreaterThan(0);
  });

  it('leaves out the query by position, so that a duplicate of another class stands first', async () => {
    const { outcomes } = await run(
      'metric-learning',
      file('twins.npz', npz({ embeddings: [at(0), at(0), at(0), at(0)], labels: [0, 1, 1, 0] })),
    );
    // Everything ties: 0 sees 1 2 3; 1 sees 0 2 3; 2 sees 0 1 3; 3 sees 0 1 2.
    expect([...outcomes['recall_at_1']!]).toEqual([0, 0, 0, 1]);
    expect([...outcomes['recall_at_2']!]).toEqual([0, 1, 1, 1]);
  });

  it('splits queries and gallery in either form, and says which queries count', async () => {
    const arrays = {
      query_embeddings: [at(0), at(50)],
      query_labels: [0, 7],
      gallery_embeddings: [at(2), at(1)],
      gallery_labels: [0, 1],
    };
    const apart = await run('metric-learning', file('split.npz', npz(arrays)));
    expect(apart.scores['recall_at_1']).toBe(0);
    expect(apart.scores['recall_at_2']).toBe(1);
    expect(apart.counts).toMatchObject({ queries: 2, 'queries counted': 1, gallery: 2 });
    expect(apart.warnings.at(-1)).toContain('1 queries have no other item');
    const flags = { embeddings: [at(2), at(0), at(1), at(50)], labels: [0, 0, 1, 7], is_query: [0, 1, 0, 1] };
    const flagged = await run('metric-learning', file('flags.npz', npz(flags)));
    expect(flagged.outcomes['recall_at_2']).toEqual(apart.outcomes['recall_at_2']);
  });

  it('reads labels from text, CSV and .npy alike', async () => {
    const predictions = file('bare.npy', npy(embeddings));
    const wanted = (await run('metric-learning', file('b.npz', npz({ embeddings, labels })))).scores;
    for (const given of [
      file('l.npy', npy(labels)),
      file('l.txt', labels.map((label) => `bird ${label}\n`).join('')),
      file('l.csv', `name,label\n${labels.map((label, i) => `${i}.jpg,${label}\n`).join('')}`),
    ])
      expect((await run('metric-learning', predictions, given)).scores).toEqual(wanted);
  });

  it.each([
    ['no labels', { embeddings }, 'one called labels'],
    ['too few labels', { embeddings, labels: [0, 1] }, 'shape (2)'],
    ['labels that are not whole', { embeddings, labels: [0, 1, 0, 1, 0.5] }, '0.5 at element 4'],
    [
      'NaN',
      {
        embeddings: [
          [1, NaN],
          [1, 2],
        ],
        labels: [0, 0],
      },
      'NaN in row 0, column 1',
    ],
    [
      'Inf',
      {
        embeddings: [
          [1, 1],
          [-Infinity, 2],
        ],
        labels: [0, 0],
      },
      '-Infinity in row 1, column 0',
    ],
    ['one dimension', { embeddings: [1, 2], labels: [0, 0] }, 'shape (2)'],
    ['nothing', { embeddings: [], labels: [] }, 'shape (0)'],
    ['a flag that is neither', { embeddings, labels, is_query: [0, 1, 2, 0, 0] }, '2 at element 2'],
    ['no gallery', { embeddings, labels, is_query: [1, 1, 1, 1, 1] }, '5 queries of 5'],
  ])('refuses %s', async (name, arrays, message) => {
    const bad = file(`bad ${name}.npz`, npz(arrays as Record<string, number[]>));
    await expect(run('metric-learning', bad)).rejects.toMatchObject({
      code: 'FILE_MALFORMED',
      message: expect.stringContaining(message) as string,
    });
  });
  it('refuses labels without any pair, and another kind of file', async () => {
    const alone = file('alone.npz', npz({ embeddings: [at(0), at(1)], labels: [0, 1] }));
    await expect(run('metric-learning', alone)).rejects.toMatchObject({ code: 'PARAM_RANGE' });
    await expect(run('metric-learning', file('e.csv', '1,2\n'))).rejects.toMatchObject({ code: 'FILE_MALFORMED' });
  });

  const data = process.env['TOUCHSTONE_DATA'];
  if (!data) console.warn('skipped: official metric-learning labels, TOUCHSTONE_DATA is not set');
  it.skipIf(!data)('takes the labels of CUB-200-2011 and Cars-196 from the data folders', async () => {
    const rng = philox(3, 'official');
    for (const [n, classes] of [
      [5924, 100],
      [8131, 98],
    ] as const) {
      // prettier-ignore
      const noise = file(`${n}.npy`, npy(Array.from({ length: n }, () => [rng.normal(), rng.normal(), rng.normal()])));
      const { counts, scores } = await run('metric-learning', noise, undefined, { TOUCHSTONE_DATA: data });
      expect(counts).toMatchObject({ items: n, classes, queries: n });
      // Chance: one class in about a hundred.
      expect(scores['recall_at_1']).toBeGreaterThan(0.003);
      expect(scores['recall_at_1']).toBeLessThan(0.03);
    }
  });
});

describe('person-reid', () => {
  const base = {
    query_embeddings: [at(0)],
    query_ids: [5],
    query_cameras: [1],
    // In order: same camera (junk), identity −1 (junk), another, right, another, right.
    gallery_embeddings: [1, 2, 3, 4, 5, 6].map(at),
    gallery_ids: [5, -1, 0, 5, 8, 5],
    gallery_cameras: [1, 2, 2, 2, 1, 3],
  };
  it('takes out junk and averages precision at ranks 2 and 4', async () => {
    const { scores, counts } = await run('person-reid', file('reid.npz', npz(base)));
    expect(scores['map']).toBeCloseTo((1 / 2 + 2 / 4) / 2, 14);
    expect(scores['map_trapezoid']).toBeCloseTo(((0 + 1 / 2) / 2 + (1 / 3 + 2 / 4) / 2) / 2, 14);
    expect(scores).toMatchObject({ cmc_1: 0, cmc_5: 1, cmc_10: 1 });
    expect(counts).toMatchObject({ gallery: 5, junk: 1 });
  });
  it('puts equal similarities in the order of the gallery', async () => {
    const same = { ...base, gallery_embeddings: base.gallery_ids.map(() => at(0)) };
    expect((await run('person-reid', file('ties.npz', npz(same)))).scores['map']).toBeCloseTo((1 / 2 + 2 / 4) / 2, 14);
  });
  it('leaves out queries whose only images are by their own camera', async () => {
    const two = { ...base, query_embeddings: [at(0), at(0)], query_ids: [5, 8], query_cameras: [1, 1] };
    const { outcomes, warnings, scores } = await run('person-reid', file('two.npz', npz(two)));
    expect(outcomes['map']![1]).toBeNaN();
    expect(scores['map']).toBeCloseTo(0.5, 14);
    expect(warnings).toHaveLength(1);
  });
  it('takes identities from the labels, and refuses missing ones and negative queries', async () => {
    const { query_embeddings, gallery_embeddings, ...ids } = base;
    const predictions = file('e.npz', npz({ query_embeddings, gallery_embeddings }));
    expect((await run('person-reid', predictions, file('ids.npz', npz(ids)))).scores['cmc_5']).toBe(1);
    await expect(run('person-reid', predictions)).rejects.toThrow('one called query_ids');
    await expect(run('person-reid', file('n.npz', npz({ ...base, query_ids: [-1] })))).rejects.toThrow(
      '-1 at element 0',
    );
    await expect(run('person-reid', file('w.npz', npz({ ...base, query_ids: [77] })))).rejects.toThrow('no query with');
  });
});

describe('image-text-retrieval', () => {
  const images = [0, 100].map(at);
  const captions = [1, 2, 98, 97, 96, 101, 102, 3, 103, 104].map(at);
  it('gives the recalls of a case worked by hand, from embeddings and from similarities', async () => {
    const { scores, warnings } = await run('image-text-retrieval', file('it.npz', npz({ images, captions })));
    // Captions 2, 3, 4 of image 0 lie beside image 1, and caption 7 of image 1 beside image 0.
    expect(scores['image_to_text_recall_at_1']).toBe(1);
    expect(scores['text_to_image_recall_at_1']).toBe(0.6);
    expect(scores['text_to_image_recall_at_5']).toBe(1);
    expect(scores['rsum']).toBeCloseTo(5.6, 14);
    expect(warnings).toEqual([]);
    const similarities = images.map((image) =>
      captions.map((caption) => image[0]! * caption[0]! + image[1]! * caption[1]!),
    );
    expect((await run('image-text-retrieval', file('s.npy', npy(similarities)))).scores).toEqual(scores);
  });
  it('puts equal similarities in the order of the file', async () => {
    const similarities = [Array<number>(10).fill(1), Array<number>(10).fill(1)];
    const { scores, outcomes } = await run('image-text-retrieval', file('t.npy', npy(similarities)));
    expect([...outcomes['image_to_text_recall_at_1']!]).toEqual([1, 0]);
    expect([...outcomes['image_to_text_recall_at_5']!]).toEqual([1, 0]);
    expect(scores['image_to_text_recall_at_10']).toBe(1);
    expect(scores['text_to_image_recall_at_1']).toBe(0.5);
  });
  it('takes any number of captions an image from caption_image, with a warning', async () => {
    const owner = file('owner.npy', npy([0, 0, 1, 1, 1, 1, 1, 0, 1, 1].slice(0, 9)));
    const predictions = file('nine.npz', npz({ images, captions: captions.slice(0, 9) }));
    const { scores, warnings } = await run('image-text-retrieval', predictions, owner);
    expect(scores['rsum']).toBe(6);
    expect(warnings[0]).toContain('9 captions for 2 images');
    await expect(run('image-text-retrieval', predictions)).rejects.toThrow('9 captions for 2 images');
    const bare = file('bare-image.npy', npy(Array<number>(9).fill(0)));
    await expect(run('image-text-retrieval', predictions, bare)).rejects.toThrow('image 1 without a caption');
  });
});

describe('face-verification', () => {
  const pairs = file('pairs.txt', '2\t1\nA\t1\t2\nA\t1\tB\t1\nC\t1\t2\nB\t1\tC\t1\n');
  it('scores similarities as text, CSV and .npy', async () => {
    for (const given of [
      file('s.txt', '0.9\n0.1\n0.8\n0.2\n'),
      file('s.csv', 'pair,similarity\n1,0.9\n2,0.1\n3,0.8\n4,0.2\n'),
      file('sims.npy', npy([0.9, 0.1, 0.8, 0.2])),
    ]) {
      const { scores, warnings, units } = await run('face-verification', given, pairs);
      expect(scores).toEqual({ accuracy: 1, accuracy_std: 0, accuracy_standard_error: 0, eer: 0, auc: 1 });
      expect(warnings[0]).toContain('2 different pairs are too few');
      expect(units).toEqual(['fold 1', 'fold 2']);
    }
  });
  it('computes cosines from embeddings by name', async () => {
    const embedding: Record<string, number[]> = {
      A_0001: at(0),
      A_0002: at(10),
      B_0001: at(80),
      C_0001: at(170),
      C_0002: at(160),
    };
    const lines = Object.entries(embedding).map(
      ([name, values]) => `${JSON.stringify({ name: `${name.slice(0, 1)}/${name}.jpg`, embedding: values })}\n`,
    );
    const { scores } = await run('face-verification', file('e.jsonl', lines.join('')), pairs);
    expect(scores['auc']).toBe(1);
    const both = [
      file('faces.npy', npy(Object.values(embedding))),
      file('faces.txt', `${Object.keys(embedding).join('\n')}\n`),
    ];
    expect((await run('face-verification', both, pairs)).scores).toEqual(scores);
    await expect(run('face-verification', file('e2.jsonl', lines.slice(1).join('')), pairs)).rejects.toThrow(
      'no image A_0001 (pair 1)',
    );
    await expect(run('face-verification', file('e3.jsonl', lines.join('') + lines[0]), pairs)).rejects.toThrow(
      'A_0001 again',
    );
  });
  it.each([
    ['too few', '0.9\n0.1\n', '2 similarities'],
    ['a word', '0.9\nx\n0.1\n0.2\n', 'line 2'],
    ['NaN', '0.9\nNaN\n0.1\n0.2\n', 'line 2'],
    ['nothing', '', 'a column similarity'],
  ])('refuses %s', async (name, text, message) => {
    await expect(run('face-verification', file(`bad ${name}.txt`, text), pairs)).rejects.toMatchObject({
      code: 'FILE_MALFORMED',
      message: expect.stringContaining(message) as string,
    });
  });
});

describe('clustering and category-discovery', () => {
  it('scores a CSV with names', async () => {
    const text = 'cluster,label\nx,cat\nx,cat\nx,dog\ny,dog\ny,dog\nz,cat\n';
    const { scores, counts } = await run('clustering', file('c.csv', text));
    expect(scores['acc']).toBeCloseTo(4 / 6, 14);
    expect(scores['nmi']).toBe(scores['nmi_arithmetic']);
    expect(counts).toEqual({ items: 6, clusters: 3, classes: 2 });
  });
  it('matches once over all items, so an old class can lose its cluster to a new one', async () => {
    // Cluster 0 holds 3 of old class 0 and 4 of new class 9; alone, the old items would all be right.
    const clusters = [0, 0, 0, 0, 0, 0, 0, 1];
    const labels = [0, 0, 0, 9, 9, 9, 9, 1];
    const old = [1, 1, 1, 0, 0, 0, 0, 1];
    const predictions = file('g.npz', npz({ clusters }));
    const { scores, outcomes } = await run('category-discovery', predictions, file('gl.npz', npz({ labels, old })));
    expect(scores).toMatchObject({ acc_all: 5 / 8, acc_old: 1 / 4, acc_new: 1 });
    expect(outcomes['acc_old']![3]).toBeNaN();
  });
  it('leaves out what does not exist, with a warning', async () => {
    const { scores, warnings } = await run('category-discovery', file('o.csv', 'cluster,label,old\n1,1,1\n2,2,true\n'));
    expect(scores).toMatchObject({ acc_all: 1, acc_old: 1 });
    expect(scores).not.toHaveProperty('acc_new');
    expect(warnings[0]).toContain('acc_new is absent');
  });
  it.each([
    ['category-discovery', 'cluster,label,old\n1,1,1\n2,1,0\n', 'class 1 both old and new'],
    ['category-discovery', 'cluster,label,old\n1,1,2\n', 'old = 2 of item 1'],
    ['category-discovery', 'cluster,label\n1,1\n', 'a column old'],
    ['clustering', 'label\n1\n', 'a column cluster'],
    ['clustering', 'cluster,label\n1,\n', 'line 2'],
    ['clustering', 'cluster,label\n', 'no row'],
    ['clustering', '', 'no row'],
  ])('%s refuses %j', async (benchmark, text, message) => {
    await expect(run(benchmark, file('bad.csv', text))).rejects.toMatchObject({
      code: 'FILE_MALFORMED',
      message: expect.stringContaining(message) as string,
    });
  });
  it('refuses clusters that are not as many as labels', async () => {
    await expect(run('clustering', file('p.csv', 'cluster\n1\n2\n'), file('q.csv', 'label\n1\n'))).rejects.toThrow(
      '2 clusters',
    );
  });
});
