/** What the super-resolution benchmarks share: names, outputs, and the boards of one set at one scale. */
import type { MetricOutput } from '../../core/types.js';
import { EvalError } from '../../core/errors.js';
import type { FileNote, LabelSet, PredictionProtocol } from '../types.js';
import { SUPER_RESOLUTION_ORIGINALS } from './official-files.js';
import { type Original, originalIn, restorationReport, stemOf } from './restoration.js';

/** Scale from names such as image_SRF_2, img_001_SRF_4 or x3. Throws FILE_MALFORMED. */
function scaleOf(name: string): number {
  const found = /(?:SRF_|(?:^|[/_])[xX])([2-8])(?![0-9])/.exec(name)?.[1];
  if (found) return Number(found);
  throw new EvalError('FILE_MALFORMED', `${name}: found no scale in the name, expected SRF_2, x3 or the like`, {
    field: name,
    value: name,
    allowed: 'a scale in the name, e.g. image_SRF_2 or x3',
  });
}

/** A high-resolution image by its path, which begins with the set. Throws FILE_MALFORMED where it names no scale. */
export function original(name: string, read: () => Promise<Buffer>): Original {
  const scale = scaleOf(name);
  const set = /^([^/]+)\//.exec(name)?.[1] ?? 'images';
  return { name: stemOf(name), group: `${set.toLowerCase()}_x${scale}`, border: scale, read };
}

/** PNGs that are no low-resolution input. */
export const isOriginal = (name: string): boolean => /\.png$/i.test(name) && !/_LR\.png$/i.test(name);

export const DATA = 'superres';

export const REVISION = 'SelfExSR@8f6dd8c';

export const SUPER_RESOLUTION_OUTPUTS: readonly MetricOutput[] = [
  { key: 'psnr_y', title: 'PSNR of luma', direction: 'higher', unit: 'dB', range: [0, 200], precision: 0.01 },
  { key: 'ssim_y', title: 'SSIM of luma', direction: 'higher', unit: 'none', range: [-1, 1], precision: 1e-4 },
];

export const SUPER_RESOLUTION_ORACLE = {
  tool: 'published tables of SelfExSR',
  version: 'jbhuang0604/SelfExSR@8f6dd8c',
} as const;

/** The usual rules, for pages. */
export const SUPER_RESOLUTION_RULES = `RGB becomes BT.601 luma in 16 … 235, rounded to 8 bits as MATLAB's \`rgb2ycbcr\` does; as many pixels as the scale are cut on
each side; \`psnr_y\` and \`ssim_y\` (Gaussian window 11 × 11, deviation 1.5) are means over images.`;

export interface ImageSet {
  /** As its folder is called, e.g. `Set5`. */
  readonly set: string;
  readonly scale: number;
  readonly images: number;
}

const predictionsOf = ({ set, scale }: ImageSet): FileNote => ({
  name: 'enlarged images',
  formats: ['folder of .png', '.zip', '.tar.gz'],
  contents:
    'RGB or grey PNGs of the size of the originals, named like them (a last word such as _SR is ignored); every image of the set.',
  example: `${set}/image_SRF_${scale}/img_001_SRF_${scale}_SR.png\n${set}/image_SRF_${scale}/img_002_SRF_${scale}_SR.png`,
});

export const imageSetKey = ({ set, scale }: Pick<ImageSet, 'set' | 'scale'>): string =>
  `super-resolution-${set.toLowerCase()}-x${scale}`;

/** Paths of the originals inside the folder. */
const pathsOf = ({ set, scale, images }: ImageSet): string[] =>
  Array.from({ length: images }, (_, i) => {
    const number = String(i + 1).padStart(3, '0');
    return `${set}/image_SRF_${scale}/img_${number}_SRF_${scale}_HR.png`;
  });

/** With checksums where those of all images are known. */
function labelsOf(images: ImageSet): LabelSet {
  const paths = pathsOf(images);
  const known = paths.flatMap((path) => {
    const sha256 = SUPER_RESOLUTION_ORIGINALS[path];
    return sha256 ? [[path, sha256] as const] : [];
  });
  const folder = { folder: DATA, revision: REVISION };
  return known.length === paths.length
    ? { ...folder, files: Object.fromEntries(known) }
    : { ...folder, supplied: async () => paths };
}

/** The benchmark of one set at one scale, so that all its rows are of the same images. */
export const imageSetProtocol = (images: ImageSet): PredictionProtocol => {
  const { set, scale, images: count } = images;
  return {
    key: imageSetKey(images),
    version: 1,
    title: `${set} ×${scale}, super-resolution`,
    summary: `PSNR and SSIM on 8-bit luma of the ${count} images of ${set}, enlarged ${scale} times, ${scale} border pixels left out.`,
    page: `# ${set} ×${scale}

${SUPER_RESOLUTION_RULES} All ${count} images are scored, against the
originals of the folder \`${DATA}/${set}/image_SRF_${scale}\` (cropped to a multiple of the scale, as SelfExSR published them).

Rows of claim REPORTED are means of published tables: SelfExSR's (Huang, Singh and Ahuja 2015) were computed by the same rules,
but from images that are not here.

## Known disagreements

Luma without rounding gives about .04 dB more; PSNR on RGB, no border, or scikit-image's default SSIM (uniform window) are
other numbers. Originals cropped otherwise, or shrunk by another program than MATLAB, make another benchmark.
`,
    primary: 'psnr_y',
    outputs: SUPER_RESOLUTION_OUTPUTS,
    resampling: 'image',
    oracle: SUPER_RESOLUTION_ORACLE,
    predictions: [predictionsOf(images)],
    labels: [],
    fidelity: 'OFFICIAL',
    datasets: [labelsOf(images)],
    async score({ predictions, dataFolder, progress }) {
      const folder = dataFolder(DATA);
      const originals = pathsOf(images).map((name) => original(name, originalIn(folder, name)));
      return restorationReport(predictions, originals, progress);
    },
  };
};
