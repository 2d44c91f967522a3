import type { Metadata } from 'next';
import { Link } from '@/components/link';
import { Empty, Notice, PageHead, TextLink } from '@/components/ui';
import { Choose } from '@/features/compare/choose';
import { DifferenceFacts } from '@/features/compare/difference-facts';
import { ClassTable } from '@/features/compare/class-table';
import { DifferenceLine } from '@/features/compare/difference-line';
import { ExampleTable } from '@/features/compare/example-table';
import { compareQuery, resolutionQuery, scoreOf } from '@/features/compare/query';
import { SeedTable } from '@/features/compare/seed-table';
import { verdictOf } from '@/features/compare/sentence';
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
  const { leaderboard } = await request(resolutionQuery, {
    key: `${board.key}@${board.version}`,
    scoreKey: d.scoreKey,
  });
  const swapped = new URLSearchParams({ a: b, b: a, ...(score && { score }) });
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
            Paired difference on <TextLink href={`/leaderboards/${board.key}@${board.version}`}>{board.title}</TextLink>
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
        <Link className="button" href={`/compare?${swapped}`}>
          Swap
        </Link>
      </form>
      <p className="text-[16px] leading-6 font-medium max-w-[72ch]">
        {verdictOf(d, { a: d.a.label, b: d.b.label, ...scoreOf(d) })}
      </p>
      <DifferenceLine difference={d} resolution={leaderboard.resolution} />
      <DifferenceFacts difference={d} resolution={leaderboard.resolution} />
      {board.track === 'TRAIN' && (
        <>
          <h2>By seed</h2>
          <SeedTable difference={d} />
        </>
      )}
      {d.examplesReason === null ? (
        <>
          <h2>By class</h2>
          {d.byClass ? <ClassTable difference={d} /> : <Empty>The test units have no classes.</Empty>}
          <h2>Worst examples of {d.a.label}</h2>
          <ExampleTable difference={d} />
          <p className="text-soft mt-2">
            Where it loses most against {d.b.label}, mean over seeds.{' '}
            <TextLink href={`/compare?${swapped}`}>Where {d.b.label} loses most</TextLink>
          </p>
        </>
      ) : (
        <>
          <h2>By class and example</h2>
          <Empty>Not known: {d.examplesReason}.</Empty>
        </>
      )}
    </>
  );
}
