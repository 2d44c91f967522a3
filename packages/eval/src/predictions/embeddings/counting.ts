/** Nearest-neighbour statistics where classes are small: the ranks of a query's own class, by counting (`counting-runner.ts`). */
import type { WasmMemory } from '@touchstone/losses/meta';
import { MAXIMUM_PAGES, wasm } from '@touchstone/losses/meta';
import type { CountingJob, Members } from './counting-runner.js';
import { countingRunner, exactPairs, wholeOf } from './counting-runner.js';
import type { Told } from './engine.js';
import { sharedDoubles, sharedInts } from './engine.js';
import { PANEL } from './kernel.js';
import type { Classes, ScaledRows } from './scan.js';
import { Crew, moduleOf, scoringThreads } from './threads.js';

const PAGE = 65536;
/** Queries and columns of a tile; multiples of PANEL. */
const MOST_ROWS = 128;
const TILE_COLUMNS = 256;
/** Pairs of a query and a member of its class, at most: each thread counts for all of them. */
const MOST_MEMBERS = 2 ** 22;
/** Beyond this share of the columns, whole rows are as fast. */
const LARGEST_SHARE = 1 / 16;
/** Sums of products stay below 2^31 up to this width. */
const MOST_WIDTH = 65536;
const LARGEST_SCALE = 46000;
/** Beyond this share of pairs that only defined values tell apart, whole rows are as fast; and how many are tried. */
const MOST_UNSURE = 1 / 8;
const TRIED = 4096;

export interface Counted {
  readonly firstHit: Int32Array;
  readonly averagePrecision: Float64Array;
  readonly rPrecision: Float64Array;
}

export interface Question {
  readonly queries: ScaledRows;
  readonly columns: ScaledRows;
  readonly same: boolean;
  readonly queryLabels: Int32Array;
  readonly columnLabels: Int32Array;
  /** Positions of the columns. */
  readonly classes: Classes;
}

/** Where the arrays lie in the shared memory, in bytes, and how much there is. */
function layout({ queries, columns }: Question, pairs: number, threads: number) {
  const steps = Math.ceil(columns.width / 2);
  const padded = Math.ceil(columns.n / PANEL) * PANEL;
  // Enough blocks that every thread gets some.
  const fair = Math.ceil(queries.n / (4 * threads));
  const blockRows = Math.ceil(Math.min(MOST_ROWS, fair) / PANEL) * PANEL;
  let end = 64;
  const place = (numbers: number): number => {
    const at = end;
    end += Math.ceil((4 * numbers) / 64) * 64;
    return at;
  };
  const each = queries.n + PANEL;
  const panelsAt = place(padded * steps);
  const topsAt = place(each);
  const idleAt = place(2 * TILE_COLUMNS);
  const threadsAt = end;
  end = 0;
  const [floorsAt, aboveAt, neededAt, totalsAt] = [place(each), place(each), place(each), place(each)];
  const [countsAt, stripsAt] = [place(pairs + 1), place(blockRows * steps)];
  const [tileAt, eventsAt] = [place(blockRows * TILE_COLUMNS), place((blockRows * TILE_COLUMNS) / 4)];
  const threadBytes = end;
  const bytes = threadsAt + threads * threadBytes;
  const perThread = { floorsAt, aboveAt, neededAt, totalsAt, countsAt, stripsAt, tileAt, eventsAt };
  const sizes = { steps, blockRows, tileColumns: TILE_COLUMNS };
  return { ...sizes, panelsAt, topsAt, idleAt, threadsAt, threadBytes, ...perThread, bytes };
}

/** Number of members of each query's class without itself, and of all. */
function pairsOf({ same, queryLabels, classes }: Question): { readonly of: Int32Array; readonly all: number } {
  const own = Number(same);
  const of = queryLabels.map((c) => Math.max(0, classes.offsets[c + 1]! - classes.offsets[c]! - own));
  return { of, all: of.reduce((sum, count) => sum + count, 0) };
}

/** Whether counting is the faster way, and has room. */
export function suitsCounting(question: Question, threads = scoringThreads()): boolean {
  const { queries, columns } = question;
  const { all } = pairsOf(question);
  const small = all <= Math.min(MOST_MEMBERS, LARGEST_SHARE * queries.n * columns.n);
  return small && columns.width <= MOST_WIDTH && layout(question, all, threads).bytes <= MAXIMUM_PAGES * PAGE;
}

/** Every query's members with their defined similarities, nearest first. */
function membersOf(question: Question): Members {
  const { queries, columns, same, queryLabels, classes } = question;
  const { of, all } = pairsOf(question);
  const [offsets, positions] = [sharedInts(queries.n + 1), sharedInts(all)];
  const similarities = new Float32Array(new SharedArrayBuffer(4 * all));
  const lefts = new Int32Array(all);
  let at = 0;
  of.forEach((_, q) => {
    const c = queryLabels[q]!;
    for (let m = classes.offsets[c]!; m < classes.offsets[c + 1]!; m++) {
      if (same && classes.positions[m] === q) continue;
      lefts[at] = q;
      positions[at++] = classes.positions[m]!;
    }
    offsets[q + 1] = at;
  });
  exactPairs(queries, columns, lefts, positions, all, similarities);
  of.forEach((count, q) => {
    if (count < 2) return;
    const first = offsets[q]!;
    const order = Array.from({ length: count }, (_, m) => first + m);
    order.sort((a, b) => similarities[b]! - similarities[a]! || positions[a]! - positions[b]!);
    const [items, values] = [order.map((m) => positions[m]!), order.map((m) => similarities[m]!)];
    positions.set(items, first);
    similarities.set(values, first);
  });
  return { offsets, positions, similarities };
}

/** Norms of each row's whole numbers and of what rounding took, and the largest of both. */
interface Rounding {
  readonly norms: Float64Array;
  readonly errors: Float64Array;
  readonly norm: number;
  readonly error: number;
}

function roundingOf({ n, width, raw, scales }: ScaledRows, scale: number): Rounding {
  const [norms, errors] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    let [squares, lost] = [0, 0];
    for (let k = i * width; k < (i + 1) * width; k++) {
      const value = raw[k]! * scales[i]!;
      const whole = wholeOf(value, scale);
      squares += whole * whole;
      lost += (value * scale - whole) ** 2;
    }
    norms[i] = Math.sqrt(squares);
    errors[i] = Math.sqrt(lost);
  }
  const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value), 0);
  return { norms, errors, norm: largest(norms), error: largest(errors) };
}

function largestNumber({ n, width, raw, scales }: ScaledRows): number {
  let most = 0;
  for (let i = 0; i < n; i++)
    for (let k = i * width; k < (i + 1) * width; k++) most = Math.max(most, Math.abs(raw[k]! * scales[i]!));
  return most;
}

/** Columns as whole numbers, PANEL side by side, two numbers of a row in a word. */
function pack({ n, width, raw, scales }: ScaledRows, scale: number, steps: number, halves: Int16Array): void {
  for (let j = 0; j < n; j++) {
    const to = (j - (j % PANEL)) * steps * 2 + (j % PANEL) * 2;
    for (let k = 0; k < width; k++)
      halves[to + (k >> 1) * 2 * PANEL + (k & 1)] = wholeOf(raw[j * width + k]! * scales[j]!, scale);
  }
}

/** Share of pairs, among some from all over, whose whole product may be on either side of the query's nearest member. */
function unsureShare({ queries, columns }: Question, members: Members, distances: Float64Array, unit: number): number {
  const { offsets, similarities } = members;
  const asking = Int32Array.from({ length: queries.n }, (_, q) => q).filter((q) => offsets[q + 1]! > offsets[q]!);
  const lefts = Int32Array.from({ length: TRIED }, (_, i) => asking[(i * 7919) % asking.length]!);
  const rights = Int32Array.from({ length: TRIED }, (_, i) => (i * 104729 + 13) % columns.n);
  const found = new Float32Array(TRIED);
  exactPairs(queries, columns, lefts, rights, TRIED, found);
  const unsure = lefts.filter((q, i) => Math.abs(found[i]! - similarities[offsets[q]!]!) * unit <= distances[q]!);
  return unsure.length / TRIED;
}

/**
 * Of each query with R ≥ 1 members of its class among the columns: rank of the nearest, (1/R) Σ_{i ≤ R}
 * precision(i)·relevant(i), and the share of members among the first R; 0 and NaN where R = 0. Only for what
 * `suitsCounting`, some query with a member. Undefined where similarities crowd so that another way is as fast.
 */
export async function countNeighbours(
  question: Question,
  told: Told,
  threads = scoringThreads(),
  mostUnsure = MOST_UNSURE,
): Promise<Counted | undefined> {
  const { queries, columns, same } = question;
  const members = membersOf(question);
  const { offsets, similarities } = members;
  const pairs = members.positions.length;
  const places = layout(question, pairs, threads);
  const pages = Math.ceil(places.bytes / PAGE);
  const memory: WasmMemory = new wasm.Memory({ initial: pages, maximum: pages, shared: true });
  const ints = (at: number, length: number): Int32Array => new Int32Array(memory.buffer, at, length);
  const ofThread = (thread: number, at: number, length: number): Int32Array =>
    ints(places.threadsAt + thread * places.threadBytes + at, length);

  const most = Math.max(largestNumber(columns), same ? 0 : largestNumber(queries));
  const scale = Math.max(1, Math.floor(Math.min(LARGEST_SCALE, 32767 / most)));
  const halves = new Int16Array(
    memory.buffer,
    places.panelsAt,
    Math.ceil(columns.n / PANEL) * PANEL * places.steps * 2,
  );
  pack(columns, scale, places.steps, halves);
  const ofColumns = roundingOf(columns, scale);
  const ofQueries = same ? ofColumns : roundingOf(queries, scale);
  const unit = scale * scale;
  // |x·y − a·b| ≤ |a||y − b| + |x − a||b| + |x − a||y − b|; and rounding of the defined value to float32.
  const slack = unit * 2 ** -23 + 4;
  const distances = sharedDoubles(queries.n);
  distances.forEach((_, q) => {
    const [norm, error] = [ofQueries.norms[q]!, ofQueries.errors[q]!];
    distances[q] = norm * ofColumns.error + error * ofColumns.norm + error * ofColumns.error + slack;
  });

  if (unsureShare(question, members, distances, unit) > mostUnsure) return undefined;

  const never = 2 ** 31 - 1;
  const tops = ints(places.topsAt, queries.n);
  const floors = ofThread(0, places.floorsAt, queries.n);
  const needed = ofThread(0, places.neededAt, queries.n);
  for (let q = 0; q < queries.n; q++) {
    const [first, r] = [offsets[q]!, offsets[q + 1]! - offsets[q]!];
    const far = distances[q]!;
    tops[q] = r === 0 ? never : Math.min(never, Math.floor(similarities[first]! * unit + far) + 2);
    floors[q] = r === 0 ? never : Math.max(2 - never, Math.ceil(similarities[first + r - 1]! * unit - far) - 2);
    needed[q] = r;
  }
  for (let thread = 1; thread < threads; thread++) {
    ofThread(thread, places.floorsAt, queries.n).set(floors);
    ofThread(thread, places.neededAt, queries.n).set(needed);
  }
  ints(places.idleAt, TILE_COLUMNS).fill(never);

  const { queryLabels, columnLabels } = question;
  const job: CountingJob = {
    ...{ queries, columns, same, queryLabels: sharedInts(queryLabels), columnLabels: sharedInts(columnLabels) },
    ...{ members, scale, distances },
    ...places,
  };
  const functions = { exactPairs, wholeOf };
  const crew = new Crew(memory, threads, { module: moduleOf('whole'), runner: countingRunner, functions });
  try {
    await crew.run(job, Math.ceil(queries.n / places.blockRows), told);
  } finally {
    await crew.close();
  }
  const all = Array.from({ length: threads }, (_, thread) => ({
    above: ofThread(thread, places.aboveAt, queries.n),
    counts: ofThread(thread, places.countsAt, pairs),
  }));
  return statistics(offsets, all);
}

/** From what stands before each member, by thread. */
function statistics(
  offsets: Int32Array,
  threads: readonly { readonly above: Int32Array; readonly counts: Int32Array }[],
): Counted {
  const n = offsets.length - 1;
  const firstHit = new Int32Array(n);
  const averagePrecision = new Float64Array(n).fill(NaN);
  const rPrecision = new Float64Array(n).fill(NaN);
  for (let q = 0; q < n; q++) {
    const [first, r] = [offsets[q]!, offsets[q + 1]! - offsets[q]!];
    if (r === 0) continue;
    let before = threads.reduce((sum, { above }) => sum + above[q]!, 0);
    let [hits, precisions] = [0, 0];
    for (let p = 0; p < r; p++) {
      for (const { counts } of threads) before += counts[first + p]!;
      const rank = before + p + 1;
      if (p === 0) firstHit[q] = rank;
      if (rank > r) break;
      hits++;
      precisions += hits / rank;
    }
    averagePrecision[q] = precisions / r;
    rPrecision[q] = hits / r;
  }
  return { firstHit, averagePrecision, rPrecision };
}
