import { PageHead, TextLink } from '@/components/ui';

export default function NotFound() {
  return (
    <PageHead title="There is nothing at this address" kicker="404">
      The name may be misspelt, or what stood here was never published.{' '}
      <TextLink href="/benchmarks">All benchmarks</TextLink> · <TextLink href="/search">Search</TextLink>
    </PageHead>
  );
}
