/** The part of yauzl 3 that the reader uses; the package ships no types. */
declare module 'yauzl' {
  import type { EventEmitter } from 'node:events';
  import type { Readable } from 'node:stream';

  export interface Entry {
    readonly fileName: string;
    readonly uncompressedSize: number;
    readonly compressedSize: number;
    readonly crc32: number;
    /** Upper half: Unix mode, where the archive was made on Unix. */
    readonly externalFileAttributes: number;
  }
  export interface ZipFile extends EventEmitter {
    readonly entryCount: number;
    readEntry(): void;
    close(): void;
    openReadStream(entry: Entry, callback: (error: Error | null, stream: Readable) => void): void;
  }
  export function fromFd(
    fd: number,
    options: { lazyEntries: boolean; autoClose: boolean; validateEntrySizes: boolean; decodeStrings: boolean },
    callback: (error: Error | null, zip: ZipFile) => void,
  ): void;
  export function fromBuffer(
    buffer: Buffer,
    options: { lazyEntries: boolean; validateEntrySizes: boolean; strictFileNames: boolean },
    callback: (error: Error | null, zip: ZipFile) => void,
  ): void;
}
