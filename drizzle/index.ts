export * as schema from './schema/index.js';
export { DatabaseUnreachableError, openDatabase, ping } from './client.js';
export type { Database, OpenDatabase, OpenOptions } from './client.js';
export { FolderInUseError, lockFolder, processStartTime } from './folder-lock.js';
export type { FolderLock } from './folder-lock.js';
