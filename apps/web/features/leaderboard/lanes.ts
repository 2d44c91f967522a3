/** Where the bars of overlapping tie groups stand beside the rows of a page. */

export interface TiedRows {
  readonly number: number;
  /** Its rows on this page. */
  readonly entries: readonly string[];
  /** Rows of the group that rank before or after all of these. */
  readonly rowsBefore: number;
  readonly rowsAfter: number;
}

/** What one lane shows beside one row: a row of the bar's group, or a row between its ends that is not of the group. */
export interface Segment {
  readonly member: boolean;
  /** The bar goes on over the upper or lower edge of the row; `page`: onto another page. */
  readonly up: boolean | 'page';
  readonly down: boolean | 'page';
}

export interface Lanes {
  /** Lanes in use. */
  readonly count: number;
  /** By row of the page, then by lane; null where the lane is empty. */
  readonly rows: readonly (readonly (Segment | null)[])[];
  /** Groups that are not drawn for want of room, by number. */
  readonly left: readonly number[];
}

interface Bar {
  readonly number: number;
  readonly members: ReadonlySet<number>;
  readonly from: number;
  readonly to: number;
  readonly above: boolean;
  readonly below: boolean;
}

function barsOf(groups: readonly TiedRows[], order: readonly string[], { reversed, filtered }: LaneOptions): Bar[] {
  const at = new Map(order.map((id, i) => [id, i]));
  return groups
    .flatMap(({ number, entries, rowsBefore, rowsAfter }): Bar[] => {
      const members = entries.flatMap((id) => at.get(id) ?? []);
      const elsewhere = filtered ? [0, 0] : reversed ? [rowsAfter, rowsBefore] : [rowsBefore, rowsAfter];
      const [above, below] = elsewhere.map((rows) => rows > 0) as [boolean, boolean];
      if (members.length === 0 || (members.length === 1 && !above && !below)) return [];
      const from = above ? 0 : Math.min(...members);
      const to = below ? order.length - 1 : Math.max(...members);
      return [{ number, members: new Set(members), from, to, above, below }];
    })
    .sort((a, b) => a.from - b.from || b.to - a.to || a.number - b.number);
}

/** Bars side by side that can still be followed by eye. */
const MOST_LANES = 6;

export interface LaneOptions {
  /** Worst first. */
  readonly reversed?: boolean;
  /** The page leaves out rows in between: what is not shown is not on another page. */
  readonly filtered?: boolean;
  /** Lanes that there is room for. */
  readonly most?: number;
}

/** Puts each bar into the first lane that is free over its length. */
function place(bars: readonly Bar[]): Bar[][] {
  const lanes: Bar[][] = [];
  for (const bar of bars) {
    const free = lanes.find((lane) => lane.every((other) => other.to < bar.from || other.from > bar.to));
    if (free) free.push(bar);
    else lanes.push([bar]);
  }
  return lanes;
}

/** From the first bar on, each time the one that reaches farthest of those that begin by the middle of the one before. */
function chain(bars: readonly Bar[]): Bar[] {
  const chosen: Bar[] = [];
  let last: Bar | undefined;
  for (;;) {
    const [from, to] = last ? [last.from, last.to] : [-1, -1];
    const next = bars.filter((bar) => bar.to > to && bar.from > from);
    const near = next.filter((bar) => bar.from <= (from + to + 1) / 2);
    const found = (near.length > 0 ? near : next.slice(0, 1)).reduce<Bar | undefined>(
      (best, bar) => (best && best.to >= bar.to ? best : bar),
      undefined,
    );
    if (!found) return chosen;
    chosen.push(found);
    last = found;
  }
}

/**
 * Gives every group of two or more rows a lane, so that groups with a row in common stand side by side. Where more lanes
 * would be needed than there is room for, a chain of groups that overlap by about a half stands for all of them, since a
 * hatching of many bars tells nothing. A bar reaches to the edge of the page where its group goes on there. `order`: the
 * ids of the ranked rows of the page, as they stand.
 */
export function layoutLanes(groups: readonly TiedRows[], order: readonly string[], options: LaneOptions = {}): Lanes {
  const bars = barsOf(groups, order, options);
  const all = place(bars);
  const lanes = all.length > (options.most ?? MOST_LANES) ? place(chain(bars)) : all;
  const drawn = new Set(lanes.flat().map(({ number }) => number));
  const left = bars.flatMap(({ number }) => (drawn.has(number) ? [] : [number]));
  return {
    count: lanes.length,
    rows: order.map((_, row) => lanes.map((lane) => segmentOf(lane, row))),
    left: left.sort((a, b) => a - b),
  };
}

function segmentOf(lane: readonly Bar[], row: number): Segment | null {
  const bar = lane.find(({ from, to }) => from <= row && row <= to);
  if (!bar) return null;
  return {
    member: bar.members.has(row),
    up: row > bar.from || (bar.above && 'page'),
    down: row < bar.to || (bar.below && 'page'),
  };
}

/** "1 to 3, 5": ascending numbers with runs of three or more drawn together. */
export function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const n of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && last[1] === n - 1) last[1] = n;
    else runs.push([n, n]);
  }
  return runs
    .flatMap(([from, to]) => (to - from > 1 ? [`${from} to ${to}`] : to > from ? [`${from}`, `${to}`] : [`${from}`]))
    .join(', ');
}
