/** A table to read, and lines of CSV to keep. */
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

const number = (value) => (value === null ? '–' : value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const mebibytes = (value) => (value === null ? '–' : (value / 2 ** 20).toFixed(0));

/** One case: medians, the quartiles of CPU time, and how many times the first implementation's CPU and wall time. */
export function table(each, rows) {
  const head = ['implementation', 'CPU ms', 'quartiles', 'wall ms', 'peak MiB', 'ratio', 'wall ratio'];
  const body = rows.map((row) => [
    row.implementation,
    number(row.cpuMs),
    row.cpuMsQuartiles ? row.cpuMsQuartiles.map(number).join(' – ') : '–',
    number(row.wallMs),
    mebibytes(row.peakBytes),
    number(row.ratio),
    number(row.wallRatio),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...body.map((cells) => cells[i].length)));
  const line = (cells) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  const notes = rows.filter(({ failure }) => failure).map((row) => `  ${row.implementation}: ${row.failure}`);
  const repeats = Math.max(...rows.map((row) => row.repeats));
  const title = `${each.name}: ${each.title}; per ${each.unit}, ${repeats} repeats`;
  return `${[title, line(head), ...body.map(line), ...notes].join('\n')}\n`;
}

/** How ours, the first row, stands to the goals: the share of a tool's CPU and wall time that it takes. */
export function verdicts(each, rows) {
  const lines = each.implementations.flatMap(({ name, goal }, i) => {
    if (goal === undefined || rows[i].ratio === null) return [];
    const [cpu, wall] = [1 / rows[i].ratio, 1 / rows[i].wallRatio];
    const met = cpu <= goal ? 'met' : `missed${each.why ? `: ${each.why}` : ''}`;
    return `  ${number(cpu)} × ${name} in CPU time, ${number(wall)} × in wall time; goal at most ${goal} ×: ${met}\n`;
  });
  return lines.join('');
}

const SIZES = ['n', 'dim', 'threads'];

const columns = (sized) => [
  'date',
  'version',
  'node',
  'machine',
  'cores',
  'load',
  'backend',
  'case',
  'implementation',
  ...(sized ? SIZES : []),
  'repeats',
  'cpu_ms',
  'cpu_ms_q1',
  'cpu_ms_q3',
  'wall_ms',
  'peak_bytes',
  'ratio',
  'failure',
];

function cell(value) {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(5) : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""').replaceAll('\n', ' ')}"` : text;
}

/** Appends to `<folder>/<suite>.csv`; the first line of a new file names the columns. */
export function appendCsv(folder, suite, rows, version) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${suite}.csv`);
  const machine = cpus();
  const common = [
    new Date().toISOString(),
    version,
    process.version,
    machine[0]?.model.trim(),
    machine.length,
    loadavg()[0],
  ];
  const sized = rows.some(({ n }) => n !== undefined);
  const lines = rows.map((row) => [
    ...common,
    row.backend,
    row.case,
    row.implementation,
    ...(sized ? SIZES.map((key) => row[key]) : []),
    row.repeats,
    row.cpuMs,
    row.cpuMsQuartiles?.[0],
    row.cpuMsQuartiles?.[1],
    row.wallMs,
    row.peakBytes,
    row.ratio,
    row.failure,
  ]);
  const text = [...(existsSync(path) ? [] : [columns(sized)]), ...lines].map((cells) => cells.map(cell).join(','));
  appendFileSync(path, `${text.join('\n')}\n`);
}
