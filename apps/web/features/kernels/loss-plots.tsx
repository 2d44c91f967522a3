import { across, down, Plot, Stretched } from '@/components/plot';
import { formatCount } from '@/lib/format';
import type { Scale } from '@/lib/scale';
import { type Line, type Panel, names } from './measured';

/** Told apart by colour and by dash; the words stand in the legend. */
const strokes: Record<Line['name'], { colour: string; dash?: string }> = {
  fused: { colour: 'var(--accent-ink)' },
  composed: { colour: 'var(--bad)', dash: '6 3' },
  pytorch: { colour: 'var(--good)', dash: '2 3' },
};

export function Legend() {
  return (
    <ul className="flex flex-wrap gap-x-6 gap-y-1 my-3">
      {Object.entries(names).map(([name, words]) => {
        const { colour, dash } = strokes[name as Line['name']];
        return (
          <li key={name} className="flex items-center gap-2">
            <svg width="32" height="8" aria-hidden>
              <line x1="0" x2="32" y1="4" y2="4" stroke={colour} strokeWidth="2" strokeDasharray={dash} />
            </svg>
            {words}
          </li>
        );
      })}
    </ul>
  );
}

function logarithmic(low: number, high: number): Scale {
  const [from, to] = [Math.log(low), Math.log(high)];
  return { low, high, at: (value) => ((Math.log(value) - from) / (to - from)) * 100 };
}

/** One panel a loss, all with the same axes. */
export function LossPlots({ panels, unit }: { panels: readonly Panel[]; unit: string }) {
  const points = panels.flatMap(({ lines }) => lines.flatMap((line) => line.points));
  const sizes = [...new Set(points.map(({ n }) => n))].sort((a, b) => a - b);
  const values = points.map(({ value }) => value);
  const decade = (value: number, round: (exponent: number) => number) => 10 ** round(Math.log10(value));
  const [low, high] = [decade(Math.min(...values), Math.floor), decade(Math.max(...values), Math.ceil)];
  const x = logarithmic(sizes[0] ?? 1, sizes.at(-1) ?? 2);
  const y = logarithmic(low, high);
  const decades = Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, i) => low * 10 ** i);
  return (
    <div className="grid gap-x-8 sm:grid-cols-2 lg:grid-cols-3">
      {panels.map(({ title, lines }) => (
        <Plot
          key={title}
          title={title}
          description={`${title}, ${unit}. ${lines.map((line) => `${names[line.name]}: ${line.points.map(({ n, value }) => `${value} at n = ${n}`).join(', ')}`).join('. ')}.`}
          {...{ x, y }}
          height={150}
          xTicks={sizes.filter((_, i) => i % 2 === 0).map((value) => ({ value, text: String(value) }))}
          yTicks={decades.map((value) => ({ value, text: formatCount(value) }))}
          xTitle="n"
        >
          {lines.map((line) => {
            const { colour, dash } = strokes[line.name];
            return (
              <g key={line.name}>
                <Stretched
                  points={line.points.map(({ n, value }) => [x.at(n), 100 - y.at(value)])}
                  {...{ colour, dash }}
                />
                {line.points.map(({ n, value }) => (
                  <circle key={n} cx={across(x, n)} cy={down(y, value)} r="2.5" fill={colour}>
                    <title>{`${names[line.name]}, n = ${n}: ${value} ${unit}`}</title>
                  </circle>
                ))}
              </g>
            );
          })}
        </Plot>
      ))}
    </div>
  );
}
