/** Numbers, times and names as the site writes them. */

const DASH = '–';

/** Digits after the point that a precision step asks for: .001 → 3. */
export function decimalsOf(precision: number): number {
  return Math.min(8, Math.max(0, Math.round(-Math.log10(precision))));
}

/** A score to its metric's precision and one digit more, never with a false −0. */
export function formatScore(value: number | null | undefined, precision: number, extra = 0): string {
  if (value === null || value === undefined) return DASH;
  const text = value.toFixed(decimalsOf(precision) + extra);
  return text.replace(/^-/, '−').replace(/^−(0(?:\.0+)?)$/, '$1');
}

/** With a sign, for differences. */
export function formatSigned(value: number | null | undefined, precision: number): string {
  if (value === null || value === undefined) return DASH;
  const text = formatScore(value, precision);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** Four significant digits without trailing zeros, for values that may be counts, rates or nought and one. */
export function formatShort(value: number, signed = false): string {
  const text = String(Number(value.toPrecision(4))).replace('-', '−');
  return signed && value > 0 ? `+${text}` : text;
}

export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return DASH;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  const minutes = seconds / 60;
  return minutes < 100 ? `${minutes.toFixed(1)} min` : `${(minutes / 60).toFixed(1)} h`;
}

export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return DASH;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`;
}

export function formatCount(value: number | null | undefined): string {
  if (value === null || value === undefined) return DASH;
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} G`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  return Math.round(value).toLocaleString('en-GB').replaceAll(',', ' ');
}

/** 2026-11-21 06:07 UTC. */
export function formatTime(iso: string | null | undefined): string {
  if (!iso) return DASH;
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

export function formatAgo(iso: string | null | undefined, now: number): string {
  if (!iso) return 'never';
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} d ago`;
}

/** {alpha: 2, beta: 40} → "alpha 2, beta 40". */
export function formatParams(params: Readonly<Record<string, unknown>>): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

/** PLATFORM_TUNED → "platform tuned". */
export function words(constant: string): string {
  return constant.toLowerCase().replaceAll('_', ' ');
}
