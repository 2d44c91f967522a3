/** Rank intervals, tie groups, differences to baselines and resolution of boards, from the sketches of their runs. */
import {
  boardResolution,
  decodeSketch,
  type DifferenceEstimate,
  type EntrySketch,
  entrySketch,
  rankIntervals,
  REPLICATES,
  type RunSketch,
  sketchDifference,
  sketchScore,
} from '@touchstone/eval/statistics';
import type { BoardEntry, BoardResult, BoardsHead, BoardsPart, Standing } from './messages.js';

/** What `rankIntervals` takes; a larger group has no intervals. */
const MOST_ENTRIES = 4_096;

type RunSketches = ReadonlyMap<string, RunSketch>;

interface Comparable {
  readonly sketch: EntrySketch | null;
  readonly over: Standing['over'];
}

/** Runs by seed with their sketches; null unless every one has a sketch over at least two units. */
function sketched(entry: BoardEntry, seeds: readonly number[], sketches: RunSketches): EntrySketch | null {
  const found = new Map<number, RunSketch>();
  for (const { seed, run } of entry.runs) {
    const sketch = sketches.get(run);
    if (seeds.includes(seed) && sketch && sketch.units > 1) found.set(seed, sketch);
  }
  return found.size === seeds.length ? entrySketch(found) : null;
}

function fromScores(entry: BoardEntry, seeds: readonly number[]): EntrySketch | null {
  const found = new Map(
    entry.runs
      .filter(({ seed }) => seeds.includes(seed))
      .map(({ seed, score }) => [seed, sketchScore(score, REPLICATES)] as const),
  );
  return found.size === seeds.length ? entrySketch(found) : null;
}

/**
 * The rows of a group as they can be compared. A row with sketches brings the variance of seeds and test units. A row of which only
 * scores are known brings that of its seeds, and counts as exact over test units; with one seed it brings nothing and is not
 * compared, since a difference without any variance would look certain.
 */
export function comparable(
  entries: readonly BoardEntry[],
  seeds: readonly number[],
  sketches: RunSketches,
): Comparable[] {
  const full = entries.map((entry) => sketched(entry, seeds, sketches));
  const units = Math.min(...full.flatMap((sketch) => sketch?.units ?? []));
  return entries.map((entry, i) => {
    if (full[i]) return { sketch: full[i], over: seeds.length > 1 ? 'BOTH' : 'EXAMPLES' };
    const scores = seeds.length > 1 ? fromScores(entry, seeds) : null;
    if (!scores) return { sketch: null, over: null };
    return { sketch: Number.isFinite(units) ? { ...scores, units } : scores, over: 'SEEDS' };
  });
}

interface GroupStandings {
  readonly standings: readonly (readonly [string, Standing])[];
  /** Rows of the tie groups in order of their numbers, best first. */
  readonly groups: readonly (readonly string[])[];
}

function standingsOf(
  entries: readonly BoardEntry[],
  rows: readonly Comparable[],
  direction: 'higher' | 'lower',
): GroupStandings {
  const nothing: Standing = { low: null, high: null, groups: [], over: null };
  const [only] = entries;
  if (only && entries.length === 1)
    return { standings: [[only.id, { low: 1, high: 1, groups: [1], over: rows[0]!.over }]], groups: [[only.id]] };
  if (entries.length > MOST_ENTRIES) return { standings: entries.map(({ id }) => [id, nothing]), groups: [] };
  const { low, high, tieGroups } = rankIntervals(
    rows.map(({ sketch }) => sketch),
    { direction },
  );
  const groups = entries.map((): number[] => []);
  const compared = tieGroups.map((group) => group.filter((at) => rows[at]!.sketch)).filter((group) => group.length > 0);
  compared.forEach((group, i) => group.forEach((at) => groups[at]!.push(i + 1)));
  return {
    standings: entries.map(({ id }, i) => [
      id,
      rows[i]!.sketch ? { low: low[i]!, high: high[i]!, groups: groups[i]!, over: rows[i]!.over } : nothing,
    ]),
    groups: compared.map((group) => group.map((at) => entries[at]!.id)),
  };
}

/** a − b over the seeds that both have: by sketches where all of these runs have one, else by their scores. Null without a common seed. */
export function differenceOf(
  a: BoardEntry['runs'],
  b: BoardEntry['runs'],
  sketches: RunSketches,
): DifferenceEstimate | null {
  const right = new Map(b.map((run) => [run.seed, run]));
  const common = a.filter(({ seed }) => right.has(seed));
  if (common.length === 0) return null;
  const whole = common.every(({ run, seed }) => sketches.has(run) && sketches.has(right.get(seed)!.run));
  const side = (runs: readonly BoardEntry['runs'][number][]): EntrySketch =>
    entrySketch(
      new Map(runs.map(({ run, seed, score }) => [seed, whole ? sketches.get(run)! : sketchScore(score, REPLICATES)])),
    );
  return sketchDifference(side(common), side(common.map(({ seed }) => right.get(seed)!)));
}

/** One result a board, in order. */
export function boardResults({ boards, entries }: BoardsHead, parts: readonly BoardsPart[]): BoardResult[] {
  const sketches = boards.map(() => new Map<string, RunSketch>());
  for (const part of parts) for (const { board, run, sketch } of part) sketches[board]!.set(run, decodeSketch(sketch));
  return boards.map(({ direction, seeds }, board) => {
    const own = entries.filter((entry) => entry.board === board);
    const byId = new Map(own.map((entry) => [entry.id, entry]));
    const groups = new Map<string, BoardEntry[]>();
    for (const entry of own.filter(({ ranked }) => ranked)) {
      const known = groups.get(entry.group);
      if (known) known.push(entry);
      else groups.set(entry.group, [entry]);
    }
    const standings = new Map<string, Standing>();
    const members = new Map<string, readonly string[]>();
    let largest: EntrySketch[] = [];
    for (const [name, group] of groups) {
      const rows = comparable(group, seeds, sketches[board]!);
      const found = standingsOf(group, rows, direction);
      for (const [id, standing] of found.standings) standings.set(id, standing);
      found.groups.forEach((ids, i) => members.set(`${name} ${i + 1}`, ids));
      const known = rows.flatMap(({ sketch }) => sketch ?? []);
      if (known.length > largest.length) largest = known;
    }
    const differences = new Map<string, DifferenceEstimate>();
    for (const entry of own) {
      for (const id of entry.baselines) {
        const found = byId.has(id) && id !== entry.id && differenceOf(entry.runs, byId.get(id)!.runs, sketches[board]!);
        if (found) differences.set(`${entry.id} ${id}`, found);
      }
    }
    return { standings, groups: members, differences, resolution: boardResolution(largest) };
  });
}
