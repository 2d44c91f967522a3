/** The gradient's kernels: a panel of weights from tiles of S, then plain matrix products with it. */
import type { BackwardProgram } from '../program.js';
import { functionsOf } from './emit.js';
import { definitions } from './functions.js';
import { assemble, indent } from './kernel.js';
import type { Binding, Kernel } from './kernel.js';
import { PairFunction } from './pair-function.js';
import type { Plan } from './plan.js';
import { across, down, invocations, tileBytes } from './plan.js';
import { elementType, placeLines, product } from './tiles.js';

const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

/**
 * Writes W for the columns from `p.first` on: [rows, p.pitch], 0 beyond the last column. `symmetric`, where the columns
 * are the rows: W + Wᵀ, whose product with the factor is the whole gradient, S being symmetric to the last bit.
 */
export function weightKernel(program: BackwardProgram, symmetric: boolean, plan: Plan): Kernel {
  const { reads, weight, name } = program;
  const tile = plan.scores;
  const threads = invocations(tile);
  const pairs = new PairFunction(reads, reads, symmetric ? 'symmetric' : 'rows-left');
  const factors = product(
    tile,
    [
      { role: 'left', lies: 'along', format: plan.storage, pitch: 'p.quads', lines: 'p.rowCount', quads: 'p.quads' },
      {
        role: 'right',
        lies: 'along',
        format: plan.storage,
        pitch: 'p.quads',
        lines: 'p.columnCount',
        quads: 'p.quads',
      },
    ],
    { from: '0u', to: 'p.quads * 4u' },
    plan.prefetch,
  );
  const columns = range(tile.columnsEach);
  const taken = columns.map((c) => pairs.take('right', tile.columns, factors.column(c), c));
  const body = [
    ...placeLines(tile),
    `let firstRow: u32 = group.y * ${tile.rows}u;`,
    `let firstLocal: u32 = group.x * ${tile.columns}u;`,
    'let firstColumn: u32 = p.first + firstLocal;',
    ...pairs.stage('left', tile.rows, 'firstRow', threads),
    ...pairs.stage('right', tile.columns, 'firstColumn', threads),
    ...factors.body,
    ...columns.map((c) => `let y${c} = firstColumn + ${factors.column(c)};`),
    ...taken.flatMap(({ lines }) => lines),
    ...range(tile.rowsEach).flatMap((r) => {
      const mine = pairs.take('left', tile.rows, factors.row(r), r);
      return [
        '{',
        ...indent([
          `let x = firstRow + ${factors.row(r)};`,
          ...mine.lines,
          'if (x < p.rowCount) {',
          ...indent(
            columns.flatMap((c) => [
              `var w${c} = 0f;`,
              `if (y${c} < p.columnCount) { w${c} = weight(${factors.at(r, c)}, x, y${c}${mine.arguments}${taken[c]!.arguments}); }`,
              `panel[x * p.pitch + firstLocal + ${factors.column(c)}] = w${c};`,
            ]),
          ),
          '}',
        ]),
        '}',
      ];
    }),
  ];
  const bindings: Binding[] = [
    { role: 'left', type: elementType(plan.storage), write: false },
    { role: 'right', type: elementType(plan.storage), write: false },
    ...(pairs.uses('row') ? [{ role: 'rowData', type: 'u32', write: false } as const] : []),
    ...(pairs.uses('column') ? [{ role: 'columnData', type: 'u32', write: false } as const] : []),
    ...(reads.relations.length > 0 ? [{ role: 'relations', type: 'u32', write: false } as const] : []),
    { role: 'panel', type: 'f32', write: true },
  ];
  return assemble({
    label: `${name}: weights`,
    bindings,
    integers: [
      'rowCount',
      'columnCount',
      'quads',
      'first',
      'pitch',
      ...reads.relations.flatMap((relation) => [`r_${relation}`, `c_${relation}`]),
    ],
    scalars: reads.uniforms,
    workgroup: [...factors.workgroup, ...pairs.workgroup('left', tile.rows), ...pairs.workgroup('right', tile.columns)],
    workgroupBytes: tileBytes(tile) + pairs.bytes([tile.rows, tile.columns]),
    invocations: threads,
    functions: [
      definitions(functionsOf([weight]), plan.exp),
      pairs.text('weight', 'f32', [weight], ([name]) => name!),
      factors.functions,
    ].join('\n'),
    size: [across(tile), down(tile)],
    body,
  });
}

/**
 * out = (panel or its transpose) · right, the inner dimension split over `group.z`, each split's part behind the other.
 * Rows of `right` from `p.rightFirst` on stand for the inner terms; `p.accumulate` = 1 adds to what `out` holds.
 * `vectors`: the rows of out are whole quads.
 */
export function productKernel(transposed: boolean, vectors: boolean, plan: Plan): Kernel {
  const tile = plan.products;
  const threads = invocations(tile);
  const factors = product(
    tile,
    [
      transposed
        ? { role: 'panel', lies: 'across', format: 'f32', pitch: 'p.pitch', lines: 'p.depth', quads: 'p.rowQuads' }
        : { role: 'panel', lies: 'along', format: 'f32', pitch: 'p.pitch', lines: 'p.rows', quads: 'p.depthQuads' },
      {
        role: 'right',
        lies: 'across',
        format: plan.storage,
        pitch: 'p.quads',
        lines: 'p.rightLines',
        quads: 'p.quads',
        first: 'p.rightFirst',
      },
    ],
    { from: 'firstDepth', to: 'lastDepth' },
    plan.prefetch,
  );
  const store = (r: number): string[] => [
    '{',
    ...indent([
      `let row = firstRow + ${factors.row(r)};`,
      'if (row < p.rows) {',
      ...indent(
        range(tile.columnsEach / 4).flatMap((g) => {
          const column = `firstColumn + ${factors.column(4 * g)}`;
          if (vectors)
            return [
              `if (${column} < p.columns) {`,
              ...indent([
                `let at = (group.z * p.outLines + p.outFirst + row) * (p.columns / 4u) + (${column}) / 4u;`,
                `if (p.accumulate == 1u) { s${r}_${g} += out[at]; }`,
                `out[at] = s${r}_${g};`,
              ]),
              '}',
            ];
          return range(4).flatMap((q) => [
            `if (${column} + ${q}u < p.columns) {`,
            ...indent([
              `let at = (group.z * p.outLines + p.outFirst + row) * p.columns + ${column} + ${q}u;`,
              `var v = ${factors.at(r, 4 * g + q)};`,
              'if (p.accumulate == 1u) { v += out[at]; }',
              'out[at] = v;',
            ]),
            '}',
          ]);
        }),
      ),
      '}',
    ]),
    '}',
  ];
  return assemble({
    label: transposed ? 'transposed product' : 'product',
    bindings: [
      { role: 'panel', type: 'vec4<f32>', write: false },
      { role: 'right', type: elementType(plan.storage), write: false },
      { role: 'out', type: vectors ? 'vec4<f32>' : 'f32', write: true },
    ],
    integers: [
      'rows',
      'columns',
      'depth',
      'depthEach',
      'pitch',
      'quads',
      'rowQuads',
      'depthQuads',
      'rightFirst',
      'rightLines',
      'outFirst',
      'outLines',
      'accumulate',
    ],
    scalars: [],
    workgroup: factors.workgroup,
    workgroupBytes: tileBytes(tile),
    invocations: threads,
    functions: factors.functions,
    size: [across(tile), down(tile)],
    body: [
      ...placeLines(tile),
      `let firstRow: u32 = group.y * ${tile.rows}u;`,
      `let firstColumn: u32 = group.x * ${tile.columns}u;`,
      'let firstDepth: u32 = group.z * p.depthEach;',
      'let lastDepth: u32 = min(firstDepth + p.depthEach, p.depth);',
      ...factors.body,
      ...range(tile.rowsEach).flatMap(store),
    ],
  });
}

export const LINEAR_THREADS = 256;
/** Place of an invocation in a long vector, over more workgroups than one dimension may have. */
const linear = `let at: u32 = (group.y * p.width + group.x) * ${LINEAR_THREADS}u + local.x;`;

/** out[p.outFirst + e] = Σ over splits, in order, of partials[split · p.length + e]. */
export function reduceKernel(): Kernel {
  return assemble({
    label: 'sum of splits',
    bindings: [
      { role: 'partials', type: 'f32', write: false },
      { role: 'out', type: 'f32', write: true },
    ],
    integers: ['length', 'splits', 'outFirst', 'width'],
    scalars: [],
    workgroupBytes: 0,
    invocations: LINEAR_THREADS,
    functions: '',
    size: [LINEAR_THREADS, 1],
    body: [
      linear,
      'if (at < p.length) {',
      ...indent([
        'var total = partials[at];',
        'for (var split: u32 = 1u; split < p.splits; split += 1u) {',
        '  total += partials[split * p.length + at];',
        '}',
        'out[p.outFirst + at] = total;',
      ]),
      '}',
    ],
  });
}

/** Rows of whole quads from rows of any width: zeros behind, rounded to f16 where the plan stores that. */
export function padKernel(format: Plan['storage']): Kernel {
  const quad = range(4)
    .map((k) => `take(line, column + ${k}u)`)
    .join(', ');
  return assemble({
    label: `pad to ${format}`,
    bindings: [
      { role: 'source', type: 'f32', write: false },
      { role: 'out', type: elementType(format), write: true },
    ],
    integers: ['rows', 'columns', 'quads', 'width'],
    scalars: [],
    workgroupBytes: 0,
    invocations: LINEAR_THREADS,
    functions: [
      'fn take(line: u32, column: u32) -> f32 {',
      '  if (column < p.columns) {',
      '    return source[line * p.columns + column];',
      '  }',
      '  return 0f;',
      '}',
    ].join('\n'),
    size: [LINEAR_THREADS, 1],
    body: [
      linear,
      'if (at < p.rows * p.quads) {',
      ...indent([
        'let line = at / p.quads;',
        'let column = (at % p.quads) * 4u;',
        `let quad = vec4<f32>(${quad});`,
        format === 'f16' ? 'out[at] = vec2<u32>(pack2x16float(quad.xy), pack2x16float(quad.zw));' : 'out[at] = quad;',
      ]),
      '}',
    ],
  });
}
