/** Statistics of each row of S (or, with the factors exchanged, of each column), without S. */
import type { Statistic, StatisticKind } from '../declaration.js';
import { readsOf } from '../declaration.js';
import { constant, select } from '../expression.js';
import type { Side, Value } from '../expression.js';
import type { ForwardProgram } from '../program.js';
import { functionsOf } from './emit.js';
import { definitions, OUTSIDE } from './functions.js';
import { assemble, indent } from './kernel.js';
import type { Binding, Kernel } from './kernel.js';
import { PairFunction } from './pair-function.js';
import type { Plan } from './plan.js';
import { across, down, invocations, tileBytes } from './plan.js';
import { elementType, placeLines, product } from './tiles.js';

const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

/** What a pair outside the mask counts as. */
const neutral: Record<StatisticKind, number> = { sum: 0, logSumExp: -3e38, max: -3e38, min: 3e38 };

const MERGES: Record<StatisticKind, string> = {
  // The second number is what rounding cut off the first.
  sum: `
fn merge_sum(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
  let t = a.x + b.x;
  let u = t - a.x;
  return vec2<f32>(t, (a.x - (t - u)) + (b.x - u) + (a.y + b.y));
}`,
  // Maximum and Σ e^(z − maximum).
  logSumExp: `
fn merge_logSumExp(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
  let top = max(a.x, b.x);
  return vec2<f32>(top, a.y * exp_(a.x - top) + b.y * exp_(b.x - top));
}`,
  // Value and position: of equal ones, the first position.
  max: `
fn merge_max(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
  return select(a, b, b.x > a.x || (b.x == a.x && b.y < a.y));
}`,
  min: `
fn merge_min(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
  return select(a, b, b.x < a.x || (b.x == a.x && b.y < a.y));
}`,
};

const NOWHERE = '4e9f';
const initial = (kind: StatisticKind): string =>
  ({
    sum: 'vec2<f32>()',
    logSumExp: `vec2<f32>(${OUTSIDE}, 0f)`,
    max: `vec2<f32>(${OUTSIDE}, ${NOWHERE})`,
    min: `vec2<f32>(3e38f, ${NOWHERE})`,
  })[kind];

export const mergesOf = (statistics: readonly Statistic[]): string =>
  [...new Set(statistics.map(({ kind }) => kind))].map((kind) => MERGES[kind]).join('\n');

/** Pairwise sum of texts. */
const tree = (terms: readonly string[], join: (a: string, b: string) => string): string => {
  if (terms.length === 1) return terms[0]!;
  const half = terms.length >> 1;
  return join(tree(terms.slice(0, half), join), tree(terms.slice(half), join));
};

/** Adds t to the sum `total` with its compensation `lost`. */
const addLines = (total: string, lost: string, t: string): string[] => [
  `let next = ${total} + ${t};`,
  `let part = next - ${total};`,
  `${lost} = ${lost} + (${total} - (next - part)) + (${t} - part);`,
  `${total} = next;`,
];

/** Statements that take the values `z` of one row's pairs into its running state `v`, `e` (and `c`, what rounding cut off). */
function updateLines(kind: StatisticKind, id: string, z: readonly string[], positions: readonly string[]): string[] {
  const [v, e, c] = [`v${id}`, `e${id}`, `c${id}`];
  const plus = (a: string, b: string): string => `(${a} + ${b})`;
  switch (kind) {
    case 'sum':
      return ['{', ...indent([`let t = ${tree(z, plus)};`, ...addLines(v, e, 't')]), '}'];
    case 'logSumExp':
      return [
        '{',
        ...indent([
          `let top = max(${v}, ${tree(z, (a, b) => `max(${a}, ${b})`)});`,
          `if (top > -2.9e38f) {`,
          ...indent([
            `let keep = exp_(${v} - top);`,
            `${e} = ${e} * keep;`,
            `${c} = ${c} * keep;`,
            `let t = ${tree(
              z.map((x) => `exp_(${x} - top)`),
              plus,
            )};`,
            ...addLines(e, c, 't'),
            `${v} = top;`,
          ]),
          '}',
        ]),
        '}',
      ];
    default: {
      const better = kind === 'max' ? '>' : '<';
      return z.map((x, k) => `if (${x} ${better} ${v}) { ${v} = ${x}; ${e} = f32(${positions[k]}); }`);
    }
  }
}

export const forwardIntegers = (relations: readonly string[]): string[] => [
  'rowCount',
  'columnCount',
  'rows',
  'columns',
  'quads',
  'tiles',
  'tilesEach',
  'splits',
  ...relations.flatMap((name) => [`r_${name}`, `c_${name}`]),
];

/** The kernel for those statistics of a program that are `per` row, or `per` column. */
export function forwardKernel(program: ForwardProgram, per: Side, plan: Plan): Kernel {
  const { name } = program;
  const statistics = program.statistics.filter((each) => each.per === per);
  const tile = plan.scores;
  const [wide, high, threads] = [across(tile), down(tile), invocations(tile)];
  const values = statistics.map(({ kind, of, over }): Value => select(over, of, constant(neutral[kind])));
  const reads = readsOf(statistics.flatMap(({ of, over }) => [of, over]));
  const pairs = new PairFunction(program.reads, reads, per === 'row' ? 'rows-left' : 'rows-right');
  const factors = product(
    tile,
    [
      { role: 'left', lies: 'along', format: plan.storage, pitch: 'p.quads', lines: 'p.rows', quads: 'p.quads' },
      { role: 'right', lies: 'along', format: plan.storage, pitch: 'p.quads', lines: 'p.columns', quads: 'p.quads' },
    ],
    { from: '0u', to: 'p.quads * 4u' },
    plan.prefetch,
  );
  const logSumExp = statistics.some(({ kind }) => kind === 'logSumExp');
  const called = functionsOf(values);
  if (logSumExp) called.add('exp');

  const columns = range(tile.columnsEach);
  const rows = range(tile.rowsEach);
  const state = rows.flatMap((r) =>
    statistics.flatMap(({ kind }, k) => [
      `var v${k}_${r} = ${initial(kind)}.x;`,
      `var e${k}_${r} = ${initial(kind)}.y;`,
      ...(kind === 'logSumExp' ? [`var c${k}_${r} = 0f;`] : []),
    ]),
  );
  const taken = columns.map((c) => pairs.take('right', tile.columns, factors.column(c), c));
  const epilogue = [
    ...columns.map((c) => `let y${c} = firstColumn + ${factors.column(c)};`),
    ...taken.flatMap(({ lines }) => lines),
    ...rows.flatMap((r) => {
      const mine = pairs.take('left', tile.rows, factors.row(r), r);
      return [
        '{',
        ...indent([
          `let x = firstRow + ${factors.row(r)};`,
          ...mine.lines,
          ...columns.flatMap((c) => [
            `var z${c} = Pair(${statistics.map(({ kind }) => (kind === 'min' ? '3e38f' : kind === 'sum' ? '0f' : OUTSIDE)).join(', ')});`,
            `if (y${c} < p.columns) { z${c} = pair(${factors.at(r, c)}, x, y${c}${mine.arguments}${taken[c]!.arguments}); }`,
          ]),
          ...statistics.flatMap(({ kind }, k) =>
            updateLines(
              kind,
              `${k}_${r}`,
              columns.map((c) => `z${c}.z${k}`),
              columns.map((c) => `y${c}`),
            ),
          ),
        ]),
        '}',
      ];
    }),
  ];

  const body = [
    ...placeLines(tile),
    `let firstRow: u32 = group.y * ${tile.rows}u;`,
    'let firstTile: u32 = group.x * p.tilesEach;',
    'let lastTile: u32 = min(firstTile + p.tilesEach, p.tiles);',
    ...pairs.stage('left', tile.rows, 'firstRow', threads),
    ...state,
    'for (var tile: u32 = firstTile; tile < lastTile; tile += 1u) {',
    ...indent([
      `let firstColumn: u32 = tile * ${tile.columns}u;`,
      ...(pairs.right.length > 0 ? ['workgroupBarrier();'] : []),
      ...pairs.stage('right', tile.columns, 'firstColumn', threads),
      ...factors.body,
      ...epilogue,
    ]),
    '}',
    ...rows.flatMap((r) =>
      statistics.flatMap(({ kind }, k) => {
        const own =
          kind === 'logSumExp' ? `vec2<f32>(v${k}_${r}, e${k}_${r} + c${k}_${r})` : `vec2<f32>(v${k}_${r}, e${k}_${r})`;
        return ['{', ...indent(gatherLines(kind, own, k, factors.row(r), wide, plan.subgroups)), '}'];
      }),
    ),
  ];

  const bindings: Binding[] = [
    { role: 'left', type: elementType(plan.storage), write: false },
    { role: 'right', type: elementType(plan.storage), write: false },
    ...(pairs.uses('row') ? [{ role: 'rowData', type: 'u32', write: false } as const] : []),
    ...(pairs.uses('column') ? [{ role: 'columnData', type: 'u32', write: false } as const] : []),
    ...(reads.relations.length > 0 ? [{ role: 'relations', type: 'u32', write: false } as const] : []),
    { role: 'partials', type: 'vec2<f32>', write: true },
  ];
  return assemble({
    label: `${name}: ${per} statistics`,
    extensions: plan.subgroups ? ['enable subgroups;', 'diagnostic(off, subgroup_uniformity);'] : [],
    bindings,
    integers: forwardIntegers(reads.relations),
    scalars: reads.uniforms,
    workgroup: [
      ...factors.workgroup,
      ...pairs.workgroup('left', tile.rows),
      ...pairs.workgroup('right', tile.columns),
      ...(plan.subgroups ? [] : [`var<workgroup> gathered: array<vec2<f32>, ${threads}>;`]),
    ],
    workgroupBytes: tileBytes(tile) + pairs.bytes([tile.rows, tile.columns]) + (plan.subgroups ? 0 : 8 * threads),
    invocations: threads,
    functions: [
      definitions(called, plan.exp),
      `struct Pair {\n${statistics.map((_, k) => `  z${k}: f32,`).join('\n')}\n}`,
      pairs.text('pair', 'Pair', values, (names) => `Pair(${names.join(', ')})`),
      mergesOf(statistics),
      factors.functions,
    ].join('\n'),
    size: [wide, high],
    body,
  });
}

/** Statements that combine what the invocations of one row have, and write it as that row's part of this split. */
function gatherLines(
  kind: StatisticKind,
  own: string,
  k: number,
  at: string,
  wide: number,
  subgroups: boolean,
): string[] {
  const write = [
    `let row = firstRow + ${at};`,
    `if (tx == 0u && row < p.rows) { partials[(${k}u * p.splits + group.x) * p.rows + row] = total; }`,
  ];
  if (subgroups) {
    const steps = range(Math.log2(wide)).map((step) => 1 << step);
    return [
      `var total = ${own};`,
      ...steps.map((step) => `total = merge_${kind}(total, subgroupShuffleXor(total, ${step}u));`),
      ...write,
    ];
  }
  return [
    'workgroupBarrier();',
    `gathered[lane] = ${own};`,
    'workgroupBarrier();',
    'var total = gathered[lane];',
    'if (tx == 0u) {',
    `  for (var t: u32 = 1u; t < ${wide}u; t += 1u) {`,
    `    total = merge_${kind}(total, gathered[lane + t]);`,
    '  }',
    '}',
    ...write,
  ];
}
