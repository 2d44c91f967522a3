#!/usr/bin/env node
/** Committed, so that `npx touchstone` works right after `npm ci`: builds what is not built, then runs the command line. */
import { ensureBuilt } from '../../../tools/build.mjs';

const args = process.argv.slice(2);
const serves = args[0] === 'start' && !['--no-web', '--help', '-h'].some((flag) => args.includes(flag));
try {
  ensureBuilt({ site: serves });
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(args);
} catch (error) {
  process.stderr.write(`error BUILD_FAILED: ${error.message}\n`);
  process.exitCode = 1;
}
