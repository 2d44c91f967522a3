import { Axis } from '@/components/interval';
import { formatScore, formatSigned } from '@/lib/format';
import { columnScale } from '@/lib/scale';
import { type Difference, scoreOf } from './query';

const percent = (value: number) => `${value.toFixed(2)}%`;

/** The mean difference and its interval on a line through zero; shaded, what the board cannot see. */
export function DifferenceLine({ difference: d, resolution }: { difference: Difference; resolution: number | null }) {
  const score = scoreOf(d);
  const [low, high] = [d.interval?.low ?? d.mean, d.interval?.high ?? d.mean];
  const reach = Math.max(Math.abs(low), Math.abs(high), Math.abs(resolution ?? 0)) || score.precision;
  const scale = columnScale([-reach, reach]);
  const at = (value: number) => percent(scale.at(value));
  const [left, right] = score.direction === 'HIGHER' ? [d.b.label, d.a.label] : [d.a.label, d.b.label];
  const interval = d.interval
    ? `, interval ${formatSigned(low, score.precision)} to ${formatSigned(high, score.precision)}`
    : ', no interval';
  const shaded = resolution === null ? '' : `; below ${formatScore(resolution, score.precision)} nothing can be seen`;
  return (
    <figure className="max-w-[760px] my-4">
      <div className="grid grid-cols-2 gap-4 text-[11px] leading-4 text-soft">
        <span className="break-words">← {left} better</span>
        <span className="text-right break-words">{right} better →</span>
      </div>
      <svg
        role="img"
        aria-label={`Difference ${formatSigned(d.mean, score.precision)}${interval}${shaded}`}
        width="100%"
        height={44}
        className="block overflow-visible"
      >
        {resolution !== null && (
          <rect
            x={at(-resolution)}
            width={percent(scale.at(resolution) - scale.at(-resolution))}
            y={2}
            height={40}
            fill="var(--raised)"
            stroke="var(--line)"
          />
        )}
        <line x1="0" x2="100%" y1={22} y2={22} stroke="var(--line)" />
        <line x1={at(0)} x2={at(0)} y1={0} y2={44} stroke="var(--ink)" />
        {d.interval && (
          <g stroke="var(--accent)">
            <line x1={at(low)} x2={at(high)} y1={22} y2={22} strokeWidth={4} />
            <line x1={at(low)} x2={at(low)} y1={14} y2={30} strokeWidth={2} />
            <line x1={at(high)} x2={at(high)} y1={14} y2={30} strokeWidth={2} />
          </g>
        )}
        <circle cx={at(d.mean)} cy={22} r={5} fill="var(--ink)" />
      </svg>
      <Axis scale={scale} signed count={6} under />
      <figcaption className="text-soft text-[11px] leading-4 mt-1">
        {d.a.label} − {d.b.label}, {score.title}.
        {resolution === null
          ? ' The resolution of the board is not known yet.'
          : ` Shaded: differences below ${formatScore(resolution, score.precision)}, which the board finds in less than 80 % of cases.`}
      </figcaption>
    </figure>
  );
}
