import { across, down, Plot, Stretched } from '@/components/plot';
import { formatDuration, formatScore } from '@/lib/format';
import { columnScale, logTicks, type Scale, ticks } from '@/lib/scale';
import { frontier, type ParetoPoint } from './pareto';
import type { BoardBenchmark, BoardRow } from './query';

const HEIGHT = 240;

/** Score against CPU time of a run; the line joins the rows that no other beats on both. */
export function ParetoView({ rows, score }: { rows: readonly BoardRow[]; score: BoardBenchmark['primary'] }) {
  const points = rows.flatMap((row): ParetoPoint[] => {
    const cost = row.cost.cpuMs ?? row.cost.wallMs;
    return row.mean === null || row.rank === null || !cost
      ? []
      : [{ id: row.id, label: row.label, rank: row.rank, cost, score: row.mean }];
  });
  if (points.length < 2) return null;
  const x = logScale(points.map((p) => p.cost));
  const y = roomy(points.map((p) => p.score));
  const best = frontier(points, score.direction);
  const steps = best.flatMap((p, i) => {
    const here = [x.at(p.cost), 100 - y.at(p.score)] as const;
    const before = best[i - 1];
    return before ? [[x.at(p.cost), 100 - y.at(before.score)] as const, here] : [here];
  });
  const end = best.at(-1);
  return (
    <section>
      <h2>Score against cost</h2>
      <Plot
        title={`${score.title} against the CPU time of a run. The line joins the rows that no other beats on both.`}
        description={`${score.title} against CPU time. Not beaten on both: ${best.map((p) => `${p.label} (${formatScore(p.score, score.precision)}, ${formatDuration(p.cost)})`).join('; ')}.`}
        {...{ x, y }}
        height={HEIGHT}
        xTicks={(logTicks(x.low, x.high).length > 1 ? logTicks(x.low, x.high) : ticks(x.low, x.high, 4)).map(
          (value) => ({ value, text: formatDuration(value).replace('.0 ', ' ') }),
        )}
        yTicks={ticks(y.low, y.high, 4).map((value) => ({
          value,
          text: String(Number(value.toPrecision(4))).replace('-', '−'),
        }))}
        xTitle="CPU time of a run, logarithmic"
      >
        <Stretched points={end ? [...steps, [100, 100 - y.at(end.score)]] : steps} />
        {points.map((p) => (
          <circle
            key={p.id}
            cx={across(x, p.cost)}
            cy={down(y, p.score)}
            r={best.includes(p) ? 4.5 : 3.5}
            fill={best.includes(p) ? 'var(--accent)' : 'var(--soft)'}
            stroke="var(--paper)"
            strokeWidth={1.5}
          >
            <title>{`${p.label}: ${formatScore(p.score, score.precision)}, ${formatDuration(p.cost)}`}</title>
          </circle>
        ))}
        {place(points, x, y).map(({ point, dy, anchor }) => (
          <text
            key={point.id}
            x={across(x, point.cost)}
            y={down(y, point.score)}
            dx={anchor === 'end' ? -3 : 3}
            dy={dy}
            textAnchor={anchor}
            fontSize="11"
            fill={best.includes(point) ? 'var(--ink)' : 'var(--soft)'}
          >
            {point.rank ?? ''} <tspan className="hidden sm:inline">{point.label}</tspan>
          </text>
        ))}
      </Plot>
    </section>
  );
}

/** Room above for labels. */
function roomy(values: readonly number[]): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return columnScale([low - (high - low) * 0.06, high + (high - low) * 0.12]);
}

function logScale(values: readonly number[]): Scale {
  const inner = columnScale([Math.log10(Math.min(...values) * 0.8), Math.log10(Math.max(...values) * 1.25)]);
  return { low: 10 ** inner.low, high: 10 ** inner.high, at: (value) => inner.at(Math.log10(value)) };
}

interface Placed {
  readonly point: ParetoPoint;
  readonly dy: number;
  readonly anchor: 'start' | 'end';
}

/** Labels beside their dots, from the top down, each pushed below what it would cover; drawn for a width of about 700 pixels. */
function place(points: readonly ParetoPoint[], x: Scale, y: Scale): Placed[] {
  const taken: { left: number; right: number; at: number }[] = [];
  return points
    .toSorted((a, b) => y.at(b.score) - y.at(a.score))
    .map((point) => {
      const anchor = x.at(point.cost) > 65 ? 'end' : 'start';
      const width = (point.label.length + 3) * 6;
      const dot = x.at(point.cost) * 7;
      const [left, right] = anchor === 'end' ? [dot - width, dot] : [dot, dot + width];
      const own = ((100 - y.at(point.score)) * HEIGHT) / 100;
      let at = own;
      for (const other of taken.toSorted((a, b) => a.at - b.at))
        if (left < other.right && right > other.left && Math.abs(at - other.at) < 13) at = other.at + 13;
      taken.push({ left, right, at });
      return { point, dy: at - own - 6, anchor };
    });
}
