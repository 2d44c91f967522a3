import { Link } from '@/components/link';
import type { ReactNode } from 'react';
import { words } from '@/lib/format';

export function PageHead({ title, kicker, children }: { title: ReactNode; kicker?: ReactNode; children?: ReactNode }) {
  return (
    <div className="mb-6">
      {kicker && <p className="text-soft">{kicker}</p>}
      <h1 className="break-words">{title}</h1>
      {children && <div className="mt-2 max-w-[72ch] text-soft">{children}</div>}
    </div>
  );
}

export function Badge({
  children,
  tone = 'plain',
  title,
}: {
  children: ReactNode;
  tone?: 'plain' | 'accent' | 'bad' | 'good';
  title?: string;
}) {
  const colour = {
    plain: 'text-soft border-line',
    accent: 'text-accent-ink border-accent',
    bad: 'text-bad border-bad',
    good: 'text-good border-good',
  }[tone];
  return (
    <span title={title} className={`inline-block border px-1.5 text-[11px] leading-4 whitespace-nowrap ${colour}`}>
      {children}
    </span>
  );
}

/** Scale and fidelity stand wherever a number stands, unless the protocol is the published one. */
export function ScaleBadge({ scale, fidelity }: { scale: string; fidelity: string }) {
  if (scale === 'FULL' && fidelity === 'OFFICIAL') return null;
  return (
    <Badge tone="accent" title="Not the published full-scale protocol; its figures do not compare with papers.">
      {[
        scale === 'FULL' ? null : words(scale),
        fidelity === 'OFFICIAL' ? null : fidelity.replace(/^VARIANT\((.*)\)$/s, 'variant data'),
      ]
        .filter(Boolean)
        .join(', ')}
    </Badge>
  );
}

const claims = { RERUN: ['●', 're-run'], SUBMITTED: ['◆', 'submitted'], REPORTED: ['○', 'reported'] } as const;

export function ClaimMark({ claim }: { claim: keyof typeof claims }) {
  const [shape, word] = claims[claim];
  return (
    <span className="whitespace-nowrap">
      <span aria-hidden className="text-accent-ink">
        {shape}
      </span>{' '}
      {word}
    </span>
  );
}

export function StateMark({ state }: { state: string }) {
  const tone = state === 'SUCCEEDED' ? 'good' : state === 'FAILED' ? 'bad' : state === 'RUNNING' ? 'accent' : 'plain';
  return <Badge tone={tone}>{words(state)}</Badge>;
}

export function Facts({ items }: { items: readonly (readonly [string, ReactNode] | null)[] }) {
  return (
    <dl className="grid grid-cols-[fit-content(40%)_1fr] sm:grid-cols-[minmax(96px,auto)_1fr] gap-x-6 gap-y-1">
      {items
        .filter((item) => item !== null)
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-soft">{name}</dt>
            <dd className="break-words min-w-0">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export function Notice({ children, tone = 'plain' }: { children: ReactNode; tone?: 'plain' | 'bad' }) {
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'note'}
      className={`border-l-2 pl-3 py-1 my-4 ${tone === 'bad' ? 'border-bad' : 'border-accent'}`}
    >
      {children}
    </div>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <p className="text-soft py-4">{children}</p>;
}

/** A table that scrolls inside itself on a narrow screen, reachable by keyboard. */
export function TableFrame({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}

export function Hash({ value, length = 12 }: { value: string; length?: number }) {
  return (
    <code title={value} className="break-all">
      {value.slice(0, length)}…
    </code>
  );
}

export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return <Link href={href}>{children}</Link>;
}
