import type { ListedMetric } from './query';

export interface MetricGroup {
  readonly field: string;
  /** Where the group stands on the page. */
  readonly anchor: string;
  readonly metrics: readonly ListedMetric[];
}

/** With a capital at its beginning. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const UNNAMED = 'other';

/** Metrics by field, fields and metrics in the order of their names; those without a field last. */
export function byField(metrics: readonly ListedMetric[]): MetricGroup[] {
  const groups = new Map<string, ListedMetric[]>();
  for (const metric of metrics) {
    const field = metric.field ?? UNNAMED;
    groups.set(field, [...(groups.get(field) ?? []), metric]);
  }
  return [...groups]
    .sort(([a], [b]) => Number(a === UNNAMED) - Number(b === UNNAMED) || a.localeCompare(b, 'en'))
    .map(([field, found]) => ({
      field,
      anchor: field.replaceAll(' ', '-'),
      metrics: found.toSorted((a, b) => a.title.localeCompare(b.title, 'en')),
    }));
}
