import { TableFrame, TextLink } from '@/components/ui';
import type { Benchmark } from './query';

/** Keys shown at once; a detection protocol has a hundred. */
const SHOWN = 16;

type ScoreKey = Benchmark['scoreKeys'][number];

/** The page that says what a score is, in the sense of this benchmark. */
export const scoreHref = (benchmark: string, key: string): string =>
  `/metrics/${encodeURIComponent(key)}?${new URLSearchParams({ board: benchmark })}`;

/** Every score that a row gets, the primary first. */
export function ScoreKeys({ benchmark: { key, primary, scoreKeys } }: { benchmark: Benchmark }) {
  const all = [
    ...scoreKeys.filter((score) => score.key === primary.key),
    ...scoreKeys.filter((score) => score.key !== primary.key),
  ];
  return (
    <>
      <h2 id="scores">Scores</h2>
      <ScoreTable label="Scores" benchmark={key} scores={all.slice(0, SHOWN)} />
      {all.length > SHOWN && (
        <details className="mt-2">
          <summary className="text-soft">{all.length - SHOWN} more</summary>
          <ScoreTable label="More scores" benchmark={key} scores={all.slice(SHOWN)} />
        </details>
      )}
    </>
  );
}

function ScoreTable({ label, benchmark, scores }: { label: string; benchmark: string; scores: readonly ScoreKey[] }) {
  return (
    <TableFrame label={label}>
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
          {scores.map((score) => (
            <tr key={score.key}>
              <td>
                <TextLink href={scoreHref(benchmark, score.key)}>{score.key}</TextLink>
                <span className="block text-soft">{score.title}</span>
              </td>
              <td>{score.direction === 'HIGHER' ? 'higher' : 'lower'}</td>
              <td>{score.unit}</td>
              <td className="num">
                {end(score.low, '−∞')} … {end(score.high, '∞')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

const end = (value: number | null, open: string): string =>
  value === null
    ? open
    : Math.abs(value) >= 1e5
      ? value.toExponential(0).replace('+', '')
      : String(value).replace('-', '−');
