import { Badge, TableFrame } from '@/components/ui';

interface Reported {
  readonly dataset: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string | null;
  readonly setting: string | null;
  readonly where: string;
  readonly verified: boolean;
}

/** Figures of a paper, those of one data set, setting and place in one row. */
export function ReportedTable({ figures }: { figures: readonly Reported[] }) {
  const groups = new Map<string, Reported[]>();
  for (const figure of figures) {
    const key = JSON.stringify([figure.dataset, figure.setting, figure.where, figure.verified]);
    groups.set(key, [...(groups.get(key) ?? []), figure]);
  }
  return (
    <TableFrame label="Reported figures">
      <table>
        <thead>
          <tr>
            <th scope="col">Data</th>
            <th scope="col">Figures</th>
            <th scope="col">Where</th>
          </tr>
        </thead>
        <tbody>
          {[...groups].map(([key, [first, ...rest]]) =>
            first ? (
              <tr key={key}>
                <td>
                  {first.dataset}
                  {first.setting && <span className="block text-soft">{first.setting}</span>}
                </td>
                <td>
                  {[first, ...rest].map((figure, i) => (
                    <span key={i} className="flex justify-between gap-4 whitespace-nowrap">
                      {figure.metric}
                      <span className="tabular-nums">
                        {figure.value}
                        {figure.unit ? ` ${figure.unit}` : ''}
                      </span>
                    </span>
                  ))}
                </td>
                <td className="!pl-2">
                  {first.where}{' '}
                  {!first.verified && (
                    <Badge tone="bad" title="Recalled, not checked against the source">
                      unverified
                    </Badge>
                  )}
                </td>
              </tr>
            ) : null,
          )}
        </tbody>
      </table>
    </TableFrame>
  );
}
