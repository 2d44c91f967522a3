/**
 * Builds a folder that measures the GPU kernels on a machine without network and without npm:
 * node bench/gpu/pack.mjs [--node PATH] [--out FOLDER]
 */
import { chmod, copyFile, cp, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const source = join(root, 'packages/losses/src');

/** What run.mjs needs of the package, from its sources. */
const ENTRY = `
export { openDevice } from './backend/webgpu-device.js';
export * as expression from './pairwise/expression.js';
export { statistic } from './pairwise/declaration.js';
export { derivative } from './pairwise/derivative.js';
export { backwardProgram, blocksOf, forwardProgram } from './pairwise/program.js';
export { referenceBackward, referenceForward } from './pairwise/reference.js';
export { median, Timer } from './pairwise/webgpu/timer.js';
export { countSchedule } from './pairwise/webgpu/count.js';
export { PairwiseEngine } from './pairwise/webgpu/engine.js';
export * from './pairwise/webgpu/plan.js';
export { scheduleBackward, scheduleForward } from './pairwise/webgpu/schedule.js';
export { subgroupLanes } from './pairwise/webgpu/subgroups.js';
export { candidates, rememberedPlan, tune } from './pairwise/webgpu/tuner.js';
`;

/** The engine as one file; returns its path. */
export async function bundle(folder = join(root, '.data/gpu-bench')) {
  const outfile = join(folder, 'pairwise.mjs');
  await build({
    stdin: { contents: ENTRY, resolveDir: source, loader: 'ts', sourcefile: 'entry.ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['webgpu'],
    // Some of what is bundled was written for another module system.
    banner: {
      js: "import { createRequire as require_ } from 'node:module'; const require = require_(import.meta.url);",
    },
    outfile,
    logLevel: 'warning',
  });
  return outfile;
}

async function pack() {
  const { values } = parseArgs({
    options: {
      node: { type: 'string', default: process.execPath },
      out: { type: 'string', default: '.data/gpu-bench' },
    },
  });
  const out = resolve(values.out);
  const dawn = dirname(createRequire(join(root, 'packages/losses/package.json')).resolve('webgpu'));
  const target = join(out, 'node_modules/webgpu');
  await mkdir(join(target, 'dist'), { recursive: true });
  await bundle(out);
  for (const name of ['index.js', 'package.json', 'LICENSE.md']) await copyFile(join(dawn, name), join(target, name));
  await cp(join(dawn, 'dist/linux-x64'), join(target, 'dist/linux-x64'), { recursive: true });
  for (const name of ['run.mjs', 'table.mjs', 'baselines.py', 'README.md'])
    await copyFile(join(here, name), join(out, name));
  await copyFile(values.node, join(out, 'node'));
  await chmod(join(out, 'node'), 0o755);
  console.log(`${out}: on the GPU machine, in this folder:
  ./node run.mjs --tune --out kernels.jsonl
  python3 baselines.py --out baselines.jsonl
  ./node table.mjs kernels.jsonl baselines.jsonl --csv gpu.csv --markdown gpu.md`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await pack();
