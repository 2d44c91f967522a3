/**
 * Adds the native TensorFlow library as a backend: npm run gpu:install [-- --cpu | --gpu] [--dry-run]
 *
 * The package with CUDA where an NVIDIA driver answers, else the one for the CPU. It is put into node_modules alone, so
 * package.json and the lock stay as they are, and the next npm ci takes it out again. Its install script fetches the
 * TensorFlow library (hundreds of megabytes) from storage.googleapis.com.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { peerDependencies } = JSON.parse(
  readFileSync(new URL('../packages/losses/package.json', import.meta.url), 'utf8'),
);

const flags = process.argv.slice(2);
const unknown = flags.find((flag) => !['--cpu', '--gpu', '--dry-run'].includes(flag));
if (unknown) {
  console.error(`gpu:install: unknown option ${unknown}; --cpu, --gpu or --dry-run`);
  process.exit(2);
}

const hasDriver = () => spawnSync('nvidia-smi', ['-L'], { stdio: 'ignore' }).status === 0;
const gpu = flags.includes('--gpu') || (!flags.includes('--cpu') && hasDriver());
const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
const args = ['install', '--no-save', '--no-audit', '--no-fund', `${name}@${peerDependencies[name]}`];
console.log(`npm ${args.join(' ')}`);
if (flags.includes('--dry-run')) process.exit(0);

const { status } = spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
if (status !== 0) {
  console.error(`gpu:install: npm could not install ${name}; its library comes from storage.googleapis.com`);
  process.exit(status ?? 1);
}
console.log('npx touchstone doctor says whether the backend tensorflow starts.');
