/** Where two entries differ: by class, and example by example. */
import { demand } from './guards.js';
import type { OutcomeMatrix } from './outcomes.js';
import { twoWayDifference } from './two-way.js';
import type { DifferenceEstimate } from './two-way.js';

export interface GroupDifference {
  readonly group: number;
  readonly difference: DifferenceEstimate;
}

/** a − b within each group of units (each class, say), by ascending group. Throws as twoWayDifference, and PARAM_RANGE unless there is one group a unit. */
export function differenceByGroup(
  a: OutcomeMatrix,
  b: OutcomeMatrix,
  groups: ArrayLike<number>,
  level = 0.95,
): GroupDifference[] {
  demand(groups.length === a.units, 'groups.length', groups.length, `one a unit, ${a.units}`);
  demand(b.units === a.units, 'b.units', b.units, `${a.units}, the units of a`);
  const members = new Map<number, number[]>();
  for (let unit = 0; unit < groups.length; unit++) {
    const group = groups[unit]!;
    const known = members.get(group);
    if (known) known.push(unit);
    else members.set(group, [unit]);
  }
  return [...members.entries()]
    .sort(([x], [y]) => x - y)
    .flatMap(([group, units]) => {
      const counted = units.filter((unit) => !missing(a, unit) && !missing(b, unit));
      if (counted.length === 0) return [];
      return [{ group, difference: twoWayDifference(columns(a, counted), columns(b, counted), { level }) }];
    });
}

export interface ExampleDifference {
  /** Column of the matrices. */
  readonly unit: number;
  /** Mean over seeds of each side. */
  readonly a: number;
  readonly b: number;
  readonly difference: number;
}

/** The units on which a falls behind b most, mean over seeds, at most `count`, worst first; only where a is behind. Throws PARAM_RANGE. */
export function worstUnits(
  a: OutcomeMatrix,
  b: OutcomeMatrix,
  count: number,
  direction: 'higher' | 'lower' = 'higher',
): ExampleDifference[] {
  demand(b.units === a.units, 'b.units', b.units, `${a.units}, the units of a`);
  const sign = direction === 'higher' ? 1 : -1;
  const mean = ({ values, seeds, units }: OutcomeMatrix, unit: number): number => {
    let sum = 0;
    for (let seed = 0; seed < seeds; seed++) sum += values[seed * units + unit]!;
    return sum / seeds;
  };
  return Array.from({ length: a.units }, (_, unit) => {
    const [left, right] = [mean(a, unit), mean(b, unit)];
    return { unit, a: left, b: right, difference: left - right };
  })
    .filter(({ difference }) => sign * difference < 0)
    .sort((x, y) => sign * (x.difference - y.difference) || x.unit - y.unit)
    .slice(0, count);
}

function missing({ values, seeds, units }: OutcomeMatrix, unit: number): boolean {
  for (let seed = 0; seed < seeds; seed++) if (Number.isNaN(values[seed * units + unit]!)) return true;
  return false;
}

function columns({ values, seeds, units }: OutcomeMatrix, chosen: readonly number[]): OutcomeMatrix {
  const found = new Float64Array(seeds * chosen.length);
  for (let seed = 0; seed < seeds; seed++) {
    chosen.forEach((unit, i) => (found[seed * chosen.length + i] = values[seed * units + unit]!));
  }
  return { values: found, seeds, units: chosen.length };
}
