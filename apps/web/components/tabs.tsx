import { Link } from './link';

export interface Tab {
  readonly key: string;
  readonly title: string;
  readonly href: string;
  readonly count: number;
}

/** Links to the parts of a list, each with its number of rows. */
export function Tabs({ label, tabs, current }: { label: string; tabs: readonly Tab[]; current: string }) {
  return (
    <nav aria-label={label} className="flex flex-wrap gap-x-6 border-b border-line mb-3">
      {tabs.map(({ key, title, href, count }) => (
        <Link
          key={key}
          href={href}
          aria-current={key === current ? 'page' : undefined}
          className={`py-2 -mb-px no-underline border-b-2 first-letter:uppercase ${key === current ? 'border-accent text-ink font-medium' : 'border-transparent text-soft hover:text-ink'}`}
        >
          {title} <span className="text-soft tabular-nums">{count}</span>
        </Link>
      ))}
    </nav>
  );
}
