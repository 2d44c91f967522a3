import { psnr } from '../../predictions/images/luma.js';
import type { MetricPage } from '../types.js';

const flat = (value: number) => ({ width: 12, height: 12, data: new Float64Array(144).fill(value) });

export const definition: MetricPage = {
  key: 'psnr_y',
  title: 'PSNR of luma',
  field: 'image restoration',
  keys: [{ pattern: 'psnr_y', meaning: 'peak signal-to-noise ratio' }],
  summary: 'Ten times the decimal logarithm of 255² over the mean squared error of the grey or luma image, in dB.',
  definition:
    'Super-resolution: RGB becomes BT.601 luma in 16 … 235, rounded to 8 bits as MATLAB’s `rgb2ycbcr` does, and as many pixels as the scale are cut on each side. Denoising: grey images, all pixels. The mean is over images, not over pixels of all images.',
  formula: String.raw`\mathrm{PSNR} = 10\,\log_{10}\frac{255^2}{\frac{1}{|P|}\sum_{p}(x_p - y_p)^2}`,
  resampled: 'Images; the score is their mean.',
  ties: 'None.',
  edges: [
    'An image equal to its original has no PSNR; the score is then absent, with a warning.',
    'A set that appears must be complete, and every image of its original’s size.',
  ],
  oracle: { tool: 'published tables of SelfExSR', version: 'jbhuang0604/SelfExSR@8f6dd8c' },
  parity: [
    {
      path: 'packages/eval/src/predictions/images/images.test.ts',
      data: 'superres',
      figure: 'bicubic on Set5 ×2, ×3, ×4: 33.64, 30.39 and 28.42 dB within .01 dB',
    },
  ],
  disagreements: [
    '**Luma against RGB.** PSNR of RGB is 1 to 2 dB lower for natural images, since errors of luma weigh on all three channels.',
    'Luma that is not rounded to 8 bits gives about .04 dB more; no border cut gives less.',
    'One logarithm of the error of all pixels together is another mean.',
    'Full-range luma (0 … 255, JPEG’s) is not the 16 … 235 of MATLAB: 1.3 dB apart by the factor 219/255.',
    'Whether noisy images are rounded before denoising costs or gains tenths of a dB.',
  ],
  sources: [
    { title: 'Huang, Singh and Ahuja 2015, SelfExSR', url: 'https://github.com/jbhuang0604/SelfExSR' },
    { title: 'ITU-R BT.601', url: 'https://www.itu.int/rec/R-REC-BT.601' },
  ],
  example: {
    given: 'An image that is one grey level off everywhere.',
    working: 'The mean squared error is 1: $10 \\log_{10} 65025 = 48.1308$ dB.',
    results: { psnr_y: 20 * Math.log10(255) },
    compute: () => ({ psnr_y: psnr(flat(7), flat(8)) }),
  },
};
