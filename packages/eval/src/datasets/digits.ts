import type { DatasetDefinition } from '../core/types.js';

const FILE = 'digits.csv.gz';

/** 8 × 8 images with values 0–16; the writers are contiguous, so random splits leak them. */
export const definition: DatasetDefinition = {
  key: 'digits',
  revision: '1998.1',
  title: "scikit-learn's digits",
  summary:
    '1,797 handwritten digits as 8 × 8 counts from 0 to 16: the test part of UCI Optical Recognition of Handwritten Digits, ' +
    'as distributed with scikit-learn. Its thirteen writers follow one another, so a split must be by contiguous blocks. Values are raw.',
  licence: {
    name: 'CC BY 4.0 (data), BSD-3-Clause (scikit-learn copy)',
    url: 'https://creativecommons.org/licenses/by/4.0/',
    redistributable: true,
    mustAccept: false,
  },
  citation:
    'E. Alpaydin and C. Kaynak. Optical Recognition of Handwritten Digits. UCI Machine Learning Repository, 1998. doi:10.24432/C50P49. ' +
    'F. Pedregosa et al. Scikit-learn: Machine Learning in Python. JMLR 12:2825–2830, 2011.',
  folder: 'digits',
  bundled: true,
  sources: [{ file: FILE, bytes: 264_712, sha256: '6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8' }],
  howToGet: 'Part of Touchstone; a damaged copy is repaired by installing Touchstone again.',
  items: 1_797,
  classes: 10,
  async load(locate) {
    const { readDecompressed } = await import('../readers/compressed.js');
    const { parseLabelledCsv } = await import('../readers/csv.js');
    const table = parseLabelledCsv((await readDecompressed(locate(FILE))).toString('utf8'), FILE, {
      header: false,
      label: 'last',
    });
    return {
      n: table.rows,
      shape: [8, 8],
      features: table.features,
      labels: Int32Array.from(table.labels, Number),
      classNames: Array.from({ length: 10 }, (_, i) => String(i)),
    };
  },
};
