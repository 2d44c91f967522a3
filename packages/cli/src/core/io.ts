/** Where a command writes. Data goes to `out`, everything for a person's eye while waiting to `note`. */

export interface Io {
  out(text: string): void;
  note(text: string): void;
  /** Replaces the current line on a terminal; does nothing elsewhere. */
  progress(text: string): void;
  readonly colour: Readonly<Record<'red' | 'green' | 'yellow' | 'dim' | 'bold', (text: string) => string>>;
}

const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;

/** Colour only on a terminal, and never where NO_COLOR is set (https://no-color.org). */
export function createIo(json: boolean): Io {
  const terminal = process.stderr.isTTY === true;
  const coloured = process.stdout.isTTY === true && terminal && !process.env['NO_COLOR'] && !json;
  const paint = (code: number) => (text: string) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
  let drawn = 0;
  const clear = (): string => (drawn > 0 ? `\r${' '.repeat(drawn)}\r` : '');
  return {
    out: (text) => void process.stdout.write(text),
    note: (text) => {
      process.stderr.write(`${clear()}${text}\n`);
      drawn = 0;
    },
    progress: (text) => {
      if (!terminal) return;
      const line = text.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1));
      process.stderr.write(`${clear()}${line}`);
      drawn = line.length;
    },
    colour: {
      red: paint(CODES.red),
      green: paint(CODES.green),
      yellow: paint(CODES.yellow),
      dim: paint(CODES.dim),
      bold: paint(CODES.bold),
    },
  };
}

/** A bar of twenty cells, e.g. `[#########-----------]  45 %`. */
export function progressBar(done: number, total: number): string {
  const fraction = total > 0 ? Math.min(1, done / total) : 0;
  const filled = Math.round(fraction * 20);
  return `[${'#'.repeat(filled)}${'-'.repeat(20 - filled)}] ${String(Math.round(fraction * 100)).padStart(3)} %`;
}
