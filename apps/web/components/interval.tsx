import type { Scale } from '@/lib/scale';

interface IntervalBarProps {
  scale: Scale;
  width: number;
  mean: number;
  low?: number | null;
  high?: number | null;
  /** A vertical rule, such as zero or the untrained level. */
  rule?: number;
  label: string;
}

/** Mean and interval on the column's common scale. The numbers stand beside it as text, so it is one labelled picture. */
export function IntervalBar({ scale, width, mean, low, high, rule, label }: IntervalBarProps) {
  const x = scale.at(mean);
  return (
    <svg width={width} height={16} viewBox={`0 0 ${width} 16`} role="img" aria-label={label} className="block">
      <line x1={0} x2={width} y1={8} y2={8} stroke="var(--line)" />
      {rule !== undefined && <line x1={scale.at(rule)} x2={scale.at(rule)} y1={1} y2={15} stroke="var(--soft)" strokeDasharray="2 2" />}
      {low !== null && low !== undefined && high !== null && high !== undefined && (
        <g stroke="var(--accent)" strokeWidth={2}>
          <line x1={scale.at(low)} x2={Math.max(scale.at(high), scale.at(low) + 1)} y1={8} y2={8} />
          <line x1={scale.at(low)} x2={scale.at(low)} y1={5} y2={11} strokeWidth={1.5} />
          <line x1={scale.at(high)} x2={scale.at(high)} y1={5} y2={11} strokeWidth={1.5} />
        </g>
      )}
      <circle cx={x} cy={8} r={3.2} fill="var(--ink)" />
    </svg>
  );
}
