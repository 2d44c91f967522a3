/** Words over the catalogue, in memory: a few hundred records. */
import { listBenchmarks, listDatasets, listPredictionBenchmarks } from '@touchstone/eval/meta';
import { listMethods, listPapers } from '@touchstone/losses/meta';
import { metricRecords } from '../../lib/catalogue.js';
import { ApiError } from '../../lib/errors.js';
import type { SearchHit } from './search.type.js';

interface Indexed extends SearchHit {
  /** Lower case, without accents. */
  readonly text: string;
}

const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

function record(kind: string, key: string, title: string, summary: string, more = ''): Indexed {
  return { kind, key, title, summary, href: `/${kind}s/${key}`, text: fold(`${key} ${title} ${summary} ${more}`) };
}

function catalogue(): Indexed[] {
  const newest = new Map(
    listBenchmarks()
      .toReversed()
      .map((b) => [b.protocol.key, b]),
  );
  return [
    ...[...newest.values()].map((b) => record('benchmark', b.protocol.key, b.title, b.summary, b.protocol.task)),
    ...listPredictionBenchmarks().map((b) => record('benchmark', b.protocol.key, b.title, b.summary, 'predictions')),
    ...listMethods().map((m) =>
      record('method', m.key, m.title, m.summary, `${m.family} ${m.slot} ${m.paper?.authors ?? ''}`),
    ),
    ...listDatasets().map((d) => record('dataset', d.key, d.title, d.summary)),
    ...metricRecords().map(({ key, page, definition }) =>
      record(
        'metric',
        key,
        page?.title ?? definition?.title ?? key,
        page?.summary ?? definition?.description ?? '',
        page ? `${page.field} ${page.keys.map(({ pattern }) => pattern).join(' ')}` : '',
      ),
    ),
    ...listPapers().map((p) =>
      record('paper', p.key, p.title, `${p.authors}, ${p.venue}`, `${p.year} ${p.arxiv ?? ''}`),
    ),
  ];
}

/** Every word must occur; a hit in key or title counts more than one in the text. */
export function search(query: string, first: number): SearchHit[] {
  if (query.length > 200)
    throw new ApiError('BAD_INPUT', 'query is too long', {
      field: 'query',
      value: query.length,
      allowed: 'at most 200 characters',
    });
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return catalogue()
    .filter(({ text }) => words.every((word) => text.includes(word)))
    .map((hit) => {
      const name = fold(`${hit.key} ${hit.title}`);
      const score = words.reduce((sum, word) => sum + (fold(hit.key) === word ? 4 : name.includes(word) ? 2 : 1), 0);
      return { hit, score };
    })
    .sort((a, b) => b.score - a.score || a.hit.title.localeCompare(b.hit.title, 'en'))
    .slice(0, first)
    .map(({ hit }) => hit);
}
