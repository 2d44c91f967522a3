import { basename } from 'node:path';
import { SUPER_RESOLUTION_ORIGINALS } from '../images/official-files.js';
import type { Original } from '../images/restoration.js';
import { originalIn, restorationReport } from '../images/restoration.js';
import {
  DATA,
  isOriginal,
  original,
  REVISION,
  SUPER_RESOLUTION_ORACLE,
  SUPER_RESOLUTION_OUTPUTS,
  SUPER_RESOLUTION_RULES,
} from '../images/super-resolution.js';
import type { PredictionProtocol } from '../types.js';

export const definition: PredictionProtocol = {
  key: 'super-resolution',
  version: 1,
  title: 'Single-image super-resolution',
  summary: 'PSNR and SSIM on 8-bit luma of Set5, Set14 and BSD100, as many border pixels left out as the scale says.',
  page: `# Super-resolution

${SUPER_RESOLUTION_RULES} A set that appears must
be complete. Bicubic enlargement comes out at the published 33.64 dB on Set5 ×2.

**VARIANT**: beside Set5 at ×2, ×3 and ×4 the originals are Set14 at ×4 and the first 20 images of BSD100 at ×4, as published with
SelfExSR. Means over all 100 images of BSD100, or over Set14 at other scales, are another benchmark.

## Known disagreements

Luma without rounding gives about .04 dB more; PSNR on RGB, no border, or scikit-image's default SSIM (uniform window) are
other numbers.
`,
  primary: 'psnr_y',
  outputs: SUPER_RESOLUTION_OUTPUTS,
  resampling: 'image',
  oracle: SUPER_RESOLUTION_ORACLE,
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
  datasets: [{ folder: DATA, revision: REVISION, files: SUPER_RESOLUTION_ORIGINALS }],
  ownLabels: true,
  async score({ predictions, labels, dataFolder, progress }) {
    let originals: Original[];
    if (labels.length > 0) {
      const files = labels.flatMap((tree) => tree.files.map((file) => ({ tree, file })));
      originals = files
        .filter(({ file }) => isOriginal(file.name))
        .map(({ tree, file }) =>
          original(tree.kind === 'folder' ? `${basename(tree.path)}/${file.name}` : file.name, () => file.read()),
        );
    } else {
      const folder = dataFolder(DATA);
      originals = Object.keys(SUPER_RESOLUTION_ORIGINALS).map((name) => original(name, originalIn(folder, name)));
    }
    return restorationReport(predictions, originals, progress);
  },
};
