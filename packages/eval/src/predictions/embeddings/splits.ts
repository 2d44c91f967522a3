/** Official class labels of the metric-learning test sets whose lists the data folders hold. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { malformed } from '../errors.js';
import { parseLines, wholeOf } from '../formats/table.js';
import type { LabelSet } from '../types.js';

export interface OfficialSplit {
  /** The lists that it is read from. */
  readonly labels: LabelSet;
  /** Test images; how the split is recognised. */
  readonly images: number;
  /** The order that embeddings must have. */
  readonly order: string;
  read(folder: string): Promise<number[]>;
}

async function classColumn(folder: string, file: string, first: number): Promise<number[]> {
  return parseLines(await readFile(join(folder, file)), file).flatMap(({ line, text }) => {
    const [, label, ...rest] = text.trim().split(/\s+/);
    if (rest.length > 0) throw malformed(file, { line }, JSON.stringify(text), 'two fields');
    const number = wholeOf(file, line, 'class', label, 1);
    return number >= first ? [number] : [];
  });
}

/** CUB-200-2011 (classes 101–200) and Cars-196 (classes 99–196), the split of Oh Song et al. 2016. */
export const OFFICIAL_SPLITS: readonly OfficialSplit[] = [
  {
    labels: {
      folder: 'cub200',
      revision: 'CUB_200_2011',
      files: { 'image_class_labels.txt': 'e9df8c96d897994a245746fe2c98914b9b31f5342bddc6e8b06bdfbf45e49b02' },
    },
    images: 5924,
    order: 'CUB-200-2011: the 5,924 images of classes 101–200 by image id (images.txt)',
    read: (folder) => classColumn(folder, 'image_class_labels.txt', 101),
  },
  {
    labels: {
      folder: 'cars196',
      revision: 'lists of 8,144 and 8,041 images',
      files: {
        'train.txt': '70340c9ea4dddd978e0bff815878dfda780d7ca23cd3951ab5a4bc123c8576df',
        'test.txt': '7e26d63bffd5fae15052541072c768f62d88a6a3f297220e2af0fe1cf0a7dff4',
      },
    },
    images: 8131,
    order: 'Cars-196: the 8,131 images of classes 99–196, those of train.txt, then those of test.txt, as listed',
    read: async (folder) => [
      ...(await classColumn(folder, 'train.txt', 99)),
      ...(await classColumn(folder, 'test.txt', 99)),
    ],
  },
];
