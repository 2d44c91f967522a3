/**
 * `npm test`: what a contributor must see green. `npm test e2e`: a production start, a submission through the
 * public API, and the browser tests. Prints vitest's own report and, last, `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';

const [suite, ...rest] = process.argv.slice(2);
const e2e = suite === 'e2e';
ensureBuilt({ site: e2e });

const folder = mkdtempSync(join(tmpdir(), 'touchstone-test-'));
const report = join(folder, 'report.json');
const filters = e2e ? ['tests/e2e', ...rest] : [...(suite ? [suite] : []), ...rest];
const run = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...filters,
    ...(e2e ? ['--config', 'vitest.e2e.config.ts'] : []),
    ...(e2e ? [] : ['--exclude', 'tests/e2e/**']),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ],
  { stdio: 'inherit' },
);
let passed = 0;
let failed = 0;
let skipped = 0;
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed = result.numPassedTests;
  skipped = result.numPendingTests;
  // A file that did not load has no tests to count, yet it failed.
  failed =
    result.numFailedTests +
    result.testResults.filter((f) => f.status === 'failed' && !f.assertionResults.some((t) => t.status === 'failed'))
      .length;
} catch {
  failed = 1;
}
rmSync(folder, { recursive: true, force: true });
if (run.status !== 0 && failed === 0) failed = 1;
process.stdout.write(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = failed ? 1 : 0;
