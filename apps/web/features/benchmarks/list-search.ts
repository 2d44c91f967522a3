/** Which benchmarks the list shows, from its address. */

export const TRACKS = ['train', 'predictions'] as const;
export type ListTrack = (typeof TRACKS)[number];

export interface ListSearch {
  readonly track: ListTrack;
  /** Trimmed; empty where nothing is sought. */
  readonly text: string;
}

type Raw = Record<string, string | string[] | undefined>;
const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) ?? '';

export function readListSearch(raw: Raw): ListSearch {
  const asked = one(raw.track).toLowerCase();
  return { track: TRACKS.find((track) => track === asked) ?? 'train', text: one(raw.q).trim().slice(0, 100) };
}

export function listHref({ track, text }: ListSearch): string {
  const query = new URLSearchParams();
  if (track !== 'train') query.set('track', track);
  if (text) query.set('q', text);
  return query.size > 0 ? `/benchmarks?${query}` : '/benchmarks';
}

interface Sought {
  readonly key: string;
  readonly title: string;
  readonly summary: string;
  readonly primary: { readonly key: string; readonly title: string };
  readonly dataKeys: readonly string[];
}

/** Every word stands somewhere in title, key, summary, primary score or data. */
export function matches({ key, title, summary, primary, dataKeys }: Sought, text: string): boolean {
  const all = [key, title, summary, primary.key, primary.title, ...dataKeys].join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
