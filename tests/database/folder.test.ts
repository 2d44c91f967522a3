/** One process at a time in a data folder, and nothing acknowledged is lost when that process is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { lockFolder, openDatabase, processStartTime, schema } from '@touchstone/db';
import { afterEach, describe, expect, it } from 'vitest';

const compiled = fileURLToPath(new URL('../../drizzle/dist/index.js', import.meta.url));
const folders: string[] = [];
const children: ChildProcess[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-folder-'));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A process that opens the database and acknowledges every row that it wrote. */
function writer(home: string): {
  child: ChildProcess;
  lines: string[];
  next: (match: RegExp) => Promise<string>;
  exited: Promise<void>;
} {
  const source = `
    import { openDatabase, schema } from ${JSON.stringify(compiled)};
    try {
      const { db } = await openDatabase({ home: ${JSON.stringify(home)}, databaseUrl: null });
      console.log('open');
      for (let i = 0; ; i++) {
        await db.transaction(async (tx) => { await tx.insert(schema.settings).values({ key: 'row' + i, value: i }); });
        console.log('wrote ' + i);
      }
    } catch (error) { console.log('error ' + error.code + ' ' + error.message); process.exit(3); }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines: string[] = [];
  const waiting: { match: RegExp; resolve: (line: string) => void }[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line);
    for (const wait of waiting) if (wait.match.test(line)) wait.resolve(line);
  });
  return {
    child,
    lines,
    next: (match) => new Promise((resolve) => waiting.push({ match, resolve })),
    exited: new Promise((resolve) => child.once('exit', () => resolve())),
  };
}

describe('the data folder', () => {
  it('refuses a second process and names the first', async () => {
    const home = newFolder();
    const first = writer(home);
    await first.next(/^wrote/);
    const second = writer(home);
    const refusal = await second.next(/^error/);
    expect(refusal).toMatch(/^error FOLDER_IN_USE data folder .* is in use by process \d+ since \d{4}-/);
    expect(refusal).toContain(String(first.child.pid));
    await expect(openDatabase({ home, databaseUrl: null })).rejects.toMatchObject({
      name: 'FolderInUseError',
      pid: first.child.pid,
    });
  });

  it('says what is wrong with a home that is a file', async () => {
    const file = join(newFolder(), 'home');
    writeFileSync(file, '');
    await expect(openDatabase({ home: file, databaseUrl: null })).rejects.toMatchObject({
      code: 'FOLDER_UNUSABLE',
      message: expect.stringMatching(/TOUCHSTONE_HOME is ".*home".*EEXIST.*allowed: a folder/),
    });
  });

  it('keeps every acknowledged row through kill -9, three times over', async () => {
    const home = newFolder();
    let kept = 0;
    for (const target of [40, 47, 54]) {
      const { child, lines, next, exited } = writer(home);
      await Promise.race([next(new RegExp(`^wrote ${target}$`)), next(/^error/)]);
      child.kill('SIGKILL');
      await exited;
      const acknowledged = lines.flatMap((line) => /^wrote (\d+)$/.exec(line)?.[1] ?? []);
      expect(acknowledged.length).toBeGreaterThan(target);
      const { db, close } = await openDatabase({ home, databaseUrl: null });
      const rows = new Set((await db.select().from(schema.settings)).map((row) => row.key));
      expect(acknowledged.filter((i) => !rows.has(`row${i}`))).toEqual([]);
      await db.delete(schema.settings);
      kept += acknowledged.length;
      await close();
    }
    expect(kept).toBeGreaterThan(100);
  });

  it('is not fooled by a pid that another process was given', async () => {
    const home = newFolder();
    const holder = {
      id: 'x',
      pid: process.pid,
      startTime: String(Number(processStartTime(process.pid)) - 1),
      bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      pidNamespace: readlinkSync('/proc/self/ns/pid'),
      host: hostname(),
      since: new Date().toISOString(),
    };
    writeFileSync(join(home, 'lock.json'), JSON.stringify(holder));
    const taken = await lockFolder(home);
    taken.release();

    // The same lines with the true start time are a live owner.
    writeFileSync(join(home, 'lock.json'), JSON.stringify({ ...holder, startTime: processStartTime(process.pid) }));
    await expect(lockFolder(home)).rejects.toMatchObject({ code: 'FOLDER_IN_USE', pid: process.pid });
    // One of another machine is alive while it touches its file.
    writeFileSync(join(home, 'lock.json'), JSON.stringify({ ...holder, host: 'elsewhere', bootId: 'other' }));
    await expect(lockFolder(home)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
    // After a reboot of this machine nobody holds it.
    writeFileSync(join(home, 'lock.json'), JSON.stringify({ ...holder, bootId: 'before' }));
    (await lockFolder(home)).release();
  });

  it('lets exactly one of several that come at once in', async () => {
    const home = newFolder();
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(home)));
    const won = results.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    won[0]!.value.release();
  });
});

it('names the PostgreSQL that cannot be reached, and not the password', async () => {
  const failure = openDatabase({ home: newFolder(), databaseUrl: 'postgres://ann:secret@127.0.0.1:1/away' });
  await expect(failure).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  await expect(failure).rejects.toThrow(
    'the database away at 127.0.0.1:1 (DATABASE_URL) cannot be used: connect ECONNREFUSED',
  );
  await expect(failure).rejects.not.toThrow('secret');
});
