/** Capped reading of zip archives. */
import { crc32 } from 'node:zlib';
import { fromBuffer, type Entry } from 'yauzl';
import { EvalError } from '../core/errors.js';

export interface ZipLimits {
  readonly entries: number;
  readonly entryBytes: number;
  readonly totalBytes: number;
}

export interface ZipMember {
  readonly name: string;
  readonly content: Buffer;
}

/**
 * All regular files of an archive in the order of their names (code units), at most `limits` large.
 * Sizes are checked as declared and as inflated, checksums against the content.
 * Throws DATASET_CORRUPT naming the archive and the member.
 */
export function readZip(archive: Buffer, name: string, limits: ZipLimits): Promise<ZipMember[]> {
  const members: ZipMember[] = [];
  let total = 0;
  return new Promise((resolve, reject) => {
    const refuse = (reason: string, cause?: unknown): void => {
      reject(new EvalError('DATASET_CORRUPT', `${name}: ${reason}`, { field: name, value: reason }, { cause }));
    };
    fromBuffer(archive, { lazyEntries: true, validateEntrySizes: true, strictFileNames: true }, (error, zip) => {
      if (error) return refuse(`not a zip archive (${error.message})`, error);
      if (zip.entryCount > limits.entries)
        return refuse(`${zip.entryCount} members, at most ${limits.entries} allowed`);
      const fail = (reason: string, cause?: unknown): void => {
        zip.close();
        refuse(reason, cause);
      };
      zip.on('error', (cause: Error) => fail(cause.message, cause));
      zip.on('end', () => resolve(members.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))));
      zip.on('entry', (entry: Entry) => {
        if (entry.fileName.endsWith('/')) return zip.readEntry();
        total += entry.uncompressedSize;
        if (entry.uncompressedSize > limits.entryBytes || total > limits.totalBytes) {
          return fail(`${entry.fileName} is ${entry.uncompressedSize} bytes, beyond the limit`);
        }
        zip.openReadStream(entry, (cause, stream) => {
          if (cause) return fail(`${entry.fileName}: ${cause.message}`, cause);
          const chunks: Buffer[] = [];
          stream.on('error', (problem: Error) => fail(`${entry.fileName}: ${problem.message}`, problem));
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('end', () => {
            const content = Buffer.concat(chunks);
            if (crc32(content) !== entry.crc32) return fail(`${entry.fileName}: the checksum does not fit the content`);
            members.push({ name: entry.fileName, content });
            zip.readEntry();
          });
        });
      });
      zip.readEntry();
    });
  });
}
