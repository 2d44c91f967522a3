import { Badge, TextLink } from '@/components/ui';
import { words } from '@/lib/format';
import type { Benchmark } from './query';

/** The slots of a benchmark, with their default and what they accept. */
export function SlotList({ slots }: { slots: Benchmark['slots'] }) {
  return (
    <ul>
      {slots.map((slot) => (
        <li key={slot.slot} className="border-b border-line py-2">
          <span className="font-medium">{words(slot.slot)}</span>{' '}
          {slot.ranked && <Badge tone="accent">ranked here</Badge>}
          <span className="block text-soft">
            default{' '}
            {slot.default ? <TextLink href={`/methods/${slot.default.key}`}>{slot.default.title}</TextLink> : 'none'};
            accepts{' '}
            {slot.methods.map((method, i) => (
              <span key={method.key}>
                {i > 0 && ', '}
                <TextLink href={`/methods/${method.key}`}>{method.title}</TextLink>
              </span>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}
