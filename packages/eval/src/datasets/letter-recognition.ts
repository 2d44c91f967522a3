import type { DatasetDefinition } from '../core/types.js';

const FILE = 'letter-recognition.csv.gz';

/** Sixteen integer attributes 0–15 of images of capital letters in twenty fonts; labels 0 … 25 are A … Z. */
export const definition: DatasetDefinition = {
  key: 'letter-recognition',
  revision: '1991.1',
  title: 'UCI Letter Recognition',
  summary:
    '20,000 distorted capital letters of 20 fonts, each described by 16 integers from 0 to 15 (position, size, moments, edge counts). ' +
    'The order is that of the original file: its authors train on the first 16,000 and test on the last 4,000. Values are raw.',
  licence: {
    name: 'CC BY 4.0',
    url: 'https://creativecommons.org/licenses/by/4.0/',
    redistributable: true,
    mustAccept: false,
  },
  citation:
    'D. J. Slate. Letter Recognition. UCI Machine Learning Repository, 1991. doi:10.24432/C5ZP40. ' +
    'P. W. Frey and D. J. Slate. Letter recognition using Holland-style adaptive classifiers. Machine Learning 6(2):161–182, 1991.',
  folder: 'letter-recognition',
  bundled: true,
  sources: [{ file: FILE, bytes: 752_700, sha256: 'b63c465dbba15552b15f1932b259704e5547c1b5a7a39fd9a15ef94c2ba99114' }],
  howToGet: 'Part of Touchstone; a damaged copy is repaired by installing Touchstone again.',
  items: 20_000,
  classes: 26,
  async load(locate) {
    const { readDecompressed } = await import('../readers/compressed.js');
    const { parseLabelledCsv } = await import('../readers/csv.js');
    const table = parseLabelledCsv((await readDecompressed(locate(FILE))).toString('utf8'), FILE, {
      header: true,
      label: 'first',
    });
    return {
      n: table.rows,
      shape: [table.columns],
      features: table.features,
      labels: Int32Array.from(table.labels, (letter) => letter.charCodeAt(0) - 65),
      classNames: Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i)),
    };
  },
};
