import type { DatasetDefinition } from '../core/types.js';

const FILE = 'first50_thumb64.zip';
const ITEMS = 2_889;
const SIDE = 64;

/** Items are ordered by archive path, that is by class and then by file name; label c is the folder of class c + 1. */
export const definition: DatasetDefinition = {
  key: 'cub200-first50-thumb64',
  revision: '2011.1',
  title: 'CUB-200-2011, classes 1–50 at 64 pixels',
  summary:
    '2,889 photographs of the first 50 bird species of Caltech-UCSD Birds 200-2011, scaled to 64 × 64 RGB values from 0 to 255: a proxy of the metric-learning set. ' +
    'Classes 1–25 have 1,402 images, classes 26–50 have 1,487. Values are raw.',
  licence: {
    name: 'non-commercial research and education',
    url: 'https://www.vision.caltech.edu/datasets/cub_200_2011/',
    redistributable: false,
    mustAccept: true,
  },
  citation:
    'C. Wah, S. Branson, P. Welinder, P. Perona and S. Belongie. The Caltech-UCSD Birds-200-2011 Dataset. Technical Report CNS-TR-2011-001, California Institute of Technology, 2011.',
  folder: 'cub200',
  bundled: false,
  sources: [
    { file: FILE, bytes: 7_220_530, sha256: '1e845943c8970a5ef5d0d51bebaa0082ca80e3ff08135c9c09776d3139286921' },
  ],
  howToGet:
    `The archive of thumbnails cannot be redistributed and has no public address: touchstone data import cub200-first50-thumb64 PATH with ${FILE}, ` +
    'or put it into a folder cub200 of a directory that TOUCHSTONE_DATA names. The photographs it was made from: ' +
    'https://data.caltech.edu/records/65de6-vp158/files/CUB_200_2011.tgz (md5 97eceeb196236b17998738112f37df78).',
  items: ITEMS,
  classes: 50,
  async load(locate) {
    const { readFile } = await import('node:fs/promises');
    const { readZip } = await import('../readers/zip.js');
    const { decodeJpegInto } = await import('../readers/jpeg.js');
    const members = await readZip(await readFile(locate(FILE)), FILE, {
      entries: 5_000,
      entryBytes: 100_000,
      totalBytes: 50_000_000,
    });
    const folders = [...new Set(members.map((member) => member.name.split('/')[0]!))].sort();
    const values = SIDE * SIDE * 3;
    const features = new Float32Array(members.length * values);
    members.forEach((member, i) =>
      decodeJpegInto(member.content, `${FILE}/${member.name}`, SIDE, SIDE, features, i * values),
    );
    return {
      n: members.length,
      shape: [SIDE, SIDE, 3],
      features,
      labels: Int32Array.from(members, (member) => folders.indexOf(member.name.split('/')[0]!)),
      classNames: folders.map((folder) => folder.replace(/^\d+\./, '').replaceAll('_', ' ')),
    };
  },
};
