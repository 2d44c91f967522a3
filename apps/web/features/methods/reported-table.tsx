import { DataTable } from '@/components/data-table';
import { Badge } from '@/components/ui';

interface Reported {
  readonly dataset: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string | null;
  readonly setting: string | null;
  readonly where: string;
  readonly verified: boolean;
}

interface Group {
  readonly key: string;
  readonly first: Reported;
  readonly figures: Reported[];
}

/** Figures of a paper, those of one data set, setting and place in one row. */
export function ReportedTable({ figures }: { figures: readonly Reported[] }) {
  const groups = new Map<string, Group>();
  for (const figure of figures) {
    const key = JSON.stringify([figure.dataset, figure.setting, figure.where, figure.verified]);
    const group = groups.get(key) ?? { key, first: figure, figures: [] };
    group.figures.push(figure);
    groups.set(key, group);
  }
  return (
    <DataTable
      label="Reported figures"
      rows={[...groups.values()]}
      rowKey={(group) => group.key}
      columns={[
        {
          head: 'Data',
          cell: ({ first }) => (
            <>
              {first.dataset}
              {first.setting && <span className="block text-soft">{first.setting}</span>}
            </>
          ),
        },
        {
          head: 'Figures',
          cell: (group) =>
            group.figures.map((figure, i) => (
              <span key={i} className="flex justify-between gap-4 whitespace-nowrap">
                {figure.metric}
                <span className="tabular-nums">
                  {figure.value}
                  {figure.unit ? ` ${figure.unit}` : ''}
                </span>
              </span>
            )),
        },
        {
          head: 'Where',
          cellClassName: '!pl-2',
          cell: ({ first }) => (
            <>
              {first.where}{' '}
              {!first.verified && (
                <Badge tone="bad" title="Recalled, not checked against the source">
                  unverified
                </Badge>
              )}
            </>
          ),
        },
      ]}
    />
  );
}
