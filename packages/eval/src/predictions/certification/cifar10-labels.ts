/** Labels of the 500 CIFAR-10 test images on which randomised smoothing is certified, from the logs of Cohen et al. 2019. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvalError } from '../../core/errors.js';
import { sha256 } from '../../core/hash.js';
import { readExamples } from './examples.js';

export const EVERY = 20;
export const CERTIFIED_IMAGES = 500;
/** Of the 500 labels as bytes, in ascending order of the images. */
const DIGEST = '8e6bf6602db40068d932482ac7afe85c63089194d72b83c04209c36ca4054e61';

/** Every log below `folder`/certify/cifar10, as paths with slashes in ascending order. */
export async function certificationLogs(folder: string): Promise<string[]> {
  const root = join(folder, 'certify', 'cifar10');
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
    .sort();
}

/** Label by idx 0, 20, … 9980. Throws DATASET_CORRUPT where the logs hold other images or labels, FILE_MALFORMED. */
export async function cifar10Labels(folder: string): Promise<ReadonlyMap<string, number>> {
  const [path] = await certificationLogs(folder);
  const corrupt = (found: string): never => {
    throw new EvalError('DATASET_CORRUPT', `${path ?? folder}: found ${found}, expected the logs as published`, {
      field: path ?? folder,
      value: found,
      allowed: `${CERTIFIED_IMAGES} labels with the SHA-256 ${DIGEST}`,
    });
  };
  if (!path) return corrupt('no log');
  const content = await readFile(path);
  const { names, labels } = await readExamples({ name: path, bytes: content.length, read: async () => content });
  if (names.length !== CERTIFIED_IMAGES || names.some((name, i) => name !== String(i * EVERY)))
    return corrupt('other images');
  const digest = sha256(Uint8Array.from(labels));
  if (digest !== DIGEST) return corrupt(`labels with the SHA-256 ${digest}`);
  return new Map(names.map((name, i) => [name, labels[i]!]));
}
