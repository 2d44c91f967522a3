import { basename } from 'node:path';
import { EvalError } from '../../core/errors.js';
import { SUPER_RESOLUTION_ORIGINALS } from '../images/official-files.js';
import type { Original } from '../images/restoration.js';
import { originalIn, restorationReport, stemOf } from '../images/restoration.js';
import type { PredictionProtocol } from '../types.js';

/** Scale from names such as image_SRF_2, img_001_SRF_4 or x3. */
function scaleOf(name: string): number {
  const found = /(?:SRF_|(?:^|[/_])[xX])([2-8])(?![0-9])/.exec(name)?.[1];
  if (found) return Number(found);
  throw new EvalError('FILE_MALFORMED', `${name}: found no scale in the name, expected SRF_2, x3 or the like`, {
    field: name,
    value: name,
    allowed: 'a scale in the name, e.g. image_SRF_2 or x3',
  });
}

function original(name: string, read: () => Promise<Buffer>): Original {
  const scale = scaleOf(name);
  const set = /^([^/]+)\//.exec(name)?.[1] ?? 'images';
  return { name: stemOf(name), group: `${set.toLowerCase()}_x${scale}`, border: scale, read };
}

export const definition: PredictionProtocol = {
  key: 'super-resolution',
  version: 1,
  title: 'Single-image super-resolution',
  summary: 'PSNR and SSIM on 8-bit luma of Set5, Set14 and BSD100, as many border pixels left out as the scale says.',
  page: `# Super-resolution

RGB becomes BT.601 luma in 16 … 235, rounded to 8 bits as MATLAB's \`rgb2ycbcr\` does; as many pixels as the scale are cut on
each side; \`psnr_y\` and \`ssim_y\` (Gaussian window 11 × 11, deviation 1.5) are means over images. A set that appears must
be complete. Bicubic enlargement comes out at the published 33.64 dB on Set5 ×2.

**VARIANT**: beside Set5 at ×2, ×3 and ×4 the originals are Set14 at ×4 and the first 20 images of BSD100 at ×4, as published with
SelfExSR. Means over all 100 images of BSD100, or over Set14 at other scales, are another benchmark.

## Known disagreements

Luma without rounding gives about .04 dB more; PSNR on RGB, no border, or scikit-image's default SSIM (uniform window) are
other numbers.
`,
  primary: 'psnr_y',
  outputs: [
    { key: 'psnr_y', title: 'PSNR of luma', direction: 'higher', unit: 'dB', range: [0, 200], precision: 0.01 },
    { key: 'ssim_y', title: 'SSIM of luma', direction: 'higher', unit: 'none', range: [-1, 1], precision: 1e-4 },
  ],
  resampling: 'image',
  oracle: { tool: 'published tables of SelfExSR', version: 'jbhuang0604/SelfExSR@8f6dd8c' },
  predictions: [
    {
      name: 'enlarged images',
      formats: ['folder of .png', '.zip', '.tar.gz'],
      contents:
        'RGB or grey PNGs of the size of the originals, named like them (a last word such as _SR is ignored), in folders like theirs.',
      example: 'Set5/image_SRF_2/img_001_SRF_2_SR.png\nSet5/image_SRF_2/img_002_SRF_2_SR.png',
    },
  ],
  labels: [
    {
      name: 'originals',
      formats: ['folder of .png', '.zip'],
      contents: 'High-resolution images with the scale in their path (x2, SRF_2); those ending in _LR are left out.',
      example: 'Urban100/image_SRF_2/img_001_SRF_2_HR.png',
      optional: true,
    },
  ],
  fidelity: 'VARIANT(Set14 at scale 4 alone; of BSD100 the first 20 images, at scale 4)',
  datasets: [{ folder: 'superres', revision: 'SelfExSR@8f6dd8c', files: SUPER_RESOLUTION_ORIGINALS }],
  ownLabels: true,
  async score({ predictions, labels, dataFolder, progress }) {
    const usable = (name: string): boolean => /\.png$/i.test(name) && !/_LR\.png$/i.test(name);
    let originals: Original[];
    if (labels.length > 0) {
      const files = labels.flatMap((tree) => tree.files.map((file) => ({ tree, file })));
      originals = files
        .filter(({ file }) => usable(file.name))
        .map(({ tree, file }) =>
          original(tree.kind === 'folder' ? `${basename(tree.path)}/${file.name}` : file.name, () => file.read()),
        );
    } else {
      const folder = dataFolder('superres');
      originals = Object.keys(SUPER_RESOLUTION_ORIGINALS).map((name) => original(name, originalIn(folder, name)));
    }
    return restorationReport(predictions, originals, progress);
  },
};
