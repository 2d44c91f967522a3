/** `touchstone compare`: A − B, paired over seeds, from a server or from two files of `run --json`. */
import { existsSync } from 'node:fs';
import { CliError, EXIT, type ExitCode } from '../core/errors.js';
import type { Io } from '../core/io.js';
import { formatNumber, formatTable } from '../core/text.js';
import { readLimited } from '../core/submission-file.js';
import { request, required } from '../remote/graphql.js';
import { openSession, type Session } from '../remote/session.js';
import { type BoardRow, fetchBoard } from './leaderboard.js';

interface CompareOptions {
  readonly url?: string;
  readonly benchmark?: string;
  readonly division?: string;
  readonly metric?: string;
  readonly json?: boolean;
}

interface Compared {
  readonly a: string;
  readonly b: string;
  readonly scoreKey: string;
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  /** Independent test units behind the interval; null where it covers the seeds alone. */
  readonly units: number | null;
  readonly p: number | null;
  /** Smaller than the benchmark can see; null where it is not known. */
  readonly tooSmall: boolean | null;
  readonly over: string;
  readonly seeds: readonly {
    readonly seed: number;
    readonly a: number;
    readonly b: number;
    readonly difference: number;
  }[];
}

interface RunFile {
  readonly benchmark: string;
  readonly version: number;
  readonly variantHash: string;
  readonly runs: readonly { readonly seed: number; readonly scores: Readonly<Record<string, number>> | null }[];
}

const RUN_FILE_LIMIT = 16 * 1024 * 1024;

async function readRunFile(path: string): Promise<RunFile> {
  const text = await readLimited(path, RUN_FILE_LIMIT);
  try {
    const content = JSON.parse(text) as RunFile;
    if (typeof content.benchmark === 'string' && Array.isArray(content.runs)) return content;
  } catch {
    // Said below, together with JSON of another shape.
  }
  throw new CliError('FILE_MALFORMED', `${path} is not output of touchstone run --json`, {
    field: 'file',
    value: path,
  });
}

async function compareFiles(a: string, b: string, metric: string | undefined): Promise<Compared> {
  const [first, second] = [await readRunFile(a), await readRunFile(b)];
  const { getBenchmark, pairedDifference } = await import('@touchstone/eval/meta');
  if (first.benchmark !== second.benchmark || first.version !== second.version)
    throw new CliError('BENCHMARK_MISMATCH', 'the two files are of different benchmarks', {
      field: b,
      value: `${second.benchmark}@${second.version}`,
      allowed: `${first.benchmark}@${first.version}`,
    });
  const { protocol, resolution } = getBenchmark(`${first.benchmark}@${first.version}`);
  const key = metric ?? protocol.primary;
  const bySeed = (file: RunFile): Map<number, number> =>
    new Map(file.runs.flatMap(({ seed, scores }) => (scores?.[key] === undefined ? [] : [[seed, scores[key]]])));
  const paired = pairedDifference(bySeed(first), bySeed(second));
  if (!paired) throw new CliError('NOT_FOUND', `no seed has ${key} in both files`, { field: '--metric', value: key });
  const tooSmall = key === protocol.primary && resolution !== null ? Math.abs(paired.mean) < resolution : null;
  return { a, b, scoreKey: key, ...paired, units: null, tooSmall };
}

/** A label or a method's key on the board; several rows of one method need a label or an id. */
function find(rows: readonly BoardRow[], name: string): BoardRow {
  const exact = rows.filter(
    (row) => row.id === name || row.label === name || (name === 'untrained' && row.reference === 'UNTRAINED'),
  );
  const found = exact.length > 0 ? exact : rows.filter((row) => row.method?.key === name);
  if (found.length > 1)
    throw new CliError('AMBIGUOUS', `${found.length} rows are called ${name}`, {
      field: 'entry',
      value: name,
      allowed: `--division, or one of ${found.map((row) => row.id).join(', ')}`,
    });
  return required(found[0], 'entry', name, rows.map((row) => row.label).join(', '));
}

async function compareRemote(session: Session, a: string, b: string, options: CompareOptions): Promise<Compared> {
  let [idA, idB] = [a, b];
  if (options.benchmark !== undefined) {
    const { rows } = await fetchBoard(session, options.benchmark, { division: options.division, first: 1000 });
    [idA, idB] = [find(rows, a).id, find(rows, b).id];
  }
  type Answer = Omit<Compared, 'a' | 'b'> & { a: { label: string }; b: { label: string } };
  const { difference } = await request<{ difference: Answer | null }>(
    session,
    `query($a: ID!, $b: ID!, $key: String) { difference(a: $a, b: $b, scoreKey: $key) {
       scoreKey mean low high n units p tooSmall over seeds { seed a b difference } a { label } b { label } } }`,
    { a: idA, b: idB, key: options.metric },
  );
  const found = required(
    difference,
    'common seed of',
    `${a} and ${b}`,
    'two entries of one benchmark with finished runs',
  );
  return { ...found, a: found.a.label || a, b: found.b.label || b };
}

const signed = (value: number): string => `${value >= 0 ? '+' : ''}${formatNumber(value)}`;

function covered({ n, units }: Compared): string {
  const seeds = `${n} ${n === 1 ? 'seed' : 'seeds'}`;
  return units === null ? seeds : `${seeds} and ${units} test units`;
}

function toText(result: Compared): string {
  const interval =
    result.low === null || result.high === null ? '' : ` [${signed(result.low)}, ${signed(result.high)}]`;
  const p = result.p === null ? '' : `, p = ${formatNumber(result.p)}`;
  const table = formatTable(
    [
      { title: 'seed', align: 'right', cell: (row) => String(row.seed) },
      { title: 'A', align: 'right', cell: (row) => formatNumber(row.a) },
      { title: 'B', align: 'right', cell: (row) => formatNumber(row.b) },
      { title: 'A − B', align: 'right', cell: (row) => signed(row.difference) },
    ],
    result.seeds,
  );
  return (
    `A = ${result.a}\nB = ${result.b}\n${table}` +
    `${result.scoreKey}, A − B: ${signed(result.mean)}${interval} over ${covered(result)}${p}\n` +
    (result.tooSmall ? 'TOO SMALL TO SEE HERE: below the resolution of this benchmark\n' : '')
  );
}

export async function compare(a: string, b: string, options: CompareOptions, io: Io): Promise<ExitCode> {
  const files = options.benchmark === undefined && existsSync(a) && existsSync(b);
  const result = files
    ? await compareFiles(a, b, options.metric)
    : await compareRemote(await openSession(options.url), a, b, options);
  io.out(options.json ? `${JSON.stringify(result)}\n` : toText(result));
  return EXIT.ok;
}
