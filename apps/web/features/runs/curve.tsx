import { Plot, Stretched } from '@/components/plot';
import { formatCount, words } from '@/lib/format';
import { columnScale, ticks } from '@/lib/scale';

interface Point {
  step: number;
  value: number;
  min: number;
  max: number;
}

interface CurveProps {
  name: string;
  points: readonly Point[];
  height: number;
}

/** A series over steps: the mean of each bin as a line, its range as a band. */
export function Curve({ name, points, height }: CurveProps) {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;
  const title = words(name).replace(/^./, (letter) => letter.toUpperCase());
  const steps = Math.max(1, last.step - first.step);
  const x = { low: first.step, high: first.step + steps, at: (step: number) => ((step - first.step) / steps) * 100 };
  const y = columnScale(points.flatMap((p) => [p.min, p.max]));
  const at = (p: Point, value: number) => [x.at(p.step), 100 - y.at(value)] as const;
  return (
    <Plot
      title={`${title}, ${Number(last.value.toPrecision(4))} at step ${formatCount(last.step)}`}
      description={`${title} from step ${first.step} (${first.value.toPrecision(4)}) to step ${last.step} (${last.value.toPrecision(4)})`}
      {...{ x, y, height }}
      xTicks={ticks(x.low, x.high, 5).map((value) => ({ value, text: formatCount(value) }))}
      yTicks={ticks(y.low, y.high, height > 120 ? 5 : 2).map((value) => ({
        value,
        text: String(Number(value.toPrecision(4))).replace('-', '−'),
      }))}
      xTitle="step"
    >
      <Stretched area points={[...points.map((p) => at(p, p.max)), ...points.toReversed().map((p) => at(p, p.min))]} />
      <Stretched points={points.map((p) => at(p, p.value))} />
    </Plot>
  );
}
