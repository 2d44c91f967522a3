/** Tables for other programs. Names come from strangers, so every cell is escaped for where it goes. */

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** RFC 4180; text that a spreadsheet would take for a formula gets a leading apostrophe. */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function toCsv(table: Table): string {
  return [table.columns, ...table.rows].map((row) => row.map(csvCell).join(',')).join('\r\n') + '\r\n';
}

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
};

export function latexText(text: string): string {
  return text.replace(/[\\{}$&#_%~^<>]/g, (symbol) => LATEX[symbol] ?? symbol).replace(/[\r\n]+/g, ' ');
}

export function toLatex(table: Table): string {
  const cell = (value: string | number | null) => (value === null ? '--' : latexText(String(value)));
  const line = (row: readonly (string | number | null)[]) => `${row.map(cell).join(' & ')} \\\\`;
  const numeric = (column: number) => table.rows.some((row) => typeof row[column] === 'number');
  return [
    `% ${table.title.replace(/[\r\n]+/g, ' ')}`,
    `\\begin{tabular}{${table.columns.map((_, i) => (numeric(i) ? 'r' : 'l')).join('')}}`,
    '\\hline',
    line(table.columns),
    '\\hline',
    ...table.rows.map(line),
    '\\hline',
    '\\end{tabular}',
    '',
  ].join('\n');
}
