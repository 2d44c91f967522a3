/** `touchstone run` and `touchstone try`: training and scoring here, without a server. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChildMessage } from '@touchstone/eval/meta';
import { benchmarkName, getDataset, scoreOutputs, summarise, verifyDataset } from '@touchstone/eval/meta';
import { CliError, EXIT, type ExitCode } from '../core/errors.js';
import { type Io, progressBar } from '../core/io.js';
import { formatDuration, formatNumber, formatTable } from '../core/text.js';
import { readWanted, type WantedFlags } from '../core/wanted-flags.js';
import type { LocalRun } from '../local/execute.js';
import { type Resolved, resolveWanted } from '../local/resolve.js';

interface RunFlags extends WantedFlags {
  readonly json?: boolean;
  readonly jobs?: string;
  readonly receipts?: string;
}

interface MetricSummary {
  readonly mean: number;
  readonly deviation: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

/** What `run --json` prints. */
export interface RunReport {
  readonly benchmark: string;
  readonly version: number;
  readonly variantHash: string;
  readonly runs: readonly Pick<LocalRun, 'seed' | 'state' | 'reason' | 'scores' | 'receipt'>[];
  readonly summary: Readonly<Record<string, MetricSummary>>;
}

/** Over the seeds that succeeded, in their order; a metric without a value is left out. */
export function summariseRuns({ benchmark, variant }: Resolved, runs: readonly LocalRun[]): RunReport {
  const { key, version } = benchmark.protocol;
  const summary: Record<string, MetricSummary> = {};
  for (const output of scoreOutputs(benchmark.protocol)) {
    const values = runs.flatMap(({ scores }) => (scores?.[output.key] === undefined ? [] : [scores[output.key]!]));
    if (values.length === 0) continue;
    const { mean, deviation, n, interval } = summarise(values);
    summary[output.key] = { mean, deviation, low: interval?.low ?? null, high: interval?.high ?? null, n };
  }
  return {
    benchmark: key,
    version,
    variantHash: variant.variantHash,
    runs: runs.map(({ seed, state, reason, scores, receipt }) => ({ seed, state, reason, scores, receipt })),
    summary,
  };
}

/** One line for all running seeds; a finished one gets a line of its own. */
class ProgressLine {
  private readonly shares = new Map<number, number>();
  private done = 0;

  constructor(
    private readonly total: number,
    private readonly io: Io,
  ) {}

  hear(seed: number, message: ChildMessage): void {
    if (message.type === 'log' && message.level !== 'info') this.io.note(`seed ${seed}: ${message.line}`);
    if (message.type !== 'progress') return;
    // Choosing the point is most of a tuned run's work.
    this.shares.set(seed, message.phase === 'training' ? message.step / Math.max(1, message.steps) : 0);
    const running = [...this.shares.values()].reduce((sum, share) => sum + share, 0);
    const loss = message.loss === null ? '' : `, loss ${formatNumber(message.loss)}`;
    this.io.progress(
      `${progressBar(this.done + running, this.total)} seed ${seed}: ${message.phase} ${message.step}/${message.steps}${loss}, ` +
        `${formatDuration(message.etaMs)} left`,
    );
  }

  end(run: LocalRun): void {
    this.done++;
    this.shares.delete(run.seed);
    const why = run.message === null ? '' : ` (${run.reason ?? ''}: ${run.message})`;
    this.io.note(`seed ${run.seed}: ${run.state.toLowerCase()}${why}`);
    for (const line of run.lastLogLines.slice(-5)) this.io.note(`  ${line}`);
  }
}

function toText({ benchmark, variant }: Resolved, report: RunReport, trial: boolean, io: Io): string {
  const outputs = scoreOutputs(benchmark.protocol).filter(({ key }) => report.summary[key]);
  const table = formatTable(
    [
      { title: 'score', cell: (row) => row.key },
      { title: 'mean', align: 'right', cell: (row) => formatNumber(report.summary[row.key]?.mean) },
      { title: 'deviation', align: 'right', cell: (row) => formatNumber(report.summary[row.key]?.deviation) },
      {
        title: '95 % over seeds',
        align: 'right',
        cell: (row) => {
          const { low = null, high = null } = report.summary[row.key] ?? {};
          return low === null || high === null ? '–' : `[${formatNumber(low)}, ${formatNumber(high)}]`;
        },
      },
      { title: 'n', align: 'right', cell: (row) => String(report.summary[row.key]?.n ?? 0) },
    ],
    outputs,
  );
  const name = benchmarkName(benchmark.protocol);
  const head = `${io.colour.bold(variant.label)} on ${name}, ${trial ? 'a trial: never ranked' : variant.division}\n`;
  return `${head}${outputs.length > 0 ? table : 'no run succeeded\n'}variant ${report.variantHash}\n`;
}

async function writeReceipts(folder: string, report: RunReport): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { seed, receipt } of report.runs)
    if (receipt)
      await writeFile(
        join(folder, `${report.benchmark}@${report.version}-${report.variantHash.slice(0, 12)}-${seed}.json`),
        `${JSON.stringify(receipt, null, 2)}\n`,
      );
}

async function perform(
  resolved: Resolved,
  options: RunFlags & { jobs: string },
  io: Io,
  fraction?: number,
): Promise<ExitCode> {
  const jobs = Number(options.jobs);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 64)
    throw new CliError('USAGE', '--jobs is out of range', { field: '--jobs', value: options.jobs, allowed: '1 to 64' });
  // Before any child starts: a missing dataset is one refusal, not one a seed.
  for (const { key } of resolved.benchmark.protocol.datasets) await verifyDataset(getDataset(key), { fresh: false });
  const { execute } = await import('../local/execute.js');
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  process.on('SIGINT', abort).on('SIGTERM', abort);
  const line = new ProgressLine(resolved.seeds.length, io);
  const runs = await execute(resolved, {
    jobs,
    signal: stop.signal,
    onMessage: (seed, message) => line.hear(seed, message),
    onEnd: (run) => line.end(run),
    ...(fraction === undefined ? {} : { fraction }),
  });
  process.off('SIGINT', abort).off('SIGTERM', abort);
  const report = summariseRuns(resolved, runs);
  if (options.receipts !== undefined) await writeReceipts(options.receipts, report);
  io.out(options.json ? `${JSON.stringify(report)}\n` : toText(resolved, report, fraction !== undefined, io));
  return runs.every(({ state }) => state === 'SUCCEEDED') ? EXIT.ok : EXIT.failed;
}

export async function run(file: string | undefined, options: RunFlags, io: Io): Promise<ExitCode> {
  return perform(resolveWanted(await readWanted(file, options)), { jobs: '1', ...options }, io);
}

const TRIAL_FRACTION = 0.1;

export async function tryOut(
  file: string | undefined,
  options: WantedFlags & { seed: string; json?: boolean },
  io: Io,
): Promise<ExitCode> {
  const { seed, ...flags } = options;
  const wanted = await readWanted(file, { ...flags, seeds: undefined });
  // A list of one, because a single number would be a count.
  return perform(resolveWanted({ ...wanted, seeds: [Number(seed)] }), { ...flags, jobs: '1' }, io, TRIAL_FRACTION);
}
