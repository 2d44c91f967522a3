/** What metric pages say can be shown: their TeX is TeX that the site's renderer knows, and their Markdown leaves nothing over. */
import { createRequire } from 'node:module';
import { listMetricPages } from '@touchstone/eval/meta';
import { describe, expect, it } from 'vitest';
import { parseInline, parseMarkdown } from '../../apps/web/lib/markdown.js';

const katex = createRequire(new URL('../../apps/web/package.json', import.meta.url))('katex') as {
  renderToString(tex: string, options: object): string;
};

describe.each(listMetricPages().map((page) => [page.key, page] as const))('%s', (_, page) => {
  const texts = [page.definition, page.resampled, page.ties, page.example.given, page.example.working];
  const lines = [...page.edges, ...page.disagreements];
  const inline = [
    ...texts.flatMap((text) => parseMarkdown(text).flatMap((block) => ('content' in block ? block.content : []))),
    ...lines.flatMap((line) => parseInline(line)),
  ];

  it('has formulas that render', () => {
    const formulas = [page.formula, ...inline.filter(({ kind }) => kind === 'math').map(({ text }) => text)];
    for (const tex of formulas)
      expect(() => katex.renderToString(tex, { throwOnError: true, trust: false, strict: false }), tex).not.toThrow();
  });

  it('has no mark-up that is left as text', () => {
    for (const { kind, text } of inline) if (kind === 'text') expect(text).not.toMatch(/[$`\\]|\]\(|\*\*/);
    for (const text of [page.title, page.summary, ...page.keys.map(({ meaning }) => meaning)])
      expect(text).not.toMatch(/[*$`\\\\]/);
    for (const line of lines) expect(line).not.toContain('\n');
  });
});
