/** Every reader gets mutated files: it may refuse them with a typed error, and nothing else. */
import { zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvalError } from '../core/errors.js';
import matFiles from './formats/mat-files.json' with { type: 'json' };
import { parseCocoResults, parseCocoTruth } from './formats/coco.js';
import { parseMat } from './formats/mat.js';
import { parseNpy, parseNpz } from './formats/npy.js';
import { decodePng } from './formats/png.js';
import { parseCsr, parseScoreLines } from './formats/sparse.js';
import { parseJsonLines, parseTable } from './formats/table.js';
import { parseQrels, parseTrecRun } from './formats/trec.js';
import { PNG } from 'pngjs';

const npy = (descr: string, shape: string, data: ArrayBufferView): Buffer => {
  const header = Buffer.from(`{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, header, bytes]);
};
const csr = Buffer.from(
  zipSync({
    'data.npy': npy('<f4', '(3,)', new Float32Array([1, 2, 3])),
    'indices.npy': npy('<i4', '(3,)', new Int32Array([0, 2, 1])),
    'indptr.npy': npy('<i4', '(3,)', new Int32Array([0, 2, 3])),
    'shape.npy': npy('<i8', '(2,)', new BigInt64Array([2n, 3n])),
  }),
);
const truth = Buffer.from(
  '{"images":[{"id":1}],"categories":[{"id":1,"name":"a"}],"annotations":[{"image_id":1,"category_id":1,"bbox":[0,0,4,4],"area":16,"iscrowd":0}]}',
);
const image = ((): Buffer => {
  const png = new PNG({ width: 5, height: 4 });
  png.data.fill(200);
  for (let i = 3; i < png.data.length; i += 4) png.data[i] = 255;
  return PNG.sync.write(png, { colorType: 2 });
})();

const readers: Record<string, { sound: Buffer; read: (content: Buffer) => unknown }> = {
  npy: { sound: npy('<f4', '(2, 2)', new Float32Array([1, 2, 3, 4])), read: (content) => parseNpy(content, 'f') },
  npz: { sound: csr, read: (content) => parseNpz(content, 'f') },
  csr: { sound: csr, read: (content) => parseCsr(content, 'f') },
  'score lines': { sound: Buffer.from('1:0.5 2:0.25\n0:1e3\n'), read: (content) => parseScoreLines(content, 'f', 3) },
  table: { sound: Buffer.from('id,score\n1,"2"\n3,4\n'), read: (content) => parseTable(content, 'f', ['id', 'score']) },
  'json lines': {
    sound: Buffer.from('{"id":1,"answers":["x"]}\n{"id":2}\n'),
    read: (content) => parseJsonLines(content, 'f'),
  },
  run: { sound: Buffer.from('1 Q0 a 1 2.5 r\n1 Q0 b 2 1.5 r\n'), read: (content) => parseTrecRun(content, 'f') },
  qrels: { sound: Buffer.from('1 0 a 1\n1 0 b 0\n'), read: (content) => parseQrels(content, 'f') },
  truth: { sound: truth, read: (content) => parseCocoTruth(content, 'f') },
  results: {
    sound: Buffer.from('[{"image_id":1,"category_id":1,"bbox":[0,0,4,4],"score":0.5}]'),
    read: (content) => parseCocoResults(content, 'f', parseCocoTruth(truth, 't')),
  },
  mat: { sound: Buffer.from(matFiles.plain, 'base64'), read: (content) => parseMat(content, 'f') },
  'compressed mat': { sound: Buffer.from(matFiles.compressed, 'base64'), read: (content) => parseMat(content, 'f') },
  png: { sound: image, read: (content) => decodePng(content, 'f') },
};

interface Edit {
  readonly kind: 'flip' | 'cut' | 'insert' | 'repeat';
  readonly at: number;
  readonly bytes: Uint8Array;
}

const edits = fc.array(
  fc.record<Edit>({
    kind: fc.constantFrom('flip', 'cut', 'insert', 'repeat'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  }),
  { minLength: 1, maxLength: 4 },
);

function mutate(content: Buffer, changes: readonly Edit[]): Buffer {
  let out = content;
  for (const { kind, at, bytes } of changes) {
    const from = Math.floor(at * out.length);
    const [head, tail] = [out.subarray(0, from), out.subarray(from)];
    if (kind === 'cut') out = Buffer.concat([head, tail.subarray(bytes.length)]);
    else if (kind === 'insert') out = Buffer.concat([head, bytes, tail]);
    else if (kind === 'repeat') out = Buffer.concat([head, tail, tail]);
    else out = Buffer.concat([head, bytes, tail.subarray(bytes.length)]);
  }
  return out;
}

describe.each(Object.entries(readers))('%s', (_, { sound, read }) => {
  it('reads the sound file', async () => {
    await expect(Promise.resolve(read(sound))).resolves.toBeDefined();
  });
  it('refuses mutated ones with a typed error or reads them', async () => {
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        try {
          await read(mutate(sound, changes));
        } catch (error) {
          expect(error).toBeInstanceOf(EvalError);
          expect(['FILE_MALFORMED', 'FILE_TOO_LARGE']).toContain((error as EvalError).code);
          expect((error as EvalError).details.field).toBeTruthy();
        }
      }),
      { numRuns: 400 },
    );
  });
});
