/** `touchstone leaderboard`: the rows of a board as a table, CSV, LaTeX or JSON. */
import { CliError, EXIT, type ExitCode } from '../core/errors.js';
import type { Io } from '../core/io.js';
import { formatCsv, formatLatex, formatNumber, formatTable } from '../core/text.js';
import { request, required } from '../remote/graphql.js';
import { openSession, type Session } from '../remote/session.js';

export interface BoardRow {
  readonly id: string;
  readonly rank: number | null;
  readonly division: string;
  readonly claim: string;
  readonly reference: string | null;
  readonly label: string;
  readonly method: { readonly key: string; readonly title: string } | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly n: number;
  readonly interval: { readonly low: number; readonly high: number; readonly over: string } | null;
  readonly difference: { readonly mean: number; readonly low: number | null; readonly high: number | null } | null;
  readonly belowUntrained: boolean;
  readonly unrankedReason: string | null;
  readonly variantHash: string;
}

interface Board {
  readonly benchmark: {
    readonly key: string;
    readonly version: number;
    readonly title: string;
    readonly scale: string;
    readonly fidelity: string;
    readonly primary: { readonly key: string; readonly title: string };
  };
  readonly rows: readonly BoardRow[];
}

const QUERY = `query($benchmark: String!, $division: Division, $order: EntryOrder, $claims: [Claim!], $first: Int!, $after: String) {
  benchmark(key: $benchmark) { key version title scale fidelity primary { key title } }
  leaderboard(benchmark: $benchmark, division: $division, orderBy: $order, claims: $claims, first: $first, after: $after) {
    nodes { id rank division claim reference label method { key title } params mean deviation n
      interval { low high over } difference { mean low high } belowUntrained unrankedReason variantHash }
    pageInfo { hasNextPage endCursor } } }`;

interface Page {
  readonly benchmark: Board['benchmark'] | null;
  readonly leaderboard: {
    readonly nodes: readonly BoardRow[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const PAGE = 100;

/** Follows the cursors until `first` rows are there. */
export async function fetchBoard(
  session: Session,
  benchmark: string,
  options: { division?: string; metric?: string; claim?: string; first: number },
): Promise<Board> {
  const rows: BoardRow[] = [];
  for (let after: string | null = null; ;) {
    const page: Page = await request<Page>(session, QUERY, {
      benchmark,
      division: options.division,
      order: options.metric === undefined ? undefined : { key: options.metric },
      claims: options.claim === undefined ? undefined : [options.claim],
      first: Math.min(PAGE, options.first - rows.length),
      after,
    });
    const found = required(page.benchmark, 'benchmark', benchmark, 'touchstone list benchmarks');
    rows.push(...page.leaderboard.nodes);
    after = page.leaderboard.pageInfo.endCursor;
    if (!page.leaderboard.pageInfo.hasNextPage || rows.length >= options.first) return { benchmark: found, rows };
  }
}

const nameOf = (row: BoardRow): string =>
  row.reference === 'UNTRAINED' ? 'untrained' : row.label || (row.method?.title ?? '');
const intervalOf = (row: BoardRow): string =>
  row.interval ? `[${formatNumber(row.interval.low)}, ${formatNumber(row.interval.high)}]` : '';
const signed = (value: number): string => `${value >= 0 ? '+' : ''}${formatNumber(value)}`;

function remark(row: BoardRow): string {
  return [
    row.reference === 'BASELINE' ? 'baseline' : '',
    row.belowUntrained ? 'below untrained' : '',
    row.claim === 'RERUN' ? '' : row.claim.toLowerCase(),
    row.unrankedReason ?? '',
  ]
    .filter(Boolean)
    .join('; ');
}

function toCsv({ benchmark, rows }: Board): string {
  const header = [
    'benchmark',
    'version',
    'division',
    'rank',
    'method',
    'label',
    'params',
    'mean',
    'deviation',
    'n',
    'low',
    'high',
    'over',
    'difference',
    'difference_low',
    'difference_high',
    'claim',
    'reference',
    'unranked_reason',
    'variant_hash',
  ];
  return formatCsv([
    header,
    ...rows.map((row) => [
      benchmark.key,
      benchmark.version,
      row.division,
      row.rank,
      row.method?.key ?? null,
      nameOf(row),
      JSON.stringify(row.params),
      row.mean,
      row.deviation,
      row.n,
      row.interval?.low ?? null,
      row.interval?.high ?? null,
      row.interval?.over ?? null,
      row.difference?.mean ?? null,
      row.difference?.low ?? null,
      row.difference?.high ?? null,
      row.claim,
      row.reference,
      row.unrankedReason,
      row.variantHash,
    ]),
  ]);
}

function toLatex({ benchmark, rows }: Board): string {
  const quality =
    benchmark.scale === 'FULL' && benchmark.fidelity === 'OFFICIAL' ? '' : `, ${benchmark.scale} ${benchmark.fidelity}`;
  return formatLatex(
    [
      { title: 'Rank', align: 'r' },
      { title: 'Method', align: 'l' },
      { title: 'Division', align: 'l' },
      { title: `${benchmark.primary.title} (mean ± deviation)`, align: 'r' },
      { title: '95 % interval', align: 'r' },
      { title: 'n', align: 'r' },
    ],
    rows.map((row) => [
      row.rank === null ? '' : String(row.rank),
      nameOf(row),
      row.division.toLowerCase().replaceAll('_', ' '),
      row.mean === null
        ? ''
        : { raw: `$${formatNumber(row.mean)}${row.deviation === null ? '' : ` \\pm ${formatNumber(row.deviation)}`}$` },
      intervalOf(row),
      String(row.n),
    ]),
    `${benchmark.title} (${benchmark.key}@${benchmark.version}${quality})`,
  );
}

function toText({ benchmark, rows }: Board): string {
  const quality = `${benchmark.scale} ${benchmark.fidelity}`;
  return `${benchmark.key}@${benchmark.version} · ${benchmark.title} · ${quality}\n${formatTable(
    [
      { title: 'rank', align: 'right', cell: (row: BoardRow) => (row.rank === null ? '–' : String(row.rank)) },
      { title: 'method', cell: nameOf },
      { title: 'division', cell: (row) => row.division },
      { title: benchmark.primary.key, align: 'right', cell: (row) => formatNumber(row.mean) },
      { title: 'deviation', align: 'right', cell: (row) => formatNumber(row.deviation) },
      { title: 'interval', align: 'right', cell: intervalOf },
      { title: 'n', align: 'right', cell: (row) => String(row.n) },
      { title: 'to baseline', align: 'right', cell: (row) => (row.difference ? signed(row.difference.mean) : '') },
      { title: '', cell: remark },
    ],
    rows,
  )}`;
}

interface LeaderboardOptions {
  readonly url?: string;
  readonly division?: string;
  readonly metric?: string;
  readonly claim?: string;
  readonly first?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly latex?: boolean;
}

export async function leaderboard(benchmark: string, options: LeaderboardOptions, io: Io): Promise<ExitCode> {
  const first = Number(options.first ?? 50);
  if (!Number.isInteger(first) || first < 1 || first > 10_000)
    throw new CliError('USAGE', '--first is out of range', {
      field: '--first',
      value: options.first,
      allowed: '1 to 10000',
    });
  const board = await fetchBoard(await openSession(options.url), benchmark, { ...options, first });
  if (options.json) io.out(`${JSON.stringify(board)}\n`);
  else io.out(options.csv ? toCsv(board) : options.latex ? toLatex(board) : toText(board));
  return EXIT.ok;
}
