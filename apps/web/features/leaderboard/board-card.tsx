import { Link } from '@/components/link';
import { IntervalBar } from '@/components/interval';
import { Badge, ScaleBadge } from '@/components/ui';
import { formatScore, words } from '@/lib/format';
import { scaleNear } from '@/lib/scale';
import type { BoardRow } from './query';

export interface CardBoard {
  readonly benchmark: {
    readonly key: string;
    readonly title: string;
    readonly scale: string;
    readonly fidelity: string;
    readonly state: string;
    readonly primary: { readonly title: string; readonly precision: number; readonly direction: string };
  };
  readonly rows: readonly Pick<BoardRow, 'id' | 'rank' | 'label' | 'mean' | 'interval' | 'reference' | 'division'>[];
  readonly division: string;
  /** Ranked rows of the division, shown or not. */
  readonly ranked: number;
}

/** A board in miniature: its first rows on one scale, and the untrained level for measure. */
export function BoardCard({ board }: { board: CardBoard }) {
  const { benchmark, rows } = board;
  const untrained = rows.find((row) => row.reference === 'UNTRAINED')?.mean ?? undefined;
  const scale = scaleNear(
    rows.flatMap((row) =>
      row.mean === null || row.reference === 'UNTRAINED'
        ? []
        : [row.mean, row.interval?.low ?? row.mean, row.interval?.high ?? row.mean],
    ),
    untrained,
  );
  return (
    <section className="border-t border-ink pt-2 min-w-0">
      <h2 className="!mt-0 !mb-1">
        <Link href={`/leaderboards/${benchmark.key}`} className="text-ink">
          {benchmark.title}
        </Link>
      </h2>
      <p className="text-soft mb-1 flex flex-wrap gap-2 items-center">
        {benchmark.primary.title} {benchmark.primary.direction === 'HIGHER' ? '↑' : '↓'}, {words(board.division)},{' '}
        {board.ranked} ranked
        <ScaleBadge scale={benchmark.scale} fidelity={benchmark.fidelity} />
        {benchmark.state === 'DATA_MISSING' && <Badge tone="bad">data missing</Badge>}
      </p>
      <table>
        <caption className="sr-only">First entries of {benchmark.title}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Rank</th>
            <th scope="col">Entry</th>
            <th scope="col">Mean</th>
            <th scope="col">Interval</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td className="num w-7 text-soft">{row.rank ?? '–'}</td>
              <td className="break-words">
                <Link href={`/entries/${row.id}`} className="text-ink no-underline hover:underline">
                  {row.label}
                </Link>
                {row.reference === 'BASELINE' && <span className="text-soft"> · baseline</span>}
              </td>
              <td className="num">{formatScore(row.mean, benchmark.primary.precision)}</td>
              <td className="w-[36%]">
                {row.mean !== null && (
                  <IntervalBar
                    scale={scale}
                    mean={row.mean}
                    low={row.interval?.low}
                    high={row.interval?.high}
                    rule={untrained}
                    label={`interval of ${row.label}`}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
