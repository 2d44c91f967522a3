import type { Metadata } from 'next';
import { PageHead } from '@/components/ui';
import { LazyPanel } from '@/features/explorer/lazy-panel';

export const metadata: Metadata = { title: 'GraphQL explorer' };

export default function ExplorerPage() {
  return (
    <>
      <PageHead title="GraphQL explorer">
        The API that this site reads, at <code>/graphql</code>. Signed in, it runs with your rights.
      </PageHead>
      <noscript>
        <p>The editor needs JavaScript. Any GraphQL client works as well, curl among them.</p>
      </noscript>
      <div className="h-[72vh] min-h-[480px] border border-line">
        <LazyPanel />
      </div>
    </>
  );
}
