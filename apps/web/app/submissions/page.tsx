import type { Metadata } from 'next';
import { Live } from '@/components/live';
import { Empty, Notice, PageHead, StateMark, TableFrame, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { isSignedIn, request } from '@/lib/api/client';
import { formatScore, formatTime, words } from '@/lib/format';

export const metadata: Metadata = { title: 'My submissions' };

const query = graphql(`
  query MySubmissions($after: String) {
    submissions(first: 50, after: $after, mine: true) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        createdAt
        label
        state
        division
        withdrawnAt
        benchmark {
          key
          title
          primary {
            title
            precision
          }
        }
        entry {
          id
          rank
          mean
        }
        runs {
          state
        }
      }
    }
  }
`);

export default async function SubmissionsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | undefined>>;
}) {
  const { after, problem } = await searchParams;
  if (!(await isSignedIn()))
    return (
      <PageHead title="My submissions">
        <TextLink href="/sign-in">Sign in</TextLink> to see what you sent.
      </PageHead>
    );
  const { submissions } = await request(query, { after: after ?? null });
  const live = submissions.nodes.some((s) => s.state === 'QUEUED' || s.state === 'RUNNING');
  return (
    <>
      {live && <Live everyMs={2500} />}
      <PageHead title="My submissions">
        {submissions.totalCount} sent. <TextLink href="/submit">Submit a variant</TextLink>
      </PageHead>
      {problem && <Notice tone="bad">{problem}</Notice>}
      {submissions.nodes.length === 0 ? (
        <Empty>Nothing yet.</Empty>
      ) : (
        <TableFrame label="My submissions">
          <table className="max-sm:[&_:is(th,td):nth-child(1)]:hidden max-sm:[&_:is(th,td):nth-child(3)]:hidden">
            <thead>
              <tr>
                <th scope="col">Sent</th>
                <th scope="col">Variant</th>
                <th scope="col">Benchmark</th>
                <th scope="col">State</th>
                <th scope="col" className="num">
                  Seeds done
                </th>
                <th scope="col" className="num">
                  Mean
                </th>
                <th scope="col" className="num">
                  Rank
                </th>
              </tr>
            </thead>
            <tbody>
              {submissions.nodes.map((s) => (
                <tr key={s.id}>
                  <td className="whitespace-nowrap text-soft">{formatTime(s.createdAt)}</td>
                  <td className="min-w-40">
                    <TextLink href={`/submissions/${s.id}`}>{s.label}</TextLink>
                    <span className="block text-soft">
                      {words(s.division)}
                      {s.withdrawnAt ? ', withdrawn' : ''}
                    </span>
                  </td>
                  <td>
                    <TextLink
                      href={`/leaderboards/${s.benchmark.key}?division=${s.division.toLowerCase()}${s.entry ? `&entry=${s.entry.id}` : ''}`}
                    >
                      {s.benchmark.title}
                    </TextLink>
                  </td>
                  <td>
                    <StateMark state={s.state} />
                  </td>
                  <td className="num">
                    {s.runs.filter((r) => r.state === 'SUCCEEDED').length} of {s.runs.length}
                  </td>
                  <td className="num">{formatScore(s.entry?.mean, s.benchmark.primary.precision)}</td>
                  <td className="num">{s.entry?.rank ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      {submissions.pageInfo.hasNextPage && (
        <p className="mt-3">
          <TextLink href={`/submissions?after=${submissions.pageInfo.endCursor}`}>Older</TextLink>
        </p>
      )}
    </>
  );
}
