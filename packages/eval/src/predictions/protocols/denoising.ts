import { DENOISING_ORIGINALS } from '../images/official-files.js';
import type { Original } from '../images/restoration.js';
import { originalIn, restorationReport, stemOf } from '../images/restoration.js';
import type { PredictionProtocol } from '../types.js';

export const definition: PredictionProtocol = {
  key: 'denoising',
  version: 1,
  title: 'Grey-image denoising',
  summary: 'PSNR and SSIM of denoised Set12 and BSD68 images against the originals, no border left out.',
  page: `# Denoising

Grey 8-bit images, all pixels; \`psnr_y\` and \`ssim_y\` (Gaussian window 11 × 11, deviation 1.5) are means over images. A
set that appears must be complete. The noise (usually σ 15, 25 or 50 of 255) is added by the sender, before any rounding,
and should be named in the submission's note: the protocol sees only the result.

## Known disagreements

Papers differ in whether the noisy image is clipped and rounded to 8 bits first, which costs or gains tenths of a dB.
Results are taken as the 8-bit images that were sent.
`,
  primary: 'psnr_y',
  outputs: [
    { key: 'psnr_y', title: 'PSNR', direction: 'higher', unit: 'dB', range: [0, 200], precision: 0.01 },
    { key: 'ssim_y', title: 'SSIM', direction: 'higher', unit: 'none', range: [-1, 1], precision: 1e-4 },
  ],
  resampling: 'image',
  predictions: [
    {
      name: 'denoised images',
      formats: ['folder of .png', '.zip', '.tar.gz'],
      contents: 'Grey PNGs of the size of the originals, named like them, in folders Set12 and BSD68.',
      example: 'Set12/01.png\nSet12/02.png\nBSD68/test001.png',
    },
  ],
  labels: [
    {
      name: 'originals',
      formats: ['folder of .png', '.zip'],
      contents: 'Clean images, folder by set.',
      example: 'Set12/01.png',
      optional: true,
    },
  ],
  fidelity: 'VARIANT(set and noise as the sender chose)',
  datasets: [{ folder: 'denoise', revision: 'cszn/FFDNet@e787f46', files: DENOISING_ORIGINALS }],
  ownLabels: true,
  async score({ predictions, labels, dataFolder, progress }) {
    const original = (name: string, read: () => Promise<Buffer>): Original => ({
      name: stemOf(name),
      group: (/^([^/]+)\//.exec(name)?.[1] ?? 'images').toLowerCase(),
      border: 0,
      read,
    });
    if (labels.length > 0) {
      const files = labels.flatMap((tree) => tree.files).filter(({ name }) => /\.png$/i.test(name));
      return restorationReport(
        predictions,
        files.map((file) => original(file.name, () => file.read())),
        progress,
      );
    }
    const folder = dataFolder('denoise');
    const names = Object.keys(DENOISING_ORIGINALS);
    return restorationReport(
      predictions,
      names.map((name) => original(name, originalIn(folder, name))),
      progress,
    );
  },
};
