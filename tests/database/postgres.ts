/** A private PostgreSQL cluster in a temporary folder on a port of its own, run as user postgres. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

export interface Cluster {
  /** Address of a fresh database. */
  createDatabase(name: string): string;
  stop(mode?: 'fast' | 'immediate'): void;
  start(): void;
  /** Ends the cluster and removes its folder. */
  remove(): void;
}

function binaries(): string | null {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(a) - Number(b)) : [];
  const folder = versions.includes('15') ? '15' : versions.at(-1);
  return folder ? join(root, folder, 'bin') : null;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Null, with a visible line, where PostgreSQL is not installed; throws when TOUCHSTONE_REQUIRE asks for it. */
export async function startCluster(): Promise<Cluster | null> {
  const bin = binaries();
  if (!bin) {
    if ((process.env['TOUCHSTONE_REQUIRE'] ?? '').split(',').includes('postgres'))
      throw new Error(
        'PostgreSQL is required by TOUCHSTONE_REQUIRE and not installed (Debian: apt-get install postgresql)',
      );
    console.warn('skipped: PostgreSQL is not installed (Debian: apt-get install postgresql)');
    return null;
  }
  const isRoot = userInfo().uid === 0;
  // PostgreSQL refuses to run as root.
  const asServer = (tool: string, args: string[]) => {
    const [command, all] = isRoot
      ? ['runuser', ['-u', 'postgres', '--', join(bin, tool), ...args]]
      : [join(bin, tool), args];
    return execFileSync(command, all, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], cwd: tmpdir() });
  };
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-pg-'));
  if (isRoot) execFileSync('chown', ['postgres', folder]);
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  const port = await freePort();
  asServer('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C.UTF-8']);
  const start = () => {
    const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off -c shared_buffers=32MB`;
    asServer('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start']);
  };
  const stop = (mode: 'fast' | 'immediate' = 'fast') => void asServer('pg_ctl', ['-D', data, '-w', '-m', mode, 'stop']);
  start();
  return {
    createDatabase: (name) => {
      asServer('createdb', ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', name]);
      return `postgres://postgres@127.0.0.1:${port}/${name}`;
    },
    start,
    stop,
    remove: () => {
      try {
        stop('immediate');
      } catch {
        // A test had stopped it.
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
