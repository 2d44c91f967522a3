/** Merges measured lines into a table: node table.mjs kernels.jsonl baselines.jsonl [--csv gpu.csv] [--markdown gpu.md] */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { csv: { type: 'string' }, markdown: { type: 'string' } },
});
const rows = [];
for (const file of positionals)
  for (const line of (await readFile(file, 'utf8')).split('\n')) if (line.startsWith('{')) rows.push(JSON.parse(line));
rows.sort((a, b) => a.dim - b.dim || a.n - b.n || a.implementation.localeCompare(b.implementation));

const COLUMNS = [
  'case',
  'implementation',
  'n',
  'dim',
  'milliseconds',
  'forwardMs',
  'backwardMs',
  'peakBytes',
  'teraflops',
  'shareOfPeak',
  'clock',
  'loss',
  'failed',
  'plan',
  'device',
];
const cell = (value) =>
  value === undefined ? '' : /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
if (values.csv) {
  const head = existsSync(values.csv) ? '' : `${COLUMNS.join(',')}\n`;
  const before = existsSync(values.csv) ? await readFile(values.csv, 'utf8') : '';
  await writeFile(
    values.csv,
    `${before}${head}${rows.map((row) => COLUMNS.map((name) => cell(row[name])).join(',')).join('\n')}\n`,
  );
}

const eager = new Map(
  rows.filter(({ implementation }) => implementation === 'torch-eager').map((row) => [`${row.dim} ${row.n}`, row]),
);
const number = (x, digits) => (x === undefined || Number.isNaN(x) ? '' : x.toFixed(digits));
const lines = rows.map((row) => {
  const base = eager.get(`${row.dim} ${row.n}`)?.milliseconds;
  if (row.failed) return `| ${row.dim} | ${row.n} | ${row.implementation} | ${row.failed.slice(0, 60)} | | | | |`;
  const ratio = base === undefined ? '' : `${(base / row.milliseconds).toFixed(2)}×`;
  return `| ${row.dim} | ${row.n} | ${row.implementation} | ${number(row.milliseconds, 2)} | ${ratio} | ${number(row.peakBytes / 2 ** 20, 1)} | ${number(row.teraflops, 4)} | ${row.shareOfPeak === undefined ? '' : `${(100 * row.shareOfPeak).toFixed(0)} %`} |`;
});
const devices = [...new Set(rows.map(({ device }) => device))].join('; ');
const table = [
  `NT-Xent, forward and backward, on ${devices}. Medians; speed is against PyTorch eager in float32 of the same size.`,
  '',
  '| D | n | implementation | ms | speed | peak MiB | TFLOP/s | of the float32 peak |',
  '| --: | --: | :-- | --: | --: | --: | --: | --: |',
  ...lines,
  '',
].join('\n');
if (values.markdown) await writeFile(values.markdown, table);
else console.log(table);
