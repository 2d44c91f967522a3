import { Link } from '@/components/link';

const sections = [
  ['/benchmarks', 'Benchmarks'],
  ['/methods', 'Methods'],
  ['/datasets', 'Datasets'],
  ['/metrics', 'Metrics'],
  ['/papers', 'Papers'],
  ['/queue', 'Queue'],
  ['/search', 'Search'],
] as const;

export function SiteHeader({ signedIn, theme }: { signedIn: boolean; theme: string | undefined }) {
  return (
    <header className="border-b border-line">
      <div className="max-w-[1200px] mx-auto px-4 py-2 min-[900px]:py-3 flex flex-wrap items-center gap-x-5 gap-y-1">
        <Link href="/" className="font-semibold text-ink no-underline inline-flex items-center gap-2">
          <Mark /> Touchstone
        </Link>
        <nav aria-label="Sections" className="flex flex-wrap gap-x-4 max-[899px]:order-last max-[899px]:w-full grow">
          {sections.map(([href, name]) => (
            <Link
              key={href}
              href={href}
              className={`text-soft no-underline hover:text-ink ${href === '/search' ? 'min-[900px]:hidden' : ''}`}
            >
              {name}
            </Link>
          ))}
        </nav>
        <form action="/search" role="search" className="flex max-[899px]:order-3 max-[899px]:hidden">
          <label htmlFor="site-search" className="sr-only">
            Search
          </label>
          <input id="site-search" name="q" type="search" placeholder="Search" className="w-32" />
        </form>
        <nav aria-label="Account" className="flex flex-wrap gap-x-4 items-center max-[899px]:ml-auto">
          <Link href="/submit">Submit</Link>
          {signedIn ? (
            <>
              <Link href="/submissions">
                <span className="max-[899px]:hidden">My submissions</span>
                <span className="min-[900px]:hidden">Mine</span>
              </Link>
              <Link href="/account">Account</Link>
            </>
          ) : (
            <Link href="/sign-in">Sign in</Link>
          )}
          <ThemeSwitch theme={theme} />
        </nav>
      </div>
    </header>
  );
}

/** A plain form: it works without JavaScript and leaves the choice in a cookie. */
function ThemeSwitch({ theme }: { theme: string | undefined }) {
  const next = theme === 'dark' ? 'light' : theme === 'light' ? 'auto' : 'dark';
  return (
    <form action="/theme" method="post">
      <button
        name="theme"
        value={next}
        className="text-soft cursor-pointer hover:text-ink"
        title={`Switch to ${next} colours`}
      >
        <span aria-hidden>{theme === 'dark' ? '●' : theme === 'light' ? '○' : '◐'}</span>
        <span className="sr-only">Switch to {next} colours</span>
      </button>
    </form>
  );
}

function Mark() {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden>
      <path d="M2 5 6 1h6l3 6-4 8H4L1 10z" fill="var(--ink)" />
      <path d="m4 11 8-7" stroke="var(--accent)" strokeWidth="1.8" strokeLinecap="round" />
    </svg>
  );
}

export function SiteFooter() {
  return (
    <footer className="border-t border-line mt-8">
      <div className="max-w-[1200px] mx-auto px-4 py-4 text-soft flex flex-wrap gap-x-5 gap-y-1">
        <span>Touchstone, open source under Apache-2.0</span>
        <Link href="/explorer" className="text-soft">
          GraphQL explorer
        </Link>
        <Link href="/compare" className="text-soft">
          Compare
        </Link>
        <Link href="/benchmarks" className="text-soft">
          Protocols
        </Link>
        <Link href="/kernels" className="text-soft">
          Kernels
        </Link>
      </div>
    </footer>
  );
}
