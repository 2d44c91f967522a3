/** `touchstone import`: published results from the data folders onto the boards of a server. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportRow, ImportSource } from '@touchstone/eval/imports';
import { CliError, describeError, EXIT, type ExitCode, formatError } from '../core/errors.js';
import { type Io, progressBar } from '../core/io.js';
import { formatTable } from '../core/text.js';
import { identityOf, patiently, sendRow, standing } from '../remote/imports.js';
import { fetchWatched, isFinal, situation } from '../remote/runs.js';
import { openSession, type Session } from '../remote/session.js';

interface ImportOptions {
  readonly list?: boolean;
  readonly url?: string;
  readonly server?: string;
  readonly token?: string;
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
}

interface Outcome {
  readonly benchmark: string;
  readonly name: string;
  readonly claim: ImportRow['claim'];
  /** NEW only with --dry-run. */
  outcome: 'MADE' | 'EXISTING' | 'NEW' | 'REFUSED';
  submission?: string;
  reason?: string;
}

const POLL_MS = 500;
/** A run that nobody can take is not waited for. */
const IDLE_MS = 15_000;

export async function importResults(key: string | undefined, options: ImportOptions, io: Io): Promise<ExitCode> {
  const { getImportSource, importRows, listImportSources } = await import('@touchstone/eval/imports');
  if (options.list) {
    io.out(options.json ? `${JSON.stringify(listImportSources())}\n` : listImportSources().map(textOf).join('\n'));
    return EXIT.ok;
  }
  if (key === undefined)
    throw new CliError('USAGE', 'import: no source is named', {
      field: 'source',
      value: null,
      allowed: listImportSources()
        .map((source) => source.key)
        .join(', '),
    });
  const source = getImportSource(key);
  io.progress(`reading ${source.folder}`);
  const rows = await importRows({ source: key });
  const opened = await openSession(options.url ?? options.server);
  const session = options.token === undefined ? opened : { ...opened, token: options.token };
  const outcomes = await sendAll(session, rows, options.dryRun ?? false, io);
  if (options.wait !== false) await waitFor(session, outcomes, io);
  io.progress('');
  if (options.json) io.out(`${JSON.stringify({ source: source.key, rows: outcomes })}\n`);
  else io.out(summaryOf(source, outcomes));
  return outcomes.some(({ outcome }) => outcome === 'REFUSED') ? EXIT.failed : EXIT.ok;
}

/** Row by row: one that is refused does not hold up the others. */
async function sendAll(session: Session, rows: readonly ImportRow[], dryRun: boolean, io: Io): Promise<Outcome[]> {
  const boards = new Map<string, Promise<ReadonlySet<string>>>();
  const outcomes: Outcome[] = [];
  for (const [i, row] of rows.entries()) {
    io.progress(`${progressBar(i, rows.length)} ${row.benchmark}: ${row.name}`);
    const { benchmark, name, claim } = row;
    const board = `${benchmark} ${claim}`;
    const known = boards.get(board) ?? standing(session, benchmark, claim);
    boards.set(board, known);
    const outcome: Outcome = { benchmark, name, claim, outcome: 'EXISTING' };
    outcomes.push(outcome);
    try {
      if ((await known).has(await identityOf(row))) continue;
      outcome.outcome = dryRun ? 'NEW' : 'MADE';
      if (!dryRun) outcome.submission = await sendRow(session, row);
    } catch (error) {
      const described = describeError(error);
      // Without server or permission no other row would fare better.
      if (['SERVER_UNREACHABLE', 'UNAUTHENTICATED', 'FORBIDDEN'].includes(described.code)) throw error;
      outcome.outcome = 'REFUSED';
      outcome.reason = formatError(described).replace(/^error /, '');
    }
  }
  return outcomes;
}

/** Until every file that was sent is scored or refused; whoever waits for a worker is left waiting. */
async function waitFor(session: Session, outcomes: readonly Outcome[], io: Io): Promise<void> {
  const open = new Set(outcomes.filter(({ claim, outcome }) => claim === 'SUBMITTED' && outcome === 'MADE'));
  const all = open.size;
  let idle = Date.now();
  while (open.size > 0) {
    for (const outcome of [...open]) {
      const { runs } = await patiently(() => fetchWatched(session, outcome.submission!));
      const bad = runs.find((run) => isFinal(run) && run.state !== 'SUCCEEDED');
      if (bad) {
        outcome.outcome = 'REFUSED';
        outcome.reason = situation(bad);
      }
      if (runs.some((run) => !run.waitingReason)) idle = Date.now();
      if (!runs.every(isFinal)) {
        outcome.reason = runs.map(situation).find(Boolean) ?? 'not scored yet';
        continue;
      }
      if (!bad) delete outcome.reason;
      open.delete(outcome);
      idle = Date.now();
    }
    io.progress(`${progressBar(all - open.size, all)} scored`);
    if (open.size === 0) return;
    if (Date.now() - idle > IDLE_MS) {
      io.note(`${open.size} rows wait for a worker; follow them with touchstone watch SUBMISSION`);
      return;
    }
    await sleep(POLL_MS);
  }
}

const textOf = ({ key, title, summary, folder, citation }: ImportSource): string =>
  `${key}: ${title}\n  ${summary}\n  Read from the folder ${folder} under TOUCHSTONE_DATA.\n  ${citation}\n`;

function summaryOf(source: ImportSource, outcomes: readonly Outcome[]): string {
  const boards = [...new Set(outcomes.map(({ benchmark }) => benchmark))];
  const count = (board: string, kind: Outcome['outcome']): string =>
    String(outcomes.filter(({ benchmark, outcome }) => benchmark === board && outcome === kind).length);
  const first = outcomes.some(({ outcome }) => outcome === 'NEW') ? 'NEW' : 'MADE';
  const table = formatTable(
    [
      { title: 'board', cell: (board: string) => board },
      { title: 'claim', cell: (board) => outcomes.find(({ benchmark }) => benchmark === board)!.claim },
      { title: first === 'NEW' ? 'new' : 'made', align: 'right', cell: (board) => count(board, first) },
      { title: 'existing', align: 'right', cell: (board) => count(board, 'EXISTING') },
      { title: 'refused', align: 'right', cell: (board) => count(board, 'REFUSED') },
    ],
    boards,
  );
  const told = outcomes
    .filter(({ reason }) => reason !== undefined)
    .map(({ benchmark, name, outcome, reason }) => `${outcome.toLowerCase()} ${benchmark}, ${name}: ${reason}\n`);
  return `${source.title}\n${table}${told.join('')}`;
}
