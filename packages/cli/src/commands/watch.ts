/** `watch`, `status`, `cancel`, `logs`: following what was sent. They poll; a lost connection is tried again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, EXIT, type ExitCode } from '../core/errors.js';
import { type Io, progressBar } from '../core/io.js';
import { formatTable } from '../core/text.js';
import { refuseUserErrors, request, required, USER_ERRORS } from '../remote/graphql.js';
import { fetchWatched, isFinal, RUN_COLUMNS, type RemoteRun, situation, type Watched } from '../remote/runs.js';
import { openSession, type Session } from '../remote/session.js';

interface RemoteOptions {
  readonly url?: string;
  readonly json?: boolean;
}

const POLL_MS = 1000;
const RETRIES = 10;

/** Server restarts are ordinary: ten unanswered polls in a row are an error, fewer are not. */
async function patiently<T>(ask: () => Promise<T>, io: Io): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CliError && error.code === 'SERVER_UNREACHABLE') || attempt > RETRIES) throw error;
      io.progress(`no answer, trying again (${attempt} of ${RETRIES})`);
      await sleep(POLL_MS * 2);
    }
  }
}

function report(watched: Watched, json: boolean, io: Io): void {
  if (json) io.out(`${JSON.stringify(watched.submission ?? watched.runs[0])}\n`);
  else io.out(formatTable(RUN_COLUMNS, watched.runs));
}

function progressLine(runs: readonly RemoteRun[]): string {
  const done = runs.filter(isFinal).length;
  const running = runs.find((run) => run.state === 'RUNNING');
  const part = running?.progress ? running.progress.step / Math.max(1, running.progress.steps) : 0;
  const shown = running ?? runs.find((run) => run.state === 'QUEUED');
  return `${progressBar(done + part, runs.length)} ${done}/${runs.length} runs${shown ? `; seed ${shown.seed}: ${situation(shown)}` : ''}`;
}

/** Waits until every run has ended; 0 when all succeeded, else 1. */
export async function follow(session: Session, id: string, json: boolean, io: Io): Promise<ExitCode> {
  const said = new Map<string, string>();
  for (;;) {
    const watched = await patiently(() => fetchWatched(session, id), io);
    for (const run of watched.runs) {
      if (said.get(run.id) === run.state) continue;
      said.set(run.id, run.state);
      if (!json)
        io.note(
          `seed ${run.seed}: ${run.state.toLowerCase()}${isFinal(run) && situation(run) ? ` (${situation(run)})` : ''}`,
        );
    }
    if (watched.runs.every(isFinal)) {
      report(watched, json, io);
      return watched.runs.every((run) => run.state === 'SUCCEEDED') ? EXIT.ok : EXIT.failed;
    }
    io.progress(progressLine(watched.runs));
    await sleep(POLL_MS);
  }
}

export async function watch(id: string, options: RemoteOptions, io: Io): Promise<ExitCode> {
  return follow(await openSession(options.url), id, options.json ?? false, io);
}

export async function status(id: string | undefined, options: RemoteOptions, io: Io): Promise<ExitCode> {
  const session = await openSession(options.url);
  if (id !== undefined) {
    report(await fetchWatched(session, id), options.json ?? false, io);
    return EXIT.ok;
  }
  interface Status {
    serverInfo: { version: string; code: string; database: string; demo: string; methods: number; benchmarks: number };
    queue: {
      queued: number;
      running: number;
      message: string;
      workers: { name: string; state: string; running: number; capacity: number; refusal: string | null }[];
    };
    viewer: { name: string } | null;
  }
  const answer = await request<Status>(
    session,
    `{ serverInfo { version code database demo methods benchmarks }
       queue { queued running message workers { name state running capacity refusal } } viewer { name } }`,
  );
  if (options.json) {
    io.out(`${JSON.stringify({ url: session.url, ...answer })}\n`);
    return EXIT.ok;
  }
  const { serverInfo: server, queue, viewer } = answer;
  io.out(
    `${session.url}: Touchstone ${server.version} on ${server.database}, ${server.benchmarks} benchmarks, ${server.methods} methods\n`,
  );
  io.out(`signed in: ${viewer?.name ?? 'no'}\ndemonstration: ${server.demo}\n`);
  io.out(`queue: ${queue.queued} waiting, ${queue.running} running. ${queue.message}\n`);
  for (const worker of queue.workers)
    io.out(
      `worker ${worker.name}: ${worker.state}, ${worker.running} of ${worker.capacity} runs${worker.refusal ? `; ${worker.refusal}` : ''}\n`,
    );
  return EXIT.ok;
}

/** Cancels a run, or every unfinished run of a submission. */
export async function cancel(id: string, options: RemoteOptions, io: Io): Promise<ExitCode> {
  const session = await openSession(options.url);
  const before = await fetchWatched(session, id);
  for (const run of before.submission ? before.runs.filter((each) => !isFinal(each)) : before.runs) {
    const { cancelRun } = await request<{ cancelRun: { userErrors: Parameters<typeof refuseUserErrors>[0] } }>(
      session,
      `mutation($id: ID!) { cancelRun(input: { id: $id }) { run { id state } ${USER_ERRORS} } }`,
      { id: run.id },
    );
    refuseUserErrors(cancelRun.userErrors);
  }
  report(await fetchWatched(session, id), options.json ?? false, io);
  return EXIT.ok;
}

interface LogLine {
  readonly at: string;
  readonly attempt: number;
  readonly level: string;
  readonly line: string;
}

/** The server gives the last lines only; what was printed before is recognised by the last line seen. */
export function newLines(seen: readonly LogLine[], now: readonly LogLine[]): readonly LogLine[] {
  const key = (line: LogLine): string => JSON.stringify([line.at, line.attempt, line.level, line.line]);
  const last = seen.at(-1);
  if (!last) return now;
  const at = now.map(key).lastIndexOf(key(last));
  return at < 0 ? now : now.slice(at + 1);
}

export async function logs(
  id: string,
  options: RemoteOptions & { follow?: boolean; last?: string },
  io: Io,
): Promise<ExitCode> {
  const session = await openSession(options.url);
  const count = Number(options.last ?? 200);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw new CliError('USAGE', '--last is out of range', {
      field: '--last',
      value: options.last,
      allowed: '1 to 1000',
    });
  let seen: readonly LogLine[] = [];
  for (;;) {
    const { run } = await patiently(
      () =>
        request<{ run: (RemoteRun & { logs: LogLine[] }) | null }>(
          session,
          'query($id: ID!, $last: Int!) { run(id: $id) { state reason logs(last: $last) { at attempt level line } } }',
          { id, last: count },
        ),
      io,
    );
    const found = required(run, 'run', id, 'an id that status printed');
    for (const line of newLines(seen, found.logs))
      io.out(
        options.json
          ? `${JSON.stringify(line)}\n`
          : `${line.at} ${line.attempt} ${line.level.padEnd(5)} ${line.line}\n`,
      );
    seen = found.logs.length > 0 ? found.logs : seen;
    if (!options.follow || isFinal(found)) return EXIT.ok;
    await sleep(POLL_MS);
  }
}
