import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import { malformed } from '../errors.js';
import { parseNpy, parseNpz } from '../formats/npy.js';
import { parseScoreLines } from '../formats/sparse.js';
import type { InputFile } from '../input.js';
import { onlyFile } from '../only-file.js';
import { atKOutputs } from '../ranking/outputs.js';
import { ndcgAt, precisionAt, recallAt, topOfDense, topOfSparse } from '../ranking/top-k.js';
import { meansOf } from '../reweighing.js';
import type { PredictionProtocol } from '../types.js';

const KS = [5, 10, 20, 50] as const;
const MOST = KS.at(-1)!;

type Interactions = readonly (readonly number[])[];

async function interactions(folder: string, part: string): Promise<Interactions> {
  const text = gunzipSync(await readFile(join(folder, 'baby/5-core', `${part}.json.gz`))).toString();
  const byUser = JSON.parse(text) as Record<string, number[]>;
  return Array.from({ length: Object.keys(byUser).length }, (_, user) => byUser[user] ?? []);
}

/** The first items of each user that are not among his training items. */
async function rankings(
  file: InputFile,
  items: number,
  train: Interactions,
  tick: (user: number) => void,
): Promise<number[][]> {
  const users = train.length;
  const content = await file.read();
  const ranked = (row: (user: number) => Float64Array): number[][] =>
    train.map((seen, user) => {
      const scores = row(user);
      const bad = scores.findIndex((value) => Number.isNaN(value) || value === Infinity);
      if (bad >= 0)
        throw malformed(file.name, {}, `${scores[bad]} for user ${user}, item ${bad}`, 'finite scores or −Infinity');
      for (const item of seen) scores[item] = -Infinity;
      tick(user);
      return topOfDense(scores, 0, items, MOST);
    });
  if (/\.npz$/i.test(file.name)) {
    const arrays = await parseNpz(content, file.name, ['users', 'items']);
    const [left, right] = [arrays.get('users')!, arrays.get('items')!];
    const width = left.shape[1] ?? 0;
    if (left.shape[0] !== users || right.shape[0] !== items || right.shape[1] !== width)
      throw malformed(
        file.name,
        {},
        `users (${left.shape.join(', ')}), items (${right.shape.join(', ')})`,
        `(${users}, d) and (${items}, d)`,
      );
    return ranked((user) => {
      const scores = new Float64Array(items);
      for (let item = 0; item < items; item++) {
        let total = 0;
        for (let k = 0; k < width; k++) total += left.data[user * width + k]! * right.data[item * width + k]!;
        scores[item] = total;
      }
      return scores;
    });
  }
  if (/\.npy$/i.test(file.name)) {
    const { shape, data } = parseNpy(content, file.name);
    if (shape.length !== 2 || shape[0] !== users || shape[1] !== items)
      throw malformed(file.name, {}, `shape (${shape.join(', ')})`, `(${users}, ${items})`);
    return ranked((user) => Float64Array.from(data.subarray(user * items, (user + 1) * items)));
  }
  const lists = parseScoreLines(content, file.name, items);
  if (lists.rows !== users) throw malformed(file.name, {}, `${lists.rows} lines`, `${users}, one a user`);
  return train.map((seen, user) => {
    const known = new Set(seen);
    tick(user);
    return topOfSparse(lists, user, MOST + known.size)
      .filter((item) => !known.has(item))
      .slice(0, MOST);
  });
}

export const definition: PredictionProtocol = {
  key: 'amazon-baby-recommendation',
  version: 1,
  title: 'Amazon Baby recommendation',
  summary: 'Full ranking of 7,050 items for 19,445 users of the Amazon Baby 5-core split, training items masked.',
  page: `# Amazon Baby, 5-core

The split that LATTICE and MMRec use: 19,445 users, 7,050 items, 119,674 training, 20,559 validation and 20,559 test
interactions. Every item is ranked for every user; the user's training items are taken out, validation items are not.
Equal scores stand in ascending order of the item. \`recall_at_k\` is hits over the user's test items, \`ndcg_at_k\`
discounts by log2(rank + 1) against the best ranking of min(k, test items) hits; both are means over users.

## Known disagreements

Papers that rank against 100 sampled negatives get values many times as high, and other orders of the systems (Krichene
and Rendle 2020). Some mask validation items too. Some divide recall by min(k, test items).
`,
  primary: 'recall_at_20',
  outputs: atKOutputs({ recall: 'Recall', ndcg: 'NDCG', precision: 'Precision' }, KS),
  resampling: 'query',
  predictions: [
    {
      name: 'scores',
      formats: ['.npz', '.npy', 'plain text'],
      contents:
        'users [19445, d] and items [7050, d], scored by inner products; or scores [19445, 7050]; or one line a user of item:score pairs, at least 50 besides training items.',
      example: '5809:0.93 6913:0.51 44:0.08\n12:0.77 4650:0.31',
    },
  ],
  labels: [],
  datasets: ['amazon_recsys'],
  async score({ predictions, dataFolder, progress }) {
    const folder = dataFolder('amazon_recsys');
    const [train, validation, test] = [
      await interactions(folder, 'train'),
      await interactions(folder, 'val'),
      await interactions(folder, 'test'),
    ];
    const items =
      1 + [train, validation, test].flat().reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), 0);
    const tick = (user: number): void => void (user % 500 === 0 && progress(user, train.length, 'users'));
    const ranked = await rankings(onlyFile(predictions, 'predictions'), items, train, tick);
    const outcomes: Record<string, Float64Array> = {};
    for (const k of KS)
      for (const [kind, measure] of [
        ['recall', recallAt],
        ['ndcg', ndcgAt],
        ['precision', precisionAt],
      ] as const)
        outcomes[`${kind}_at_${k}`] = Float64Array.from(test, (wanted, user) =>
          wanted.length === 0 ? NaN : measure(k, ranked[user]!, new Set(wanted)),
        );
    const counted = test.filter(({ length }) => length > 0).length;
    return {
      scores: meansOf(outcomes),
      counts: { users: counted, items, interactions: test.reduce((total, row) => total + row.length, 0) },
      warnings: [],
      outcomes,
    };
  },
};
