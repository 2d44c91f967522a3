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
  /** Groups for which there was no lane, by number. */
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

export interface LaneOptions {
  /** Worst first. */
  readonly reversed?: boolean;
  /** The page leaves out rows in between: what is not shown is not on another page. */
  readonly filtered?: boolean;
  /** Lanes that there is room for. */
  readonly most?: number;
}

/**
 * Gives every group of two or more rows the first lane that is free over its length, so that groups with a row in common
 * stand side by side. A bar reaches to the edge of the page where its group goes on there. `order`: the ids of the ranked
 * rows of the page, as they stand.
 */
export function layoutLanes(groups: readonly TiedRows[], order: readonly string[], options: LaneOptions = {}): Lanes {
  const { most = 12 } = options;
  const lanes: Bar[][] = [];
  const left: number[] = [];
  for (const bar of barsOf(groups, order, options)) {
    const free = lanes.findIndex((lane) => lane.every((other) => other.to < bar.from || other.from > bar.to));
    if (free >= 0) lanes[free]!.push(bar);
    else if (lanes.length < most) lanes.push([bar]);
    else left.push(bar.number);
  }
  const rows = order.map((_, row) => lanes.map((lane) => segmentOf(lane, row)));
  return { count: lanes.length, rows, left: left.sort((a, b) => a - b) };
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
