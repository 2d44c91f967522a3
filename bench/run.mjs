/** `npm run --silent bench -- SUITE [--case NAME] [--repeat N] [--json] [--results DIR]`: what things cost, beside an alternative. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../tools/build.mjs';
import { measureCase } from './lib/measure.mjs';
import { appendCsv, table } from './lib/report.mjs';
import { SUITES, loadSuite } from './suites/index.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const usage = 'usage: npm run --silent bench -- SUITE [--case NAME] [--repeat N] [--json] [--results DIR]';

class UsageError extends Error {}

function parse(argv) {
  let parsed;
  try {
    parsed = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        case: { type: 'string' },
        repeat: { type: 'string', default: '7' },
        json: { type: 'boolean', default: false },
        results: { type: 'string', default: join(folder, 'results') },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${error.message}\n${usage}`);
  }
  const { values, positionals } = parsed;
  if (values.help) return { help: true };
  const [suite, ...rest] = positionals;
  const known = `suites: ${SUITES.join(', ')}`;
  if (!suite) throw new UsageError(`no suite named; ${known}\n${usage}`);
  if (!SUITES.includes(suite)) throw new UsageError(`no suite "${suite}"; ${known}`);
  if (rest.length) throw new UsageError(`one suite at a time, received also ${rest.join(', ')}`);
  const repeat = Number(values.repeat);
  if (!Number.isInteger(repeat) || repeat < 1 || repeat > 1000)
    throw new UsageError(`--repeat: found "${values.repeat}", expected an integer from 1 to 1000`);
  return { suite, repeat, only: values.case, json: values.json, results: values.results };
}

async function main(argv) {
  const options = parse(argv);
  if (options.help) {
    process.stdout.write(`${usage}\nsuites: ${SUITES.join(', ')}\n`);
    return 0;
  }
  ensureBuilt();
  const suite = await loadSuite(options.suite);
  const all = await suite.cases();
  const cases = options.only === undefined ? all : all.filter(({ name }) => name === options.only);
  if (cases.length === 0)
    throw new UsageError(
      `no case "${options.only}" in ${options.suite}; cases: ${all.map(({ name }) => name).join(', ')}`,
    );
  const rows = [];
  const failures = [];
  for (const each of cases) {
    const measured = await measureCase(options.suite, each, options.repeat, (line) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
    });
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    rows.push(...measured.rows);
    failures.push(...measured.failures);
    if (!options.json) process.stdout.write(table(each, measured.rows));
  }
  const { CODE_VERSION } = await import('@touchstone/eval/meta');
  appendCsv(options.results, options.suite, rows, CODE_VERSION);
  if (options.json)
    process.stdout.write(
      `${JSON.stringify(
        rows.map(({ backend: _, ...row }) => row),
        null,
        2,
      )}\n`,
    );
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  return failures.length ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof UsageError ? error.message : error.stack}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
