'use client';

import 'graphiql/setup-workers/webpack';
import 'graphiql/style.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';

const FIRST = `# Ctrl-Enter runs it.
{
  leaderboard(
    benchmark: "letter-retrieval"
    first: 20
  ) {
    edges {
      node {
        rank
        mean
        n
        interval { low high over }
        method { key }
      }
    }
  }
}
`;

export function GraphiqlPanel() {
  return (
    <GraphiQL fetcher={createGraphiQLFetcher({ url: '/graphql' })} defaultQuery={FIRST} shouldPersistHeaders={false} />
  );
}
