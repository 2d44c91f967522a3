import { describe, expect, it } from 'vitest';
import { parseInline, parseMarkdown } from './markdown';

describe('markdown', () => {
  it('reads blocks', () => {
    const kinds = parseMarkdown(
      '# A\n\ntext $x$ more\nline\n\n- one\n- two\n  more\n\n1. a\n\n$$\ny\n$$\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n',
    ).map((b) => b.kind);
    expect(kinds).toEqual(['heading', 'paragraph', 'list', 'list', 'math', 'table', 'code']);
  });
  it('never makes markup of a stranger’s text', () => {
    expect(parseInline('<script>alert(1)</script>')).toEqual([{ kind: 'text', text: '<script>alert(1)</script>' }]);
    expect(parseInline('[x](javascript:alert(1))')[0]?.kind).toBe('text');
    expect(parseInline('[x](//evil.example)')[0]?.kind).toBe('text');
  });
  it('ends with the text even when a block is not closed', () => {
    expect(parseMarkdown('```\nopen')).toEqual([{ kind: 'code', text: 'open' }]);
    expect(parseMarkdown('$$\nopen').map((b) => b.kind)).toEqual(['math']);
  });
});
