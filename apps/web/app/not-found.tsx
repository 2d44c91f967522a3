import Link from 'next/link';
import { PageHead } from '@/components/ui';

export default function NotFound() {
  return (
    <PageHead title="There is nothing at this address" kicker="404">
      The name may be misspelt, or what stood here was never published. <Link href="/benchmarks">All benchmarks</Link> ·{' '}
      <Link href="/search">Search</Link>
    </PageHead>
  );
}
