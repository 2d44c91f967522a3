/**
 * One process at a time in a data folder. Two of them on one PGlite folder lose acknowledged rows silently, so the lock
 * must hold when a process was killed and its pid was given to another.
 */
import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Another live process holds the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
  readonly code = 'FOLDER_IN_USE';
  constructor(
    readonly folder: string,
    readonly pid: number | null,
    readonly since: Date | null,
  ) {
    const who = pid === null ? 'another process' : `process ${pid}`;
    super(`data folder ${folder} is in use by ${who}${since ? ` since ${since.toISOString()}` : ''}`);
  }
}

export interface FolderLock {
  release(): void;
}

interface Holder {
  readonly id: string;
  readonly pid: number;
  /** Clock ticks after boot at which the process began: with the boot id it names a process for ever. */
  readonly startTime: string | null;
  readonly bootId: string | null;
  readonly pidNamespace: string | null;
  readonly host: string;
  readonly since: string;
}

const TOUCH_MS = 5_000;
/** A holder that we cannot see (another machine or container) counts as alive while it touches its file. */
const UNSEEN_ALIVE_MS = 30_000;

function readOrNull(read: () => string): string | null {
  try {
    return read().trim();
  } catch {
    return null;
  }
}

/** Field 22 of /proc/<pid>/stat; null when there is no such process, or no /proc. */
export function processStartTime(pid: number): string | null {
  const stat = readOrNull(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

const bootId = () => readOrNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
const pidNamespace = () => readOrNull(() => readlinkSync('/proc/self/ns/pid'));

function isAlive(holder: Holder, file: string): boolean {
  const sameMachine = holder.bootId === bootId() && holder.host === hostname();
  if (sameMachine && holder.pidNamespace === pidNamespace()) {
    if (holder.startTime !== null) return processStartTime(holder.pid) === holder.startTime;
    try {
      process.kill(holder.pid, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  }
  if (holder.host === hostname() && holder.bootId !== bootId()) return false;
  return Date.now() - statSync(file).mtimeMs < UNSEEN_ALIVE_MS;
}

function readHolder(file: string): Holder | null {
  const text = readOrNull(() => readFileSync(file, 'utf8'));
  if (!text) return null;
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return null;
  }
}

/**
 * A socket in Linux's abstract namespace, named after the folder's inode: the kernel frees it when its owner dies, so
 * nothing can be stale. Null where there are no abstract sockets; the file alone decides there.
 */
async function holdSocket(folder: string): Promise<Server | 'taken' | null> {
  if (process.platform !== 'linux') return null;
  const { dev, ino } = statSync(folder);
  const server = createServer((socket) => socket.destroy());
  return await new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE' ? 'taken' : null));
    server.listen(`\0touchstone-${dev}-${ino}`, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** TOUCHSTONE_HOME is not, and cannot become, a folder that this user can write to. */
export class FolderUnusableError extends Error {
  override readonly name = 'FolderUnusableError';
  readonly code = 'FOLDER_UNUSABLE';
}

/** Makes the folder of an installation where it is not there yet. Throws FolderUnusableError. */
function makeHome(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new FolderUnusableError(
      `TOUCHSTONE_HOME is "${folder}", which cannot be used (${reason}); allowed: a folder that this user can write to`,
      { cause },
    );
  }
}

/** Takes the folder for this process. Throws FolderInUseError when another live process has it. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  makeHome(folder);
  const file = join(folder, 'lock.json');
  const inUse = () => {
    const holder = readHolder(file);
    return new FolderInUseError(folder, holder?.pid ?? null, holder ? new Date(holder.since) : null);
  };
  const socket = await holdSocket(folder);
  if (socket === 'taken') throw inUse();
  const self: Holder = {
    id: randomUUID(),
    pid: process.pid,
    startTime: processStartTime(process.pid),
    bootId: bootId(),
    pidNamespace: pidNamespace(),
    host: hostname(),
    since: new Date().toISOString(),
  };
  try {
    const previous = readHolder(file);
    if (previous && isAlive(previous, file)) throw inUse();
    if (statSync(file, { throwIfNoEntry: false })) renameSync(file, `${file}.${self.id}`);
    rmSync(`${file}.${self.id}`, { force: true });
    writeFileSync(file, JSON.stringify(self), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    socket?.close();
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw inUse();
    throw error;
  }
  const timer = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(file, now, now);
    } catch {
      // The folder was removed under us; there is nothing left to protect.
    }
  }, TOUCH_MS).unref();
  return {
    release: () => {
      clearInterval(timer);
      if (readHolder(file)?.id === self.id) rmSync(file, { force: true });
      socket?.close();
    },
  };
}
