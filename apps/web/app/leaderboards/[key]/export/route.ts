import {
  boardQuery,
  type BoardSearch,
  countsQuery,
  type Division,
  openingDivision,
  readCounts,
  readSearch,
} from '@/features/leaderboard/query';
import { ApiError, request } from '@/lib/api/client';
import { toCsv, toLatex, type Table } from '@/lib/export';

const COLUMNS = [
  'rank',
  'rank_low',
  'rank_high',
  'entry',
  'method',
  'mean',
  'deviation',
  'low',
  'high',
  'over',
  'n',
  'units',
  'difference',
  'difference_low',
  'difference_high',
  'claim',
  'division',
  'unranked',
  'superseded_by',
  'source',
  'variant',
];

/** Pages of 100 rows that a file takes at most. */
const MOST_PAGES = 100;

/** Every row of a board, page by page. */
async function wholeBoard(key: string, search: BoardSearch, division: Division) {
  const page = (after: string | null) =>
    request(boardQuery, {
      key,
      division,
      claims: search.claim ? [search.claim] : null,
      orderBy: search.sort ? { key: search.sort, direction: null } : null,
      where: null,
      after,
    });
  const { benchmark, leaderboard } = await page(null);
  const rows = [...leaderboard.nodes];
  let { pageInfo } = leaderboard;
  for (let pages = 1; pageInfo.hasNextPage && pages < MOST_PAGES; pages++) {
    const next = (await page(pageInfo.endCursor)).leaderboard;
    rows.push(...next.nodes);
    ({ pageInfo } = next);
  }
  return { benchmark, rows };
}

/** The board as a file. ?format=csv|latex|bibtex|json&division=…&claim=… */
export async function GET(incoming: Request, { params }: { params: Promise<{ key: string }> }): Promise<Response> {
  const key = decodeURIComponent((await params).key);
  const query = Object.fromEntries(new URL(incoming.url).searchParams);
  const format = query.format ?? 'csv';
  try {
    const asked = readSearch(query);
    const division = asked.division ?? openingDivision(readCounts(await request(countsQuery, { key })));
    const { benchmark, rows } = await wholeBoard(key, asked, division);
    if (!benchmark) return new Response(`no benchmark "${key}"\n`, { status: 404 });
    const name = `${benchmark.key}-${benchmark.version}-${division.toLowerCase()}`;
    const score = benchmark.scoreKeys.find((output) => output.key === asked.sort) ?? benchmark.primary;
    const table: Table = {
      title: `${benchmark.title} (${benchmark.key}@${benchmark.version}, ${benchmark.scale} ${benchmark.fidelity}), ${score.key}`,
      columns: COLUMNS,
      rows: rows.map((row) => [
        row.rank,
        row.rankLow,
        row.rankHigh,
        row.label,
        row.method?.key ?? null,
        row.mean,
        row.deviation,
        row.interval?.low ?? null,
        row.interval?.high ?? null,
        row.interval?.over ?? null,
        row.n,
        row.units,
        row.difference?.mean ?? null,
        row.difference?.low ?? null,
        row.difference?.high ?? null,
        row.claim,
        row.division,
        row.unrankedReason,
        row.supersededBy ? `${row.supersededBy.benchmark.key}@${row.supersededBy.benchmark.version}` : null,
        row.source?.url ?? null,
        row.variantHash,
      ]),
    };
    if (format === 'csv') return file(toCsv(table), 'text/csv; charset=utf-8', `${name}.csv`);
    if (format === 'latex') return file(toLatex(narrow(table)), 'application/x-tex; charset=utf-8', `${name}.tex`);
    if (format === 'json')
      return file(JSON.stringify({ benchmark, rows }, null, 2), 'application/json', `${name}.json`);
    if (format === 'bibtex')
      return file(
        bibtex(benchmark.key, benchmark.version, benchmark.title),
        'application/x-bibtex; charset=utf-8',
        `${name}.bib`,
      );
    return new Response(`format "${format}" is not one of csv, latex, bibtex, json\n`, { status: 400 });
  } catch (error) {
    if (error instanceof ApiError)
      return new Response(`${error.message}\n`, { status: error.code === 'UNREACHABLE' ? 503 : 400 });
    throw error;
  }
}

function narrow(table: Table): Table {
  const keep = [
    'rank',
    'rank_low',
    'rank_high',
    'entry',
    'mean',
    'deviation',
    'low',
    'high',
    'over',
    'n',
    'units',
    'difference',
  ].map((column) => COLUMNS.indexOf(column));
  const rounded = (value: string | number | null) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
  return {
    title: table.title,
    columns: keep.map((i) => COLUMNS[i] ?? ''),
    rows: table.rows.map((row) => keep.map((i) => rounded(row[i] ?? null))),
  };
}

function bibtex(key: string, version: number, title: string): string {
  const plain = title.replace(/[{}\\]/g, '');
  return `@misc{touchstone-${key}-${version},\n  title = {Touchstone leaderboard: ${plain} (version ${version})},\n  year = {${new Date().getUTCFullYear()}},\n  note = {Benchmark ${key}@${version}, read ${new Date().toISOString().slice(0, 10)}}\n}\n`;
}

function file(body: string, type: string, name: string): Response {
  return new Response(body, {
    headers: { 'content-type': type, 'content-disposition': `attachment; filename="${name}"` },
  });
}
