/**
 * The tiled matrix product under every kernel: a workgroup keeps tiles of both operands in its memory, an invocation a
 * block of results in registers. Operands lie along the inner dimension (row-major factors of A·Bᵀ) or across it.
 */
import type { Plan, Tile } from './plan.js';
import { across, down, invocations } from './plan.js';

export interface Operand {
  readonly role: 'left' | 'right' | 'panel';
  /** Whether four neighbours in memory are terms of the inner dimension, or rows (columns) of the result. */
  readonly lies: 'along' | 'across';
  readonly format: Plan['storage'];
  /** WGSL: quads a line, and the numbers of lines and quads beyond which zeros are read; first line of the operand. */
  readonly pitch: string;
  readonly lines: string;
  readonly quads: string;
  readonly first?: string;
}

export interface Product {
  readonly functions: string;
  readonly workgroup: readonly string[];
  /** Statements; they read `lane`, `tx`, `ty`, `firstRow`, `firstColumn`. */
  readonly body: readonly string[];
  /** The result at register (r, c). */
  at(r: number, c: number): string;
  /** Its place in the tile. */
  row(r: number): string;
  column(c: number): string;
}

export const elementType = (format: Plan['storage']): string => (format === 'f16' ? 'vec2<u32>' : 'vec4<f32>');

const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
const letters = 'xyzw';

function loadText({ role, format, pitch, lines, quads, first }: Operand): string {
  const at = `${role}[${first ? `(${first} + line)` : 'line'} * ${pitch} + quad]`;
  const fetched =
    format === 'f16'
      ? [`let packed = ${at};`, 'return vec4<f32>(unpack2x16float(packed.x), unpack2x16float(packed.y));']
      : [`return ${at};`];
  return [
    `fn load_${role}(line: u32, quad: u32) -> vec4<f32> {`,
    `  if (line < ${lines} && quad < ${quads}) {`,
    ...fetched.map((line) => `    ${line}`),
    '  }',
    '  return vec4<f32>();',
    '}',
  ].join('\n');
}

/** Text that fetches an operand's tile and puts it into workgroup memory. */
class Side {
  readonly quads: number;
  private readonly perLine: number;
  private readonly threads: number;
  constructor(
    readonly operand: Operand,
    private readonly extent: number,
    private readonly tile: Tile,
    private readonly first: string,
  ) {
    this.quads = (extent * tile.depth) / 4;
    this.perLine = operand.lies === 'along' ? tile.depth / 4 : extent / 4;
    this.threads = invocations(tile);
  }
  get name(): string {
    return `tile_${this.operand.role}`;
  }
  private element(l: number): string {
    return l === 0 ? 'lane' : `(lane + ${l * this.threads}u)`;
  }
  private guarded(l: number, line: string): string {
    const whole = (l + 1) * this.threads <= this.quads;
    return whole ? line : `if (${this.element(l)} < ${this.quads}u) { ${line} }`;
  }
  private get steps(): number[] {
    return range(Math.ceil(this.quads / this.threads));
  }
  declare(): string[] {
    return this.steps.map((l) => `var fetched_${this.operand.role}${l} = vec4<f32>();`);
  }
  fetch(k: string): string[] {
    const { role, lies } = this.operand;
    return this.steps.map((l) => {
      const [line, quad] = [`${this.element(l)} / ${this.perLine}u`, `${this.element(l)} % ${this.perLine}u`];
      const at =
        lies === 'along'
          ? `${this.first} + ${line}, (${k}) / 4u + ${quad}`
          : `${k} + ${line}, ${this.first} / 4u + ${quad}`;
      return this.guarded(l, `fetched_${role}${l} = load_${role}(${at});`);
    });
  }
  store(): string[] {
    const { role, lies } = this.operand;
    return this.steps.map((l) => {
      const e = this.element(l);
      const at = lies === 'along' ? this.place(`${e} / ${this.perLine}u`, `${e} % ${this.perLine}u`) : e;
      return this.guarded(l, `${this.name}[${at}] = fetched_${role}${l};`);
    });
  }
  /** Where a quad lies: lines are rotated so that eight of them, read at once, fall on different memory banks. */
  place(line: string, quad: string): string {
    const turn = 8 / this.perLine;
    return `(${line}) * ${this.perLine}u + ((${quad}) ^ (((${line}) / ${turn}u) % ${this.perLine}u))`;
  }
  /** Place within the tile's extent of register x. */
  index(x: number, thread: string, threads: number): string {
    return this.operand.lies === 'along'
      ? `${x * threads}u + ${thread}`
      : `${(x >> 2) * threads * 4 + (x & 3)}u + ${thread} * 4u`;
  }
  /** Statements that read what step `q` (four inner terms) needs, and the text of register x at inner term t of them. */
  read(each: number, thread: string, threads: number): { lines: string[]; at(x: number, t: number): string } {
    const short = this.operand.role === 'right' ? 'b' : 'a';
    if (this.operand.lies === 'along')
      return {
        lines: range(each).map(
          (x) => `let ${short}${x} = ${this.name}[${this.place(this.index(x, thread, threads), 'q')}];`,
        ),
        at: (x, t) => `${short}${x}.${letters[t]}`,
      };
    const groups = range(each / 4);
    return {
      lines: range(4).flatMap((t) =>
        groups.map(
          (g) =>
            `let ${short}${t}_${g} = ${this.name}[(q * 4u + ${t}u) * ${this.perLine}u + ${g * threads}u + ${thread}];`,
        ),
      ),
      at: (x, t) => `${short}${t}_${x >> 2}.${letters[x & 3]}`,
    };
  }
}

/** The product over inner terms `from` ≤ k < `to` (WGSL texts; `from` a multiple of the tile's depth). */
export function product(
  tile: Tile,
  operands: readonly [Operand, Operand],
  inner: { readonly from: string; readonly to: string },
  prefetch: boolean,
): Product {
  const [wide, high] = [across(tile), down(tile)];
  const left = new Side(operands[0], tile.rows, tile, 'firstRow');
  const right = new Side(operands[1], tile.columns, tile, 'firstColumn');
  const sides = [left, right];
  const a = left.read(tile.rowsEach, 'ty', high);
  const b = right.read(tile.columnsEach, 'tx', wide);
  const vectors = operands[1].lies === 'across';
  const rows = range(tile.rowsEach);
  const columns = range(vectors ? tile.columnsEach / 4 : tile.columnsEach);
  const multiply = range(4).flatMap((t) =>
    rows.flatMap((r) =>
      columns.map((c) =>
        vectors
          ? `s${r}_${c} = fma(vec4<f32>(${a.at(r, t)}), b${t}_${c}, s${r}_${c});`
          : `s${r}_${c} = fma(${a.at(r, t)}, ${b.at(c, t)}, s${r}_${c});`,
      ),
    ),
  );
  const fetchAll = (k: string): string[] => sides.flatMap((side) => side.fetch(k));
  const body = [
    ...rows.flatMap((r) => columns.map((c) => `var s${r}_${c} = ${vectors ? 'vec4<f32>()' : '0f'};`)),
    ...sides.flatMap((side) => side.declare()),
    ...(prefetch ? fetchAll(inner.from) : []),
    `for (var k: u32 = ${inner.from}; k < ${inner.to}; k += ${tile.depth}u) {`,
    ...(prefetch ? [] : fetchAll('k').map((line) => `  ${line}`)),
    '  workgroupBarrier();',
    ...sides.flatMap((side) => side.store()).map((line) => `  ${line}`),
    '  workgroupBarrier();',
    ...(prefetch
      ? [
          `  if (k + ${tile.depth}u < ${inner.to}) {`,
          ...fetchAll(`k + ${tile.depth}u`).map((line) => `    ${line}`),
          '  }',
        ]
      : []),
    `  for (var q: u32 = 0u; q < ${tile.depth / 4}u; q += 1u) {`,
    ...[...a.lines, ...b.lines, ...multiply].map((line) => `    ${line}`),
    '  }',
    '}',
  ];
  return {
    functions: operands.map(loadText).join('\n'),
    workgroup: sides.map((side) => `var<workgroup> ${side.name}: array<vec4<f32>, ${side.quads}>;`),
    body,
    at: (r, c) => (vectors ? `s${r}_${c >> 2}.${letters[c & 3]}` : `s${r}_${c}`),
    row: (r) => left.index(r, 'ty', high),
    column: (c) => right.index(c, 'tx', wide),
  };
}

/** Statements that name the invocation's place. */
export const placeLines = (tile: Tile): string[] => [
  'let tx: u32 = local.x;',
  'let ty: u32 = local.y;',
  `let lane: u32 = ty * ${across(tile)}u + tx;`,
];
