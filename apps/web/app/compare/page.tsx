import type { Metadata } from 'next';
import { Link } from '@/components/link';
import { Notice, PageHead, TextLink } from '@/components/ui';
import { Choose } from '@/features/compare/choose';
import { DifferenceFacts } from '@/features/compare/difference-facts';
import { SeedTable } from '@/features/compare/seed-table';
import { compareQuery } from '@/features/compare/query';
import { ApiError, request } from '@/lib/api/client';

export const metadata: Metadata = { title: 'Compare' };

interface Props {
  searchParams: Promise<Record<string, string | undefined>>;
}

export default async function ComparePage({ searchParams }: Props) {
  const { a, b, score, benchmark } = await searchParams;
  if (!a || !b) return <Choose benchmark={benchmark} />;
  let difference;
  try {
    ({ difference } = await request(compareQuery, { a, b, scoreKey: score ?? null }));
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'UNREACHABLE') throw error;
    return (
      <>
        <PageHead title="Compare two entries" />
        <Notice tone="bad">{error.message}</Notice>
      </>
    );
  }
  if (!difference)
    return (
      <>
        <PageHead title="Compare two entries" />
        <Notice tone="bad">These two have no seed in common on one benchmark, so there is no paired difference.</Notice>
      </>
    );
  const d = difference;
  const board = d.a.benchmark;
  return (
    <>
      <PageHead
        title={
          <>
            {d.a.label} against {d.b.label}
          </>
        }
        kicker={
          <>
            Paired difference on <TextLink href={`/leaderboards/${board.key}`}>{board.title}</TextLink>
          </>
        }
      />
      <form className="flex flex-wrap gap-3 items-end mb-4">
        <input type="hidden" name="a" value={a} />
        <input type="hidden" name="b" value={b} />
        <label className="grid text-soft">
          Score
          <select name="score" defaultValue={d.scoreKey}>
            {board.scoreKeys.map((k) => (
              <option key={k.key} value={k.key}>
                {k.title}
              </option>
            ))}
          </select>
        </label>
        <button className="button">Show</button>
        <Link className="button" href={`/compare?a=${b}&b=${a}`}>
          Swap
        </Link>
      </form>
      <DifferenceFacts difference={d} />
      <h2>By seed</h2>
      <SeedTable difference={d} />
    </>
  );
}
