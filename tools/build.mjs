/** Builds what is not built: `tsc -b` for the packages and `next build` for the site, each skipped while a stamp of its sources is unchanged. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// `next-env.d.ts` is written by the build of the site itself.
const skipped = new Set(['node_modules', 'dist', '.next', 'migrations', 'receipts', 'data', 'public', 'next-env.d.ts']);

const parts = {
  packages: {
    sources: ['packages', 'drizzle', 'apps/api', 'tsconfig.base.json', 'tsconfig.json', 'package-lock.json'],
    output: 'apps/api/dist',
    command: ['node_modules/typescript/bin/tsc', '-b'],
  },
  site: {
    sources: ['apps/web', 'apps/api/schema.graphql', 'packages/losses/src/meta.ts', 'package-lock.json'],
    output: 'apps/web/.next',
    command: ['node_modules/next/dist/bin/next', 'build', 'apps/web'],
  },
};

function* files(path) {
  if (!existsSync(path)) return;
  const stat = statSync(path);
  if (stat.isFile()) return yield [path, stat];
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (skipped.has(entry.name) || entry.name.endsWith('.test.ts') || entry.name.endsWith('.tsbuildinfo')) continue;
    yield* files(join(path, entry.name));
  }
}

/** Names, sizes and times of the sources: quick to take, and a wrong "changed" only costs a build. */
function stampOf(part) {
  const hash = createHash('sha256').update(process.version);
  for (const source of part.sources)
    for (const [path, stat] of files(join(root, source)))
      hash.update(`${relative(root, path)} ${stat.size} ${stat.mtimeMs}\n`);
  return hash.digest('hex');
}

/** One builder at a time: a second one waits for the first and then finds nothing to do. */
function locked(action) {
  const lock = join(root, 'node_modules', '.touchstone-build.lock');
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const owner = existsSync(join(lock, 'pid')) ? Number(readFileSync(join(lock, 'pid'), 'utf8')) : 0;
      let alive = true;
      try {
        if (owner) process.kill(owner, 0);
        else alive = Date.now() - statSync(lock).mtimeMs < 2000;
      } catch {
        alive = false;
      }
      if (!alive) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  writeFileSync(join(lock, 'pid'), String(process.pid));
  try {
    return action();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** @param {{ site?: boolean, quiet?: boolean }} options `site`: the site as well. Throws when a build fails. */
export function ensureBuilt({ site = false, quiet = false } = {}) {
  for (const name of site ? ['packages', 'site'] : ['packages']) {
    const part = parts[name];
    const stampFile = join(root, part.output, '.stamp');
    const fresh = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stampOf(part);
    if (fresh()) continue;
    locked(() => {
      if (fresh()) return;
      if (!quiet) process.stderr.write(`building ${name} …\n`);
      const stamp = stampOf(part);
      const run = spawnSync(process.execPath, part.command, {
        cwd: root,
        encoding: 'utf8',
        env: {
          ...process.env,
          NEXT_TELEMETRY_DISABLED: '1',
          NODE_ENV: name === 'site' ? 'production' : process.env.NODE_ENV,
        },
      });
      if (run.status !== 0) throw new Error(`building ${name} failed\n${run.stdout}${run.stderr}`);
      writeFileSync(stampFile, stamp);
    });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    ensureBuilt({ site: true });
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
