import { formatTime } from '@/lib/format';
import type { Entry } from './query';

/** What happened to an entry, and who did it. */
export function History({ events }: { events: Entry['events'] }) {
  return (
    <ul>
      {events.map((event) => (
        <li key={event.id} className="border-b border-line py-1">
          <time dateTime={event.at} className="text-soft mr-4">
            {formatTime(event.at)}
          </time>
          {event.message} {event.actor && <span className="text-soft">by {event.actor}</span>}
        </li>
      ))}
      {events.length === 0 && <li className="text-soft">No event.</li>}
    </ul>
  );
}
