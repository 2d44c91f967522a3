import katex from 'katex';
import { Link } from '@/components/link';
import { type Block, type Inline, parseMarkdown, withoutTitle } from '@/lib/markdown';

/** TeX rendered on the server. KaTeX escapes its input and, untrusted, makes no links and no raw HTML. */
export function Tex({ tex, display = false }: { tex: string; display?: boolean }) {
  const html = katex.renderToString(tex, {
    displayMode: display,
    throwOnError: false,
    trust: false,
    strict: false,
    output: 'htmlAndMathml',
  });
  return display ? (
    <div
      role="group"
      aria-label="Formula"
      tabIndex={0}
      className="scroll overflow-y-hidden"
      dangerouslySetInnerHTML={{ __html: html }}
    />
  ) : (
    <span dangerouslySetInnerHTML={{ __html: html }} />
  );
}

function Spans({ content }: { content: readonly Inline[] }) {
  return content.map((part, i) => {
    if (part.kind === 'code') return <code key={i}>{part.text}</code>;
    if (part.kind === 'math') return <Tex key={i} tex={part.text} />;
    if (part.kind === 'strong') return <strong key={i}>{part.text}</strong>;
    if (part.kind === 'emphasis') return <em key={i}>{part.text}</em>;
    if (part.kind === 'link')
      return (
        <Link key={i} href={part.href} rel={part.href.startsWith('http') ? 'noreferrer' : undefined}>
          {part.text}
        </Link>
      );
    return <span key={i}>{part.text}</span>;
  });
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      return block.level === 2 ? (
        <h2>
          <Spans content={block.content} />
        </h2>
      ) : (
        <h3>
          <Spans content={block.content} />
        </h3>
      );
    case 'paragraph':
      return (
        <p>
          <Spans content={block.content} />
        </p>
      );
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List>
          {block.items.map((item, i) => (
            <li key={i}>
              <Spans content={item} />
            </li>
          ))}
        </List>
      );
    }
    case 'code':
      return <pre tabIndex={0}>{block.text}</pre>;
    case 'math':
      return <Tex tex={block.text} display />;
    case 'table':
      return (
        <div
          className="scroll my-3"
          tabIndex={0}
          role="region"
          aria-label={`Table of ${block.head.map((cell) => cell.map((part) => part.text).join('')).join(', ')}`}
        >
          <table>
            <thead>
              <tr>
                {block.head.map((cell, i) => (
                  <th key={i} scope="col">
                    <Spans content={cell} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, i) => (
                <tr key={i}>
                  {row.map((cell, j) => (
                    <td key={j}>
                      <Spans content={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
  }
}

export function Markdown({ source }: { source: string }) {
  // The page's own title stands above it already.
  const blocks = parseMarkdown(withoutTitle(source));
  return (
    <div className="prose">
      {blocks.map((block, i) => (
        <BlockView key={i} block={block} />
      ))}
    </div>
  );
}
