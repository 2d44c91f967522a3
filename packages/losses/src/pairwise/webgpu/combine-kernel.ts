/** The second, small step of the forward pass: the parts of each row's statistics, combined in a fixed order. */
import type { Statistic, StatisticKind } from '../declaration.js';
import { definitions } from './functions.js';
import { mergesOf } from './forward-kernel.js';
import { assemble, indent } from './kernel.js';
import type { Kernel } from './kernel.js';

export const COMBINE_THREADS = 64;

const writeLines = (kind: StatisticKind, k: number): string[] => {
  const [value, extra] = [`out[p.value${k} + row]`, `out[p.extra${k} + row]`];
  switch (kind) {
    case 'sum':
      return [`${value} = total.x + total.y;`];
    case 'logSumExp':
      return [
        'if (total.y == 0f) {',
        ...indent([`${value} = -1e30f;`, `${extra} = 0f;`]),
        '} else {',
        ...indent([
          'let l = log_(total.y);',
          'let sum = total.x + l;',
          'let part = sum - total.x;',
          `${value} = sum;`,
          `${extra} = (total.x - (sum - part)) + (l - part);`,
        ]),
        '}',
      ];
    default: {
      const found = kind === 'max' ? 'total.x > -2.9e38f' : 'total.x < 2.9e38f';
      return [
        `let found = ${found};`,
        `${value} = select(${kind === 'max' ? '-1e30f' : '1e30f'}, total.x, found);`,
        `${extra} = select(-1f, total.y, found);`,
      ];
    }
  }
};

/** One invocation a row; `p.value…` and `p.extra…` say where in `out` each statistic's blocks begin. */
export function combineKernel(name: string, statistics: readonly Statistic[]): Kernel {
  const lines = statistics.flatMap(({ kind }, k) => [
    '{',
    ...indent([
      `var total = partials[${k}u * p.splits * p.rows + row];`,
      'for (var split: u32 = 1u; split < p.splits; split += 1u) {',
      `  total = merge_${kind}(total, partials[(${k}u * p.splits + split) * p.rows + row]);`,
      '}',
      ...writeLines(kind, k),
    ]),
    '}',
  ]);
  return assemble({
    label: `${name}: combine`,
    bindings: [
      { role: 'partials', type: 'vec2<f32>', write: false },
      { role: 'out', type: 'f32', write: true },
    ],
    integers: ['rows', 'splits', ...statistics.flatMap((_, k) => [`value${k}`, `extra${k}`])],
    scalars: [],
    workgroupBytes: 0,
    invocations: COMBINE_THREADS,
    functions: `${definitions(['exp', 'log'], 'exact')}\n${mergesOf(statistics)}`,
    size: [COMBINE_THREADS, 1],
    body: [`let row: u32 = group.x * ${COMBINE_THREADS}u + local.x;`, 'if (row < p.rows) {', ...indent(lines), '}'],
  });
}
