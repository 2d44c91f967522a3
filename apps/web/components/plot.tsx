import type { ReactNode } from 'react';
import type { Scale } from '@/lib/scale';

export interface Tick {
  readonly value: number;
  readonly text: string;
}

interface PlotProps {
  title: string;
  /** Said to readers who do not see the drawing. */
  description: string;
  /** Both in per cent of the drawing, so that text keeps its size at any width. */
  x: Scale;
  y: Scale;
  xTicks: readonly Tick[];
  yTicks: readonly Tick[];
  xTitle: string;
  height: number;
  /** SVG in per cent coordinates; y counts from the top. */
  children: ReactNode;
}

export const across = (scale: Scale, value: number) => `${scale.at(value).toFixed(2)}%`;
export const down = (scale: Scale, value: number) => `${(100 - scale.at(value)).toFixed(2)}%`;

/** Axes around a drawing that the server makes. */
export function Plot({ title, description, x, y, xTicks, yTicks, xTitle, height, children }: PlotProps) {
  return (
    <figure className="my-4 max-w-[760px] text-[11px] leading-4 text-soft tabular-nums">
      <figcaption className="text-[14px] leading-5 mb-2">{title}</figcaption>
      <div className="grid grid-cols-[48px_1fr] pr-4">
        <div aria-hidden className="relative" style={{ height }}>
          {yTicks.map((tick) => (
            <span key={tick.value} className="absolute right-2 -translate-y-1/2" style={{ top: down(y, tick.value) }}>
              {tick.text}
            </span>
          ))}
        </div>
        <svg role="img" aria-label={description} width="100%" height={height} className="block overflow-visible">
          {yTicks.map((tick) => (
            <line
              key={tick.value}
              x1="0"
              x2="100%"
              y1={down(y, tick.value)}
              y2={down(y, tick.value)}
              stroke="var(--line)"
            />
          ))}
          {xTicks.map((tick) => (
            <line
              key={tick.value}
              x1={across(x, tick.value)}
              x2={across(x, tick.value)}
              y1={height}
              y2={height + 4}
              stroke="var(--soft)"
            />
          ))}
          <line x1="0" x2="100%" y1={height} y2={height} stroke="var(--soft)" />
          {children}
        </svg>
        <span />
        <div aria-hidden className="relative h-9 mt-1">
          {xTicks.map((tick) => (
            <span
              key={tick.value}
              className="absolute -translate-x-1/2 whitespace-nowrap"
              style={{ left: across(x, tick.value) }}
            >
              {tick.text}
            </span>
          ))}
          <span className="absolute right-0 top-4">{xTitle}</span>
        </div>
      </div>
    </figure>
  );
}

/** A line or an area whose stroke keeps its width while the drawing stretches. Points are in per cent, y from the top. */
export function Stretched({
  points,
  area = false,
  colour = 'var(--accent-ink)',
  dash,
}: {
  points: readonly (readonly [number, number])[];
  area?: boolean;
  colour?: string;
  dash?: string | undefined;
}) {
  const text = points.map(([px, py]) => `${px.toFixed(2)},${py.toFixed(2)}`).join(' ');
  return (
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">
      {area ? (
        <polygon points={text} fill="var(--accent)" opacity="0.22" />
      ) : (
        <polyline
          points={text}
          fill="none"
          stroke={colour}
          strokeWidth="1.6"
          strokeDasharray={dash}
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}
