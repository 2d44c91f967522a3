/** The main job, through the public API of a production start: submit, watch, read the leaderboard. */
import { gql, GraphQLClient } from 'graphql-request';
import { describe, expect, it } from 'vitest';
import { until } from './process-tree.js';

const api = `${process.env.TOUCHSTONE_E2E_API}/graphql`;
const client = new GraphQLClient(api, { headers: { authorization: `Bearer ${process.env.TOUCHSTONE_E2E_TOKEN}` } });

interface Row {
  rank: number | null;
  mean: number | null;
  deviation: number | null;
  n: number;
  interval: { low: number; high: number; over: string } | null;
  division: string;
  reference: string | null;
  shipped: boolean;
  variantHash: string;
  method: { key: string } | null;
  difference: { mean: number; low: number | null; high: number | null; n: number } | null;
}

const board = gql`
  query ($division: Division) {
    leaderboard(benchmark: "letter-retrieval", division: $division, first: 100) {
      edges {
        node {
          rank
          mean
          deviation
          n
          interval {
            low
            high
            over
          }
          division
          reference
          shipped
          variantHash
          method {
            key
          }
          difference {
            mean
            low
            high
            n
          }
        }
      }
    }
  }
`;
const rows = async (division?: string) =>
  (await client.request<{ leaderboard: { edges: { node: Row }[] } }>(board, { division })).leaderboard.edges.map(
    (e) => e.node,
  );

describe('a production start', () => {
  it('shows boards with reference rows at first sight', async () => {
    const shipped = (await rows()).filter((row) => row.shipped);
    expect(shipped.map((row) => row.reference)).toContain('UNTRAINED');
    expect(shipped.map((row) => row.reference)).toContain('BASELINE');
    for (const row of shipped) expect(row.mean).toBeGreaterThan(0);
  });

  it('trains what a person submits and shows its interval and paired difference', async () => {
    const submitted = await client.request<{
      submitVariant: {
        submission: { id: string; runs: { id: string; state: string }[] } | null;
        userErrors: unknown[];
      };
    }>(gql`
      mutation {
        submitVariant(
          input: {
            benchmark: "letter-retrieval"
            method: "multi-similarity"
            params: { alpha: 3 }
            idempotencyKey: "e2e"
          }
        ) {
          submission {
            id
            runs {
              id
              seed
              state
            }
          }
          userErrors {
            code
            field
            message
          }
        }
      }
    `);
    expect(submitted.submitVariant.userErrors).toEqual([]);
    const id = submitted.submitVariant.submission?.id;
    expect(submitted.submitVariant.submission?.runs).toHaveLength(5);

    const state = await until(
      async () => {
        const { submission } = await client.request<{
          submission: { state: string; runs: { state: string; message: string | null }[] };
        }>(
          gql`
            query ($id: ID!) {
              submission(id: $id) {
                state
                runs {
                  state
                  message
                }
              }
            }
          `,
          { id },
        );
        if (submission.runs.some((run) => run.state === 'FAILED')) throw new Error(JSON.stringify(submission));
        return submission.state === 'SUCCEEDED' && submission.state;
      },
      110_000,
      'five finished runs',
    );
    expect(state).toBe('SUCCEEDED');

    const open = await rows('OPEN');
    const mine = open.find((row) => row.method?.key === 'multi-similarity');
    expect(mine?.rank).toBeGreaterThanOrEqual(1);
    expect(mine?.n).toBe(5);
    expect(mine?.interval?.low).toBeLessThan(mine?.mean ?? 0);
    expect(mine?.interval?.over).toBe('BOTH');
    expect(mine?.difference?.n).toBe(5);
    const untrained = open.find((row) => row.reference === 'UNTRAINED');
    expect(untrained?.rank).toBeNull();
    expect(mine?.mean).toBeGreaterThan(untrained?.mean ?? 1);
  });

  it('refuses bad input with the field, the value and what is allowed, and stores nothing', async () => {
    const count = async () =>
      (await client.request<{ submissions: { totalCount: number } }>('{ submissions { totalCount } }')).submissions
        .totalCount;
    const before = await count();
    const answer = await client.request<{
      submitVariant: { submission: null; userErrors: { code: string; field: string; message: string }[] };
    }>(gql`
      mutation {
        submitVariant(input: { benchmark: "letter-retrieval", method: "multi-similarity", params: { alpha: -1 } }) {
          submission {
            id
          }
          userErrors {
            code
            field
            message
          }
        }
      }
    `);
    expect(answer.submitVariant.submission).toBeNull();
    expect(answer.submitVariant.userErrors[0]).toMatchObject({ code: 'PARAM_RANGE' });
    expect(answer.submitVariant.userErrors[0]?.message).toContain('-1');
    expect(await count()).toBe(before);
  });
});
