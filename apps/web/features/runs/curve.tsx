import { formatCount } from '@/lib/format';
import { columnScale, ticks } from '@/lib/scale';

interface Point {
  step: number;
  value: number;
  min: number;
  max: number;
}

const WIDTH = 560;
const HEIGHT = 200;
const LEFT = 52;
const BOTTOM = 24;

/** A series over steps: the mean of each bin as a line, its range as a band. */
export function Curve({ title, points }: { title: string; points: readonly Point[] }) {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;
  const x = columnScale([first.step, last.step], WIDTH - LEFT - 8);
  const y = columnScale(points.flatMap((p) => [p.min, p.max]), HEIGHT - BOTTOM - 8);
  const at = (p: Point, value: number) => `${(LEFT + x.at(p.step)).toFixed(1)},${(HEIGHT - BOTTOM - y.at(value)).toFixed(1)}`;
  const band = [...points.map((p) => at(p, p.max)), ...points.toReversed().map((p) => at(p, p.min))].join(' ');
  const yTicks = ticks(y.low, y.high, 4);
  return (
    <figure className="my-3">
      <figcaption className="text-soft">{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="w-full max-w-[720px]" role="img" aria-label={`${title} from step ${first.step} (${first.value.toPrecision(4)}) to step ${last.step} (${last.value.toPrecision(4)})`}>
        {yTicks.map((tick) => {
          const level = HEIGHT - BOTTOM - y.at(tick);
          return (
            <g key={tick}>
              <line x1={LEFT} x2={WIDTH - 8} y1={level} y2={level} stroke="var(--line)" />
              <text x={LEFT - 6} y={level + 4} textAnchor="end" fontSize="11" fill="var(--soft)">
                {Number(tick.toPrecision(4))}
              </text>
            </g>
          );
        })}
        {ticks(first.step, Math.max(last.step, first.step + 1), 5).map((tick) => (
          <text key={tick} x={LEFT + x.at(tick)} y={HEIGHT - 6} textAnchor="middle" fontSize="11" fill="var(--soft)">
            {formatCount(tick)}
          </text>
        ))}
        <polygon points={band} fill="var(--accent)" opacity="0.18" />
        <polyline points={points.map((p) => at(p, p.value)).join(' ')} fill="none" stroke="var(--accent-ink)" strokeWidth="1.6" />
      </svg>
    </figure>
  );
}
