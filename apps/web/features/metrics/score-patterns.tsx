import { TableFrame } from '@/components/ui';
import { KeyPattern } from './key-pattern';
import type { MetricPageData } from './query';

interface Row {
  readonly name: string;
  readonly meaning: string;
  readonly direction: 'HIGHER' | 'LOWER';
  readonly unit: string;
  readonly low: number | null;
  readonly high: number | null;
  readonly keys: readonly string[];
}

/** The shapes of a metric's score keys; where nobody described them, the keys. */
export function ScorePatterns({ metric }: { metric: MetricPageData }) {
  const rows: readonly Row[] =
    metric.patterns.length > 0
      ? metric.patterns.map((pattern) => ({ ...pattern, name: pattern.pattern }))
      : metric.outputs.map((output) => ({ ...output, name: output.key, meaning: output.title, keys: [output.key] }));
  return (
    <TableFrame label="Score keys">
      <table>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Better</th>
            <th scope="col">Unit</th>
            <th scope="col" className="num">
              Range
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <td>
                <KeyPattern pattern={row.name} />
                <span className="block text-soft">{row.meaning}</span>
                {row.keys.length > 1 && (
                  <details>
                    <summary className="text-soft">{row.keys.length} keys</summary>
                    <p className="flex flex-wrap gap-x-3 max-w-[72ch]">
                      {row.keys.map((key) => (
                        <code key={key}>{key}</code>
                      ))}
                    </p>
                  </details>
                )}
              </td>
              <td className="whitespace-nowrap">{row.direction === 'HIGHER' ? 'higher ↑' : 'lower ↓'}</td>
              <td>{row.unit}</td>
              <td className="num">
                {end(row.low, '−∞')} … {end(row.high, '∞')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

const end = (value: number | null, open: string): string => (value === null ? open : String(value).replace('-', '−'));
