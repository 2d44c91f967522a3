/** The small part of Markdown that page texts use, as a tree. Nothing in it can become raw HTML. */

export type Inline =
  | { kind: 'text' | 'code' | 'strong' | 'emphasis' | 'math'; text: string }
  | { kind: 'link'; text: string; href: string };

export type Block =
  | { kind: 'heading'; level: 2 | 3; content: Inline[] }
  | { kind: 'paragraph'; content: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'code'; text: string }
  | { kind: 'math'; text: string }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] };

const INLINE = /`([^`]+)`|\$([^$\n]+)\$|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

/** Only these can be followed; anything else stays text. */
function isSafeLink(href: string): boolean {
  return /^(https?:\/\/|\/(?!\/)|#)/.test(href);
}

export function parseInline(text: string): Inline[] {
  const out: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > at) out.push({ kind: 'text', text: text.slice(at, match.index) });
    const [whole, code, math, strong, emphasis, label, href] = match;
    if (code !== undefined) out.push({ kind: 'code', text: code });
    else if (math !== undefined) out.push({ kind: 'math', text: math });
    else if (strong !== undefined) out.push({ kind: 'strong', text: strong });
    else if (emphasis !== undefined) out.push({ kind: 'emphasis', text: emphasis });
    else if (label !== undefined && href !== undefined && isSafeLink(href))
      out.push({ kind: 'link', text: label, href });
    else out.push({ kind: 'text', text: whole });
    at = match.index + whole.length;
  }
  if (at < text.length) out.push({ kind: 'text', text: text.slice(at) });
  return out;
}

const cells = (line: string) =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => parseInline(cell.trim()));

/** Without the first heading, for a page whose title stands above it already. */
export const withoutTitle = (source: string) => source.replace(/^\s*#\s[^\n]*\n/, '');

export function parseMarkdown(source: string): Block[] {
  const lines = source.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  let i = 0;
  const until = (stop: (line: string) => boolean): string[] => {
    const taken: string[] = [];
    while (i < lines.length && !stop(lines[i] ?? '')) taken.push(lines[i++] ?? '');
    return taken;
  };
  while (i < lines.length) {
    const line = lines[i] ?? '';
    const heading = /^(#{1,4})\s+(.*)$/.exec(line);
    const item = /^\s*([-*]|\d+\.)\s+/.exec(line);
    if (line.trim() === '') i++;
    else if (line.startsWith('```')) {
      i++;
      blocks.push({ kind: 'code', text: until((l) => l.startsWith('```')).join('\n') });
      i++;
    } else if (line.trim().startsWith('$$')) {
      const oneLine = /^\$\$(.+)\$\$$/.exec(line.trim());
      i++;
      if (oneLine?.[1]) blocks.push({ kind: 'math', text: oneLine[1] });
      else {
        const first = line.trim().slice(2);
        const rest = until((l) => l.trim().endsWith('$$'));
        const last = (lines[i++] ?? '').trim().replace(/\$\$$/, '');
        blocks.push({ kind: 'math', text: [first, ...rest, last].join('\n').trim() });
      }
    } else if (heading) {
      i++;
      blocks.push({
        kind: 'heading',
        level: (heading[1]?.length ?? 2) <= 2 ? 2 : 3,
        content: parseInline(heading[2] ?? ''),
      });
    } else if (line.startsWith('|') && /^\|[\s:|-]+\|?$/.test(lines[i + 1] ?? '')) {
      const head = cells(line);
      i += 2;
      blocks.push({ kind: 'table', head, rows: until((l) => !l.startsWith('|')).map(cells) });
    } else if (item) {
      const ordered = /\d/.test(item[1] ?? '');
      const items: string[] = [];
      while (i < lines.length) {
        const next = lines[i] ?? '';
        if (/^\s*([-*]|\d+\.)\s+/.test(next)) items.push(next.replace(/^\s*([-*]|\d+\.)\s+/, ''));
        else if (/^\s+\S/.test(next) && items.length) items[items.length - 1] += ` ${next.trim()}`;
        else break;
        i++;
      }
      blocks.push({ kind: 'list', ordered, items: items.map(parseInline) });
    } else {
      const paragraph = until(
        (l) =>
          l.trim() === '' ||
          l.startsWith('```') ||
          /^#{1,4}\s/.test(l) ||
          /^\s*([-*]|\d+\.)\s+/.test(l) ||
          l.trim().startsWith('$$'),
      );
      blocks.push({ kind: 'paragraph', content: parseInline(paragraph.join(' ')) });
    }
  }
  return blocks;
}
