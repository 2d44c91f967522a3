/** Boards of one image set and noise level each. */
import { withFixedLabels } from '../fixed-labels.js';
import { definition as denoising } from '../protocols/denoising.js';
import type { PredictionProtocol } from '../types.js';
import { DENOISING_ORIGINALS } from './official-files.js';
import { originalIn } from './restoration.js';

const SETS = {
  Set12: { images: 12, example: 'Set12/01.png\nSet12/02.png' },
  BSD68: { images: 68, example: 'BSD68/test001.png\nBSD68/test002.png' },
} as const;

export function denoisingOn(set: keyof typeof SETS, sigma: 15 | 25 | 50): PredictionProtocol {
  const { images, example } = SETS[set];
  const files = Object.fromEntries(Object.entries(DENOISING_ORIGINALS).filter(([name]) => name.startsWith(`${set}/`)));
  return withFixedLabels(denoising, {
    key: `denoising-${set.toLowerCase()}-sigma${sigma}`,
    title: `Grey-image denoising: ${set}, σ = ${sigma}`,
    summary: `PSNR and SSIM of the ${images} images of ${set}, denoised of white Gaussian noise of σ = ${sigma}.`,
    intro: `The sender adds white Gaussian noise of standard deviation ${sigma} (of 255), not clipped and not rounded, to the ${images} grey images of ${set}. Files say nothing of the noise they were made from: a row for another level is withdrawn.`,
    dataset: {
      folder: 'denoise',
      revision: 'cszn/FFDNet@e787f46',
      files,
    },
    predictions: [
      {
        name: 'denoised images',
        formats: ['folder of .png', '.zip', '.tar.gz'],
        contents: `All ${images} images as grey PNGs of the size of the originals, named like them.`,
        example,
      },
    ],
    labels: async (folder) => Object.keys(files).map((name) => ({ name, bytes: 0, read: originalIn(folder, name) })),
  });
}
