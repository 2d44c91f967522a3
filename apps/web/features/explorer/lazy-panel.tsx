'use client';

import dynamic from 'next/dynamic';

/** Only this page loads the editor. */
export const LazyPanel = dynamic(() => import('./graphiql-panel').then((module) => module.GraphiqlPanel), {
  ssr: false,
  loading: () => <p className="text-soft">Loading the editor …</p>,
});
