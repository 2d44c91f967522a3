/** Expression trees as WGSL statements: each part computed once, a costly branch only where its mask holds. */
import type { Mask, Side, Value } from '../expression.js';
import { show, walk } from '../expression.js';
import { callText, literal } from './functions.js';

/** The names under which a kernel has what an expression reads. */
export interface Names {
  /** u32 */
  readonly i: string;
  readonly j: string;
  readonly score: string;
  field(per: Side, name: string): string;
  /** u32 holding the bits of the id. */
  id(per: Side, name: string): string;
}

/** Statements of one block; inner blocks see what outer ones have computed. */
export class Block {
  readonly lines: string[] = [];
  private readonly known = new Map<string, string>();

  constructor(
    private readonly names: Names,
    private readonly fresh: { next: number } = { next: 0 },
    private readonly outer?: Block,
  ) {}

  private find(key: string): string | undefined {
    return this.known.get(key) ?? this.outer?.find(key);
  }

  private bind(key: string, text: string): string {
    const name = `t${this.fresh.next++}`;
    this.lines.push(`let ${name} = ${text};`);
    this.known.set(key, name);
    return name;
  }

  /** The name (or literal) of a value, after the statements that compute it. */
  value(x: Value): string {
    switch (x.kind) {
      case 'constant':
        return literal(x.value);
      case 'score':
        return this.names.score;
      case 'uniform':
        return `p.u_${x.name}`;
      case 'field':
        return this.names.field(x.per, x.name);
    }
    const key = show(x);
    const found = this.find(key);
    if (found) return found;
    if (x.kind === 'select') return this.select(key, x);
    if (x.kind === 'unary') return x.f === 'detach' ? this.value(x.x) : this.bind(key, callText(x.f, this.value(x.x)));
    const [a, b] = [this.value(x.a), this.value(x.b)];
    if (x.f === 'min' || x.f === 'max') return this.bind(key, `${x.f}(${a}, ${b})`);
    return this.bind(key, `${a} ${{ add: '+', sub: '-', mul: '*', div: '/' }[x.f]} ${b}`);
  }

  private select(key: string, { when, yes, no }: Extract<Value, { kind: 'select' }>): string {
    const condition = this.truth(when);
    const trivial = [yes, no].every(({ kind }) => ['constant', 'score', 'uniform', 'field'].includes(kind));
    if (trivial) return this.bind(key, `select(${this.value(no)}, ${this.value(yes)}, ${condition})`);
    const name = `t${this.fresh.next++}`;
    this.lines.push(`var ${name} = 0f;`);
    const branch = (of: Value): string[] => {
      const inner = new Block(this.names, this.fresh, this);
      const result = inner.value(of);
      return [...inner.lines, `${name} = ${result};`].map((line) => `  ${line}`);
    };
    const otherwise = no.kind === 'constant' && no.value === 0 ? [] : ['} else {', ...branch(no)];
    this.lines.push(`if (${condition}) {`, ...branch(yes), ...otherwise, '}');
    this.known.set(key, name);
    return name;
  }

  /** The name of a mask's truth. */
  truth(x: Mask): string {
    if (x.kind === 'all') return 'true';
    const key = show(x);
    return this.find(key) ?? this.bind(key, this.condition(x));
  }

  private condition(x: Mask): string {
    const { i, j } = this.names;
    switch (x.kind) {
      case 'all':
        return 'true';
      case 'sameIndex':
        return `${i} == ${j}`;
      case 'before':
        return `${i} < ${j}`;
      case 'sameId':
        return `${this.names.id('row', x.row)} == ${this.names.id('column', x.column)}`;
      case 'atPosition':
        return `${this.names.field(x.per, x.name)} == f32(${x.per === 'row' ? j : i})`;
      case 'member':
        return `in_${x.relation}(${i}, ${j})`;
      case 'less':
        return `${this.value(x.a)} ${x.orEqual ? '<=' : '<'} ${this.value(x.b)}`;
      case 'not':
        return `!(${this.condition(x.x)})`;
      case 'and':
        return `(${this.condition(x.a)}) && (${this.condition(x.b)})`;
      case 'or':
        return `(${this.condition(x.a)}) || (${this.condition(x.b)})`;
    }
  }
}

/** Functions of `functions.ts` that a tree calls. */
export function functionsOf(trees: readonly (Value | Mask)[]): Set<string> {
  const names = new Set<string>();
  for (const tree of trees) for (const part of walk(tree)) if (part.kind === 'unary') names.add(part.f);
  return names;
}

/** Membership of a sparse relation by binary search; `relations` holds its offsets, then its columns. */
export const memberText = (name: string): string => `
fn in_${name}(i: u32, j: u32) -> bool {
  var low = relations[p.r_${name} + i];
  var high = relations[p.r_${name} + i + 1u];
  let end = high;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (relations[p.c_${name} + middle] < j) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  return low < end && relations[p.c_${name} + low] == j;
}`;
