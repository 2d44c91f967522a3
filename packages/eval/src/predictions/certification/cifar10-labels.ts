/** Labels of the 500 CIFAR-10 test images on which randomised smoothing is certified, from the logs of Cohen et al. 2019. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabelSet } from '../types.js';
import { readExamples } from './examples.js';

export const EVERY = 20;
export const CERTIFIED_IMAGES = 500;

/** Every log below `folder`/certify/cifar10, as paths with slashes in ascending order. */
export async function certificationLogs(folder: string): Promise<string[]> {
  const root = join(folder, 'certify', 'cifar10');
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
    .sort();
}

/** The log that the labels are read from: all hold the same. */
const SOURCE = 'certify/cifar10/resnet110/noise_0.12/test/sigma_0.12';

export const CERTIFIED_LABELS: LabelSet = {
  folder: 'smoothing_certify_logs',
  revision: 'locuslab/smoothing@78a4d94',
  files: { [SOURCE]: 'a1587fd0f8bdbbe0a75baf2d8a10ffc29f920dbdab2f6d614c0b0af97595c7ee' },
};

/** Label by idx 0, 20, … 9980. Throws FILE_MALFORMED. */
export async function cifar10Labels(folder: string): Promise<ReadonlyMap<string, number>> {
  const content = await readFile(join(folder, SOURCE));
  const { names, labels } = await readExamples({ name: SOURCE, bytes: content.length, read: async () => content });
  return new Map(names.map((name, i) => [name, labels[i]!]));
}
