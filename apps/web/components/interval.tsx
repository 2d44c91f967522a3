import { type Scale, sideOf, ticks } from '@/lib/scale';

interface IntervalBarProps {
  /** In per cent of the drawing's width, so that one column has one scale at any width. */
  scale: Scale;
  mean: number;
  low?: number | null | undefined;
  high?: number | null | undefined;
  /** A vertical rule, such as zero or the untrained level. */
  rule?: number | undefined;
  label: string;
}

const percent = (value: number) => `${Math.min(100, Math.max(0, value)).toFixed(2)}%`;

/** Mean and interval on the column's common scale. The numbers stand beside it as text, so it is one labelled picture. */
export function IntervalBar({ scale, mean, low, high, rule, label }: IntervalBarProps) {
  const side = sideOf(scale, mean);
  const hasInterval =
    low !== null && low !== undefined && high !== null && high !== undefined && high > low && side === 'inside';
  return (
    <svg width="100%" height={16} role="img" aria-label={label} className="block overflow-visible">
      <line x1="0" x2="100%" y1={8} y2={8} stroke="var(--line)" />
      {rule !== undefined && sideOf(scale, rule) === 'inside' && (
        <line
          x1={percent(scale.at(rule))}
          x2={percent(scale.at(rule))}
          y1={0}
          y2={16}
          stroke="var(--soft)"
          strokeDasharray="2 2"
        />
      )}
      {hasInterval && (
        <g stroke="var(--accent)">
          <line x1={percent(scale.at(low))} x2={percent(scale.at(high))} y1={8} y2={8} strokeWidth={3} />
          <line x1={percent(scale.at(low))} x2={percent(scale.at(low))} y1={4} y2={12} strokeWidth={1.5} />
          <line x1={percent(scale.at(high))} x2={percent(scale.at(high))} y1={4} y2={12} strokeWidth={1.5} />
        </g>
      )}
      {side === 'inside' ? (
        <circle cx={percent(scale.at(mean))} cy={8} r={3.5} fill="var(--ink)" />
      ) : (
        <svg x={side === 'left' ? '0' : '100%'} y="0" overflow="visible">
          <path d={side === 'left' ? 'M0 8 7 4v8z' : 'M0 8-7 4v8z'} fill="var(--soft)" />
        </svg>
      )}
    </svg>
  );
}

/** The common scale of a column, under its heading. The figures of the rows say the same, so it is hidden from readers aloud. */
export function Axis({
  scale,
  signed = false,
  count = 4,
  under = false,
}: {
  scale: Scale;
  signed?: boolean;
  count?: number;
  /** Stands below what it measures. */
  under?: boolean;
}) {
  return (
    <span aria-hidden className="relative block h-4 mt-0.5 text-[10px] leading-3 font-normal tabular-nums">
      {ticks(scale.low, scale.high, count)
        // A label over the right edge would be cut off by the frame of the table.
        .filter((tick) => scale.at(tick) <= 97)
        .map((tick) => (
          <span
            key={tick}
            className={`absolute -translate-x-1/2 flex items-center max-sm:even:hidden ${under ? 'top-0 flex-col-reverse' : 'bottom-0 flex-col'}`}
            style={{ left: percent(scale.at(tick)) }}
          >
            {`${signed && tick > 0 ? '+' : ''}${Number(tick.toPrecision(4))}`.replace('-', '−')}
            <span className={`block w-px h-1 bg-soft ${under ? '' : '-mb-1'}`} />
          </span>
        ))}
    </span>
  );
}
