import { Tabs } from '@/components/tabs';
import { listHref, type ListSearch, type ListTrack, TRACKS } from './list-search';

const TITLES: Readonly<Record<ListTrack, string>> = { train: 'Trained here', predictions: 'Predictions' };

/** The two kinds of boards, each with how many of them are found. */
export function TrackTabs({ search, counts }: { search: ListSearch; counts: Readonly<Record<ListTrack, number>> }) {
  return (
    <Tabs
      label="Tracks"
      current={search.track}
      tabs={TRACKS.map((track) => ({
        key: track,
        title: TITLES[track],
        href: listHref({ ...search, track }),
        count: counts[track],
      }))}
    />
  );
}
