import { Link } from '@/components/link';
import { listHref, type ListSearch, type ListTrack, TRACKS } from './list-search';

const TITLES: Readonly<Record<ListTrack, string>> = { train: 'Trained here', predictions: 'Predictions' };

/** The two kinds of boards, each with how many of them are found. */
export function TrackTabs({ search, counts }: { search: ListSearch; counts: Readonly<Record<ListTrack, number>> }) {
  return (
    <nav aria-label="Tracks" className="flex flex-wrap gap-x-6 border-b border-line mb-3">
      {TRACKS.map((track) => (
        <Link
          key={track}
          href={listHref({ ...search, track })}
          aria-current={track === search.track ? 'page' : undefined}
          className={`py-2 -mb-px no-underline border-b-2 ${track === search.track ? 'border-accent text-ink font-medium' : 'border-transparent text-soft hover:text-ink'}`}
        >
          {TITLES[track]} <span className="text-soft tabular-nums">{counts[track]}</span>
        </Link>
      ))}
    </nav>
  );
}
