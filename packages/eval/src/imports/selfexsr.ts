import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { malformed } from '../predictions/errors.js';
import { type MatMatrix, parseMat } from '../predictions/formats/mat.js';
import { imageSetKey } from '../predictions/images/super-resolution.js';
import type { ImportSource, ReportedRow } from './types.js';

/** In the order of the columns, which the program that wrote the tables (sr_quant_eval.m) fixes; the file names none. */
const METHODS = [
  { name: 'Bicubic', of: 'MATLAB imresize' },
  { name: 'ScSR', of: 'Yang, Wright, Huang, Ma, IEEE TIP 2010' },
  { name: 'Kim', of: 'Kim, Kwon, IEEE TPAMI 2010' },
  { name: 'Sub-band', of: 'Singh, Ahuja, ACCV 2014' },
  { name: 'Glasner', of: 'Glasner, Bagon, Irani, ICCV 2009, as implemented by the authors of SelfExSR' },
  { name: 'SRCNN', of: 'Dong, Loy, He, Tang, ECCV 2014' },
  { name: 'A+', of: 'Timofte, De Smet, Van Gool, ACCV 2014' },
  { name: 'SelfExSR', of: 'Huang, Singh, Ahuja, CVPR 2015' },
] as const;

const SOURCE = {
  title: 'Single Image Super-Resolution from Transformed Self-Exemplars',
  url: 'https://github.com/jbhuang0604/SelfExSR',
  year: 2015,
} as const;

const TABLE = /^result_([A-Za-z0-9]+)_SRF_([2-8])\.mat$/;

function meanOf({ values, rows, columns }: MatMatrix, column: number): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += values[row * columns + column]!;
  return sum / rows;
}

/** Columns that were not computed for a set are zero throughout. */
const isThere = ({ values, rows, columns }: MatMatrix, column: number): boolean =>
  Array.from({ length: rows }, (_, row) => values[row * columns + column]).some((value) => value !== 0);

async function tableRows(folder: string, file: string): Promise<ReportedRow[]> {
  const path = join(folder, file);
  const [, set, scale] = TABLE.exec(file)!;
  const tables = parseMat(await readFile(path), path);
  const table = (name: string): MatMatrix => {
    const found = tables.get(name);
    if (found?.columns !== METHODS.length || found.rows === 0 || found.values.some((value) => !Number.isFinite(value)))
      throw malformed(path, {}, `no table ${name} of ${METHODS.length} columns`, 'the published tables');
    return found;
  };
  const [psnr, ssim] = [table('PSNR_table'), table('SSIM_table')];
  return METHODS.flatMap(({ name, of }, column) =>
    isThere(psnr, column)
      ? [
          {
            claim: 'REPORTED',
            benchmark: imageSetKey({ set: set!, scale: Number(scale) }),
            name,
            scores: [
              { key: 'psnr_y', value: meanOf(psnr, column) },
              { key: 'ssim_y', value: meanOf(ssim, column) },
            ],
            source: { ...SOURCE, note: `Method: ${of}. Means of the ${psnr.rows} images in ${file} (commit 8f6dd8c).` },
          } as const,
        ]
      : [],
  );
}

export const selfexsr: ImportSource = {
  key: 'selfexsr',
  title: 'Super-resolution tables of Huang, Singh and Ahuja 2015',
  summary:
    'PSNR and SSIM of up to eight methods on Set5, Set14, BSD100 and Urban100, reported on the boards super-resolution-*; the enlarged images were not published with them.',
  folder: 'superres',
  citation: 'Huang, Singh, Ahuja 2015, SelfExSR, CVPR; jbhuang0604/SelfExSR (8f6dd8c), no licence stated',
  async rows(folder) {
    const tables = join(folder, 'published_results_mat');
    const files = (await readdir(tables)).filter((file) => TABLE.test(file)).sort();
    if (files.length === 0) throw malformed(tables, {}, 'no table', 'result_SET_SRF_SCALE.mat');
    return (await Promise.all(files.map((file) => tableRows(tables, file)))).flat();
  },
};
