/**
 * `node bench/plots.mjs [--results DIR] [--out DIR]`: time and memory of losses against n, from results/losses.csv, as SVG
 * in docs/images, and the same numbers for the site.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { parseCsv } from './lib/csv.mjs';
import { smallMultiples } from './lib/plot.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    results: { type: 'string', default: join(folder, 'results') },
    out: { type: 'string', default: join(folder, '..') },
  },
});

const DIM = 128;
/** Smaller batches take microseconds, and say more of calls than of losses. */
const SMALLEST = 256;
const IMPLEMENTATIONS = ['fused', 'composed', 'pytorch'];

/** The newest row of each case, implementation and n, on one thread. */
function measured() {
  const rows = parseCsv(readFileSync(join(options.results, 'losses.csv'), 'utf8'));
  const newest = new Map();
  for (const row of rows) {
    if (Number(row.dim) !== DIM || Number(row.threads) !== 1 || row.cpu_ms === '' || Number(row.n) < SMALLEST) continue;
    const key = `${row.case} ${row.implementation} ${row.n}`;
    if (!newest.has(key) || newest.get(key).date <= row.date) newest.set(key, row);
  }
  return [...newest.values()];
}

function panelsOf(rows, column, scale) {
  return [...new Set(rows.map((row) => row.case))].map((title) => ({
    title,
    lines: IMPLEMENTATIONS.map((name) => ({
      name,
      points: rows
        .filter((row) => row.case === title && row.implementation === name)
        .map((row) => ({ n: Number(row.n), value: Number(row[column]) / scale }))
        .sort((a, b) => a.n - b.n),
    })).filter(({ points }) => points.length),
  }));
}

const rows = measured();
if (rows.length === 0)
  throw new Error(`${options.results}/losses.csv has no rows with n ≥ ${SMALLEST}, D = ${DIM} on one thread`);
const newest = rows.reduce((a, b) => (a.date > b.date ? a : b));
const versions = [...new Set(rows.map((row) => row.backend))].sort();
const days = [...new Set(rows.map((row) => row.date.slice(0, 10)))].sort();
const facts = {
  machine: newest.machine,
  cores: Number(newest.cores),
  node: newest.node,
  backends: versions,
  dates: days,
  dim: DIM,
};
const caption = [`D = ${DIM}, one thread`, `${facts.machine}, ${facts.cores} cores`, ...versions, days.join(', ')];

const time = panelsOf(rows, 'cpu_ms', 1);
const memory = panelsOf(rows, 'peak_bytes', 2 ** 20);
const images = join(options.out, 'docs', 'images');
mkdirSync(images, { recursive: true });
writeFileSync(
  join(images, 'losses-time.svg'),
  smallMultiples({
    title: 'CPU milliseconds of forward and backward against n',
    description: `CPU time of seven losses against n, for ${IMPLEMENTATIONS.join(', ')}; the figures are in bench/results/losses.csv`,
    caption,
    label: String,
    panels: time,
  }),
);
writeFileSync(
  join(images, 'losses-memory.svg'),
  smallMultiples({
    title: 'Peak memory above the inputs (MiB) against n',
    description: `Peak memory of seven losses against n, for ${IMPLEMENTATIONS.join(', ')}; the figures are in bench/results/losses.csv`,
    caption,
    label: String,
    panels: memory,
  }),
);

const site = join(options.out, 'apps', 'web', 'features', 'kernels');
mkdirSync(site, { recursive: true });
const rounded = (panels) =>
  panels.map(({ title, lines }) => ({
    title,
    lines: lines.map(({ name, points }) => ({
      name,
      points: points.map(({ n, value }) => ({ n, value: Number(value.toPrecision(4)) })),
    })),
  }));
writeFileSync(
  join(site, 'measured.json'),
  await format(JSON.stringify({ facts, time: rounded(time), memory: rounded(memory) }), {
    parser: 'json',
    printWidth: 120,
  }),
);
