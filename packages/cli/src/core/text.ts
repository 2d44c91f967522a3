/** Text for people and for other programs: tables, CSV, LaTeX, colour. */

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly cell: (row: Row) => string;
}

/** Fixed-width table, two spaces between columns, no trailing blanks. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = columns.map((column, i) => Math.max(column.title.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (values: readonly string[]): string =>
    columns
      .map((column, i) =>
        column.align === 'right'
          ? (values[i] ?? '').padStart(widths[i] ?? 0)
          : (values[i] ?? '').padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...cells.map(line)].join('\n') + '\n';
}

/** RFC 4180, CRLF. A text that a spreadsheet would take for a formula gets a leading apostrophe. */
export function formatCsv(rows: readonly (readonly (string | number | null)[])[]): string {
  const cell = (value: string | number | null): string => {
    if (value === null) return '';
    if (typeof value === 'number') return String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map((row) => row.map(cell).join(',') + '\r\n').join('');
}

const LATEX_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
};

/** Makes any text safe in LaTeX text mode; control characters and line breaks become spaces. */
export function escapeLatex(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').replace(/[\\{}$&#%_^~<>|"]/g, (c) => LATEX_ESCAPES[c] ?? c);
}

/** A booktabs table; cells are escaped here unless marked as raw LaTeX by the caller. */
export function formatLatex(
  columns: readonly { readonly title: string; readonly align: 'l' | 'r' }[],
  rows: readonly (readonly (string | { readonly raw: string })[])[],
  caption: string,
): string {
  const cell = (value: string | { readonly raw: string }): string =>
    typeof value === 'string' ? escapeLatex(value) : value.raw;
  return [
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escapeLatex(caption)}}`,
    `  \\begin{tabular}{${columns.map((column) => column.align).join('')}}`,
    '    \\toprule',
    `    ${columns.map((column) => escapeLatex(column.title)).join(' & ')} \\\\`,
    '    \\midrule',
    ...rows.map((row) => `    ${row.map(cell).join(' & ')} \\\\`),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

/** Four decimals for fractions and losses; more only where the number is small. */
export function formatNumber(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined) return '–';
  if (value !== 0 && Math.abs(value) < 10 ** -digits) return value.toExponential(2);
  return value.toFixed(digits);
}

export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
