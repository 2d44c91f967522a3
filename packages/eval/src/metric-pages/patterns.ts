/** Which page a score key belongs to. */
import type { MetricPage } from './types.js';

const escape = (text: string): string => text.replace(/[.*+?^$()|[\]\\/]/g, '\\$&');

const compiled = new Map<string, RegExp>();

/** The regular expression of a key pattern: `{k}` is digits, `{a,b}` a choice, any other `{name}` non-empty text. */
export function patternExpression(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const source = pattern
    .split(/(\{[^}]*\})/)
    .map((part) => {
      if (!part.startsWith('{')) return escape(part);
      const names = part.slice(1, -1).split(',');
      if (names.length > 1) return `(?:${names.map(escape).join('|')})`;
      return names[0] === 'k' ? '\\d+' : '.+';
    })
    .join('');
  const expression = new RegExp(`^${source}$`);
  compiled.set(pattern, expression);
  return expression;
}

const names = (list: readonly string[], board: string): boolean =>
  list.some((each) => (each.endsWith('*') ? board.startsWith(each.slice(0, -1)) : each === board));

/** Whether this page describes that score key of that benchmark. */
export function describes(page: MetricPage, scoreKey: string, board: string): boolean {
  if (page.boards && !names(page.boards, board)) return false;
  if (page.except && names(page.except, board)) return false;
  return page.keys.some(({ pattern }) => patternExpression(pattern).test(scoreKey));
}
