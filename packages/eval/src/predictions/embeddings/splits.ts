/** Official class labels of the metric-learning test sets whose lists the data folders hold. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { malformed } from '../errors.js';
import { parseLines, wholeOf } from '../formats/table.js';

export interface OfficialSplit {
  /** Folder under TOUCHSTONE_DATA. */
  readonly folder: string;
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
    folder: 'cub200',
    images: 5924,
    order: 'CUB-200-2011: the 5,924 images of classes 101–200 by image id (images.txt)',
    read: (folder) => classColumn(folder, 'image_class_labels.txt', 101),
  },
  {
    folder: 'cars196',
    images: 8131,
    order: 'Cars-196: the 8,131 images of classes 99–196, those of train.txt, then those of test.txt, as listed',
    read: async (folder) => [
      ...(await classColumn(folder, 'train.txt', 99)),
      ...(await classColumn(folder, 'test.txt', 99)),
    ],
  },
];
