/**
 * Flops and bytes of global memory of a schedule, counted in the text of its kernels: their loops are walked with the
 * sizes of each dispatch, and every multiply-add and every access to a storage buffer is counted as often as it runs.
 */
import type { Kernel } from './kernel.js';
import type { Dispatch } from './schedule.js';

export interface Count {
  /** Two for each lane of a multiply-add; no other operation counts. */
  readonly flops: number;
  readonly bytes: number;
}

type Scope = ReadonlyMap<string, number>;
type Node =
  | { readonly kind: 'line'; readonly text: string }
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly from: string;
      readonly to: string;
      readonly step: string;
      readonly body: Node[];
    }
  | { readonly kind: 'if'; readonly condition: string; readonly yes: Node[]; readonly no: Node[] }
  | { readonly kind: 'let'; readonly name: string; readonly value: string };

interface ParsedKernel {
  /** Bodies of the functions, `main` among them. */
  readonly bodies: ReadonlyMap<string, readonly Node[]>;
  /** Bytes of one element of each storage buffer. */
  readonly elements: ReadonlyMap<string, number>;
  /** Invocations of a workgroup that differ in x alone; work that tx = 0 does is that of one among so many. */
  readonly across: number;
}

const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  f32: 4,
  u32: 4,
  'vec2<f32>': 8,
  'vec2<u32>': 8,
  'vec4<f32>': 16,
};

const FOR = /^for \(var (\w+): u32 = (.*); \w+ < (.*); \w+ \+= (.*)\) \{$/;
const LET = /^let (\w+): u32 = (.*);$/;
const ONE_LINE_IF = /^if \((.*?)\) \{ (.*) \}$/;

/** Lines up to the closing brace of the block that begins at `at`; `at` moves behind it. */
function block(lines: readonly string[], at: { line: number }): { nodes: Node[]; closing: string } {
  const nodes: Node[] = [];
  while (at.line < lines.length) {
    const text = lines[at.line++]!.trim();
    if (text.startsWith('}')) return { nodes, closing: text };
    const loop = FOR.exec(text);
    const named = LET.exec(text);
    const short = ONE_LINE_IF.exec(text);
    if (loop) {
      const [, name, from, to, step] = loop;
      nodes.push({ kind: 'for', name: name!, from: from!, to: to!, step: step!, body: block(lines, at).nodes });
    } else if (short) {
      nodes.push({ kind: 'if', condition: short[1]!, yes: [{ kind: 'line', text: short[2]! }], no: [] });
    } else if (text.startsWith('if (')) {
      const yes = block(lines, at);
      const no = yes.closing.includes('else') ? block(lines, at).nodes : [];
      nodes.push({ kind: 'if', condition: text.slice(4, -3), yes: yes.nodes, no });
    } else if (text.startsWith('while') || text === '{') {
      // Searches of sparse relations have no fixed length: one step stands for all.
      nodes.push({ kind: 'if', condition: '', yes: block(lines, at).nodes, no: [] });
    } else if (named) nodes.push({ kind: 'line', text }, { kind: 'let', name: named[1]!, value: named[2]! });
    else nodes.push({ kind: 'line', text });
  }
  return { nodes, closing: '' };
}

const parsed = new WeakMap<Kernel, ParsedKernel>();
function parse(kernel: Kernel): ParsedKernel {
  const found = parsed.get(kernel);
  if (found) return found;
  const lines = kernel.wgsl.split('\n');
  const bodies = new Map<string, readonly Node[]>();
  const at = { line: 0 };
  while (at.line < lines.length) {
    const name = /^fn (\w+)/.exec(lines[at.line++]!)?.[1];
    if (name) bodies.set(name, block(lines, at).nodes);
  }
  const elements = new Map(kernel.bindings.map(({ role, type }): [string, number] => [role, ELEMENT_BYTES[type]!]));
  const made = { bodies, elements, across: Number(/workgroup_size\((\d+)/.exec(kernel.wgsl)![1]) };
  parsed.set(kernel, made);
  return made;
}

/** The value of a whole-number expression, undefined where it reads what is not known before the kernel runs. */
export function evaluate(text: string, scope: Scope): number | undefined {
  const tokens = text.match(/[\w.]+|[^\s\w]/g) ?? [];
  let at = 0;
  const unit = (): number => {
    const token = tokens[at++];
    if (token === '(') {
      const inner = sum();
      at++;
      return inner;
    }
    if (token === 'min' && tokens[at] === '(') {
      at++;
      const a = sum();
      at++;
      const b = sum();
      at++;
      return Math.min(a, b);
    }
    if (token === undefined) return NaN;
    const digits = /^(\d+)u?$/.exec(token);
    return digits ? Number(digits[1]) : (scope.get(token) ?? NaN);
  };
  const term = (): number => {
    let x = unit();
    while (tokens[at] === '*' || tokens[at] === '/' || tokens[at] === '%') {
      const operator = tokens[at++];
      const y = unit();
      x = operator === '*' ? x * y : operator === '/' ? Math.floor(x / y) : x % y;
    }
    return x;
  };
  const sum = (): number => {
    let x = term();
    while (tokens[at] === '+' || tokens[at] === '-') x = tokens[at++] === '+' ? x + term() : x - term();
    return x;
  };
  const value = sum();
  return at === tokens.length && Number.isFinite(value) ? value : undefined;
}

/** The truth of `x < y` and `x == y`; of anything else undefined. */
function decide(condition: string, scope: Scope): boolean | undefined {
  const sides = /^([^<=>&|]+) (<|==) ([^<=>&|]+)$/.exec(condition);
  if (!sides) return undefined;
  const [x, y] = [evaluate(sides[1]!, scope), evaluate(sides[3]!, scope)];
  if (x === undefined || y === undefined) return undefined;
  return sides[2] === '<' ? x < y : x === y;
}

class Walker {
  private readonly costs = new Map<string, Count>();
  private readonly lines = new Map<string, Count>();
  constructor(
    private readonly kernel: ParsedKernel,
    private readonly fixed: Scope,
  ) {}

  /** Of one call; functions know the dispatch's sizes, not their arguments. */
  private call(name: string): Count {
    let cost = this.costs.get(name);
    if (!cost) this.costs.set(name, (cost = this.walk(this.kernel.bodies.get(name)!, new Map(this.fixed))));
    return cost;
  }

  private line(text: string): Count {
    const found = this.lines.get(text);
    if (found) return found;
    let flops = 0;
    let bytes = 0;
    for (const [, name] of text.matchAll(/(\w+)\(/g)) {
      if (name === 'fma') flops += 2;
      else if (this.kernel.bodies.has(name!)) {
        const cost = this.call(name!);
        flops += cost.flops;
        bytes += cost.bytes;
      }
    }
    // One lane is counted above.
    flops += 6 * [...text.matchAll(/fma\(vec4<f32>\(/g)].length;
    for (const [, name] of text.matchAll(/(\w+)\[/g)) bytes += this.kernel.elements.get(name!) ?? 0;
    const cost = { flops, bytes };
    this.lines.set(text, cost);
    return cost;
  }

  walk(nodes: readonly Node[], scope: Map<string, number>): Count {
    let flops = 0;
    let bytes = 0;
    const take = (count: Count): void => {
      flops += count.flops;
      bytes += count.bytes;
    };
    for (const node of nodes) {
      if (node.kind === 'line') take(this.line(node.text));
      else if (node.kind === 'let') {
        const value = evaluate(node.value, scope);
        if (value !== undefined) scope.set(node.name, value);
      } else if (node.kind === 'if') {
        if (node.condition.startsWith('tx == 0u')) {
          const one = this.walk(node.yes, scope);
          take({ flops: one.flops / this.kernel.across, bytes: one.bytes / this.kernel.across });
          continue;
        }
        const truth = decide(node.condition, scope);
        if (truth !== false) take(this.walk(node.yes, scope));
        if (truth === false) take(this.walk(node.no, scope));
      } else {
        const [from, to, step] = [node.from, node.to, node.step].map((text) => evaluate(text, scope));
        if (from === undefined || to === undefined || step === undefined)
          throw new Error(`a loop whose bounds are not known: ${node.from}; ${node.to}; ${node.step}`);
        for (let at = from; at < to; at += step) take(this.walk(node.body, new Map(scope).set(node.name, at)));
      }
    }
    return { flops, bytes };
  }
}

/** Of one dispatch. Rows of workgroups do the same work: the first stands for all. */
export function countDispatch({ kernel, integers, workgroups }: Dispatch): Count {
  const text = parse(kernel);
  const sizes = Object.entries(integers).map(([name, value]): [string, number] => [`p.${name}`, value]);
  let flops = 0;
  let bytes = 0;
  const seen = new Map<string, Count>();
  const reads = (axis: string): boolean =>
    kernel.wgsl.includes(`group.${axis} * p.tilesEach`) || kernel.wgsl.includes(`group.${axis} * p.depthEach`);
  for (let z = 0; z < workgroups[2]; z++)
    for (let x = 0; x < workgroups[0]; x++) {
      const key = `${reads('x') ? x : 0} ${reads('z') ? z : 0}`;
      let one = seen.get(key);
      if (!one) {
        const scope = new Map([
          ...sizes,
          ['group.x', x],
          ['group.y', 0],
          ['group.z', z],
          ['local.x', 0],
          ['local.y', 0],
        ] as [string, number][]);
        one = new Walker(text, scope).walk(text.bodies.get('main')!, scope);
        seen.set(key, one);
      }
      flops += one.flops * workgroups[1] * kernel.invocations;
      bytes += one.bytes * workgroups[1] * kernel.invocations;
    }
  return { flops, bytes };
}

export function countSchedule(dispatches: readonly Dispatch[]): Count {
  return dispatches
    .map(countDispatch)
    .reduce((a, b) => ({ flops: a.flops + b.flops, bytes: a.bytes + b.bytes }), { flops: 0, bytes: 0 });
}
