import type { Metadata } from 'next';
import { Empty, PageHead } from '@/components/ui';
import { benchmarksQuery } from '@/features/benchmarks/list';
import { type ListTrack, matches, readListSearch } from '@/features/benchmarks/list-search';
import { PredictionsLists } from '@/features/benchmarks/predictions-lists';
import { TrackTabs } from '@/features/benchmarks/track-tabs';
import { TrainingTable } from '@/features/benchmarks/training-table';
import { request } from '@/lib/api/client';

export const metadata: Metadata = { title: 'Benchmarks' };

const TEXTS: Readonly<Record<ListTrack, string>> = {
  train: 'A method with its parameters is sent; it is trained and scored here over all seeds.',
  predictions: 'Files made elsewhere are sent; they are scored here by the rules of the official tool.',
};

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function BenchmarksPage({ searchParams }: Props) {
  const search = readListSearch(await searchParams);
  const found = (await request(benchmarksQuery)).benchmarks.nodes.filter((b) => matches(b, search.text));
  const of = {
    train: found.filter((b) => b.track === 'TRAIN'),
    predictions: found.filter((b) => b.track === 'PREDICTIONS'),
  };
  return (
    <>
      <PageHead title="Benchmarks">
        Each is a frozen, versioned protocol with a hash that stands in every run. A change is a new version, never an
        edit.
      </PageHead>
      <TrackTabs search={search} counts={{ train: of.train.length, predictions: of.predictions.length }} />
      <div className="flex flex-wrap gap-x-6 gap-y-3 items-end justify-between mb-3">
        <p className="text-soft max-w-[72ch]">{TEXTS[search.track]}</p>
        <form action="/benchmarks" className="flex gap-2">
          {search.track !== 'train' && <input type="hidden" name="track" value={search.track} />}
          <input name="q" type="search" defaultValue={search.text} aria-label="Words to find" className="w-44" />
          <button className="button">Find</button>
        </form>
      </div>
      {of[search.track].length === 0 ? (
        <Empty>No benchmark of this track has “{search.text}” in its title, summary, primary score or data.</Empty>
      ) : search.track === 'train' ? (
        <TrainingTable benchmarks={of.train} />
      ) : (
        <PredictionsLists benchmarks={of.predictions} />
      )}
    </>
  );
}
