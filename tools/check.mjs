/** `npm run check`: types, lint, format, unused code, dependency directions, fresh registry, spelling. Runs all, reports each. */
import { spawnSync } from 'node:child_process';

const bin = (path) => [process.execPath, `node_modules/${path}`];
const steps = [
  ['fresh registry', [process.execPath, 'tools/gen.mjs', '--check']],
  ['types', [...bin('typescript/bin/tsc'), '-b']],
  ['types of tests', [...bin('typescript/bin/tsc'), '-p', 'tsconfig.tests.json', '--noEmit']],
  ['types of the site', [...bin('typescript/bin/tsc'), '-p', 'apps/web', '--noEmit']],
  ['lint', [...bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0']],
  ['format', [...bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['unused code', [...bin('knip/bin/knip.js')]],
  [
    'dependency directions',
    [
      ...bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      'tools/dependency-cruiser.cjs',
      'packages',
      'apps',
      'drizzle',
    ],
  ],
  ['spelling', [...bin('cspell/bin.mjs'), '--no-progress', '--quiet']],
];

const only = process.argv.slice(2);
let failed = 0;
let passed = 0;
for (const [name, [command, ...args]] of steps) {
  if (only.length && !only.includes(name)) continue;
  const started = Date.now();
  const run = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (run.status === 0) {
    passed++;
    process.stdout.write(`ok      ${name} (${seconds} s)\n`);
  } else {
    failed++;
    process.stdout.write(`FAILED  ${name} (${seconds} s)\n${run.stdout}${run.stderr}${run.error ?? ''}\n`);
  }
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed ? 1 : 0;
