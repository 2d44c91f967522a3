/**
 * `npm run --silent bench -- SUITE [--case NAME] [--n N[,N…]] [--dim D] [--threads T] [--full] [--repeat N] [--json] [--results DIR]`:
 * what things cost, beside an alternative.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../tools/build.mjs';
import { measureCase } from './lib/measure.mjs';
import { appendCsv, table, verdicts } from './lib/report.mjs';
import { SUITES, loadSuite } from './suites/index.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const usage =
  'usage: npm run --silent bench -- SUITE [--case NAME] [--n N[,N…]] [--dim D] [--threads T] [--full] [--repeat N] [--json] [--results DIR]';

class UsageError extends Error {}

function whole(flag, text, { from, to, step = 1 }) {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < from || value > to || value % step !== 0) {
    const kind = step === 1 ? 'an integer' : `a multiple of ${step}`;
    throw new UsageError(`--${flag}: found "${text}", expected ${kind} from ${from} to ${to}`);
  }
  return value;
}

/** The sizes asked for; undefined where none was named. */
function parseSizes({ n, dim, threads }) {
  if (n === undefined && dim === undefined && threads === undefined) return undefined;
  return {
    // A batch of two views, of eight examples a class.
    ...(n !== undefined && { n: n.split(',').map((each) => whole('n', each, { from: 16, to: 1_048_576, step: 8 })) }),
    ...(dim !== undefined && { dim: whole('dim', dim, { from: 4, to: 8192, step: 4 }) }),
    ...(threads !== undefined && { threads: whole('threads', threads, { from: 1, to: 256 }) }),
  };
}

function parse(argv) {
  let parsed;
  try {
    parsed = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        case: { type: 'string' },
        n: { type: 'string' },
        dim: { type: 'string' },
        threads: { type: 'string' },
        full: { type: 'boolean', default: false },
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
  const repeat = whole('repeat', values.repeat, { from: 1, to: 1000 });
  const { json, results, full } = values;
  return { suite, repeat, only: values.case, sizes: parseSizes(values), full, json, results };
}

/** The cases asked for, at the sizes asked for. */
async function chosen({ suite: name, only, sizes, full }, suite) {
  if (sizes && !suite.DEFAULTS)
    throw new UsageError(`${name} has no sizes to choose: --n, --dim and --threads are not for it`);
  if (full && !suite.FULL) throw new UsageError(`${name} has one size: --full is not for it`);
  const all = await suite.cases({ ...suite.DEFAULTS, ...sizes, ...(full && { full }) });
  const cases = only === undefined ? all : all.filter((each) => each.name === only);
  if (cases.length === 0) {
    const names = [...new Set(all.map((each) => each.name))];
    throw new UsageError(`no case "${only}" in ${name}; cases: ${names.join(', ')}`);
  }
  return cases;
}

async function main(argv) {
  const options = parse(argv);
  if (options.help) {
    process.stdout.write(`${usage}\nsuites: ${SUITES.join(', ')}\n`);
    return 0;
  }
  ensureBuilt();
  const { CODE_VERSION } = await import('@touchstone/eval/meta');
  const suite = await loadSuite(options.suite);
  const rows = [];
  const failures = [];
  for (const each of await chosen(options, suite)) {
    if (each.leftOut) {
      process.stderr.write(`${each.name}: left out: ${each.leftOut}\n`);
      continue;
    }
    const repeat = Math.min(options.repeat, each.most ?? options.repeat);
    const measured = await measureCase(options.suite, each, repeat, (line) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
    });
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    rows.push(...measured.rows);
    failures.push(...measured.failures);
    // Case by case: a long run that is interrupted keeps what it has.
    appendCsv(options.results, options.suite, measured.rows, CODE_VERSION);
    if (!options.json) process.stdout.write(`${table(each, measured.rows)}${verdicts(each, measured.rows)}\n`);
  }
  if (options.json) {
    const shown = ({ backend: _, wallRatio: __, ...row }) =>
      suite.KEYS ? Object.fromEntries(suite.KEYS.map((key) => [key, row[key]])) : row;
    process.stdout.write(`${JSON.stringify(rows.map(shown), null, 2)}\n`);
  }
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  return failures.length ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof UsageError ? error.message : error.stack}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
