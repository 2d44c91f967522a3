/** Restored images against their originals: what super-resolution and denoising share. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvalError } from '../../core/errors.js';
import { malformed } from '../errors.js';
import { decodePng } from '../formats/png.js';
import type { InputFile, InputTree } from '../input.js';
import { meansOf } from '../reweighing.js';
import type { ScoreContext, ScoreReport } from '../types.js';
import { crop, lumaOf, psnr, ssim } from './luma.js';

export interface Original {
  /** What a prediction's name must end in, e.g. `Set5/image_SRF_2/img_001_SRF_2`, without extension and suffix. */
  readonly name: string;
  /** Set and scale, for the means by group. */
  readonly group: string;
  /** Pixels left out on each side. */
  readonly border: number;
  read(): Promise<Buffer>;
}

/** Names without extension and without a trailing word such as `_HR`, `_SR` or `_bicubic`. */
export const stemOf = (name: string): string => name.replace(/\.png$/i, '').replace(/_[A-Za-z][A-Za-z0-9-]*$/, '');

export async function pngFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => /\.png$/i.test(name))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

export const originalIn = (folder: string, file: string) => (): Promise<Buffer> => readFile(join(folder, file));

/** Pairs every prediction with one original by the longest common tail of its path. Throws FILE_MALFORMED. */
function pairUp(files: readonly InputFile[], originals: readonly Original[]): Map<Original, InputFile> {
  const pairs = new Map<Original, InputFile>();
  for (const file of files) {
    const parts = stemOf(file.name).split('/');
    const base = parts.at(-1)!;
    const candidates = originals.filter(({ name }) => name.split('/').at(-1) === base);
    const shared = (name: string): number => {
      const theirs = name.split('/');
      let n = 0;
      while (n < parts.length && n < theirs.length && parts[parts.length - 1 - n] === theirs[theirs.length - 1 - n])
        n++;
      return n;
    };
    const most = Math.max(0, ...candidates.map(({ name }) => shared(name)));
    const best = candidates.filter(({ name }) => shared(name) === most);
    if (best.length !== 1)
      throw malformed(
        file.name,
        {},
        best.length === 0 ? 'a name that no original has' : `a name that ${best.length} originals have`,
        best.length === 0 ? `names such as ${originals[0]?.name}.png` : `its folder too, e.g. ${best[0]!.name}.png`,
      );
    const original = best[0]!;
    if (pairs.has(original)) throw malformed(file.name, {}, `${original.name} again`, 'each image once');
    pairs.set(original, file);
  }
  return pairs;
}

/**
 * psnr_y and ssim_y over all images, and by group where there are several. Every image of a group that appears must be
 * there. Throws FILE_MALFORMED for names, sizes and images that do not fit.
 */
export async function restorationReport(
  predictions: readonly InputTree[],
  originals: readonly Original[],
  progress: ScoreContext['progress'],
): Promise<ScoreReport> {
  const files = predictions.flatMap((tree) => tree.files).filter(({ name }) => /\.png$/i.test(name));
  if (files.length === 0)
    throw new EvalError('FILE_MALFORMED', 'predictions: no PNG image found', {
      field: 'predictions',
      value: 0,
      allowed: '.png images',
    });
  const pairs = pairUp(files, originals);
  const groups = new Set([...pairs.keys()].map(({ group }) => group));
  const wanted = originals.filter(({ group }) => groups.has(group));
  const absent = wanted.filter((original) => !pairs.has(original));
  if (absent.length > 0)
    throw malformed(
      'predictions',
      {},
      `no image for ${absent
        .slice(0, 3)
        .map(({ name }) => name)
        .join(', ')}`,
      `all ${wanted.length} images of ${[...groups].join(', ')}`,
    );
  const quality = { psnr_y: [] as number[], ssim_y: [] as number[] };
  for (const [i, original] of wanted.entries()) {
    progress(i, wanted.length, 'images');
    const file = pairs.get(original)!;
    const [restored, truth] = [
      decodePng(await file.read(), file.name),
      decodePng(await original.read(), `${original.name}.png`),
    ];
    if (restored.width !== truth.width || restored.height !== truth.height)
      throw malformed(
        file.name,
        {},
        `${restored.width} × ${restored.height} pixels`,
        `${truth.width} × ${truth.height}`,
      );
    const [a, b] = [lumaOf(restored), lumaOf(truth)].map((plane) => crop(plane, original.border)) as [
      ReturnType<typeof crop>,
      ReturnType<typeof crop>,
    ];
    quality.psnr_y.push(psnr(a, b));
    quality.ssim_y.push(ssim(a, b));
  }
  const outcomes: Record<string, Float64Array> = {};
  const warnings: string[] = [];
  for (const [key, values] of Object.entries(quality)) {
    const put = (name: string, counts: (group: string) => boolean): void => {
      const of = values.filter((_, i) => counts(wanted[i]!.group));
      if (of.every(Number.isFinite))
        outcomes[name] = Float64Array.from(values, (value, i) => (counts(wanted[i]!.group) ? value : NaN));
      else
        warnings.push(
          `${name} does not exist: ${of.includes(Infinity) ? 'an image equals its original' : 'an image is below 11 pixels a side'}`,
        );
    };
    put(key, () => true);
    if (groups.size > 1) for (const group of groups) put(`${key}_${group}`, (each) => each === group);
  }
  return {
    scores: meansOf(outcomes),
    counts: { images: wanted.length },
    warnings,
    outcomes,
    units: wanted.map(({ name }) => name),
    groups: wanted.map(({ group }) => group),
  };
}
