import { Facts, TextLink } from '@/components/ui';
import type { Method } from './query';

/** Where a method comes from, what it takes, and where it can be tried. */
export function SourceFacts({ method: m }: { method: Method }) {
  return (
    <Facts
      items={[
        [
          'Paper',
          m.paper ? (
            <TextLink key="p" href={`/papers/${m.paper.key}`}>
              {m.paper.title}
            </TextLink>
          ) : (
            'none'
          ),
        ],
        m.paper ? ['Authors', m.paper.authors] : null,
        m.paper
          ? [
              'Venue',
              m.paper.venue.includes(String(m.paper.year)) ? m.paper.venue : `${m.paper.venue}, ${m.paper.year}`,
            ]
          : null,
        ['Functions', m.functions.length ? <code key="f">{m.functions.join(', ')}</code> : 'none'],
        [
          'Inputs',
          m.inputs.map((input) => (
            <span key={input.name} className="block">
              <code>
                {input.name}[{input.shape.join(', ')}]
              </code>{' '}
              {input.dtype}, {input.domain}
            </span>
          )),
        ],
        [
          'Benchmarks',
          m.benchmarks.length
            ? m.benchmarks.map((b) => (
                <span key={b.key} className="block">
                  <TextLink href={`/submit?benchmark=${b.key}&method=${m.key}`}>{b.title}</TextLink>
                </span>
              ))
            : 'none yet',
        ],
      ]}
    />
  );
}
