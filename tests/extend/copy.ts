/** A copy of the source tree in which a test may add files, build and run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

const NEEDED = ['package.json', 'tsconfig.json', 'tsconfig.base.json', 'packages/', 'tools/'];

/** Files that git knows or would take in, so that neither build outputs nor somebody's data come along. */
function sources(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return listed
    .split('\0')
    .filter((path) => NEEDED.some((start) => path === start || (start.endsWith('/') && path.startsWith(start))))
    .filter((path) => !path.endsWith('.test.ts') && existsSync(join(repository, path)));
}

/** Outside packages are shared by symbolic links; the workspace's own names lead into the copy. */
function linkModules(root: string): void {
  const modules = join(repository, 'node_modules');
  mkdirSync(join(root, 'node_modules/@touchstone'), { recursive: true });
  for (const name of readdirSync(modules))
    if (name !== '@touchstone') symlinkSync(join(modules, name), join(root, 'node_modules', name));
  for (const name of ['losses', 'eval', 'cli'])
    symlinkSync(join(root, 'packages', name), join(root, 'node_modules/@touchstone', name));
}

export function copyRepository(): string {
  const root = mkdtempSync(join(tmpdir(), 'touchstone-extend-'));
  for (const path of sources()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(join(repository, path), join(root, path));
  }
  linkModules(root);
  return root;
}

/** Output of a node program in the copy; throws with everything it wrote when it fails. */
export function runNode(root: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const run = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } });
  if (run.status !== 0) throw new Error(`node ${args.join(' ')} ended with ${run.status}\n${run.stdout}${run.stderr}`);
  return run.stdout;
}
