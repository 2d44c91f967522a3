/** The graph that a computation leaves behind, and the sweep back through it. */
import type { Kernels, Shaped } from './kernels.js';
import type { Operand, Tensor } from './ops.js';
import type { Shape } from './shape.js';
import { mismatch } from './shape.js';

/** Gradients for the parents of a node, given the gradient for the node; undefined where none is needed. */
export type Pull<A> = (upstream: A) => readonly (A | undefined)[];

let created = 0;

/** A tensor of the calculus: a binding's array and how it came to be. */
export class Node<A extends Shaped> implements Tensor {
  /** Creation order; its reverse is a valid order of differentiation. */
  readonly order = created++;
  constructor(
    public value: A,
    public differentiable: boolean,
    public parents: readonly Node<A>[] = [],
    public pull?: Pull<A>,
  ) {}

  get shape(): Shape {
    return this.value.shape;
  }

  /** Forgets how the value came to be: from now on it is a constant. */
  detach(): void {
    this.differentiable = false;
    this.parents = [];
    delete this.pull;
  }
}

export class Graph<A extends Shaped> {
  private kept: Node<A>[] = [];

  constructor(
    readonly kernels: Kernels<A>,
    readonly binding: string,
    private recordingNow: boolean,
  ) {}

  /** Runs with derivatives recorded or not, whatever holds around. */
  recording<T>(on: boolean, body: () => T): T {
    const before = this.recordingNow;
    this.recordingNow = on;
    try {
      return body();
    } finally {
      this.recordingNow = before;
    }
  }

  /** An operand as a node. Throws SHAPE_MISMATCH for what is neither a number nor a tensor. */
  node(x: Operand): Node<A> {
    if (typeof x === 'number') return this.constant(this.kernels.fill([], x));
    if (x instanceof Node) return x as Node<A>;
    throw mismatch('operand', `a tensor of the ${this.binding} binding or a number`, typeof x);
  }

  constant(value: A): Node<A> {
    return new Node(value, false);
  }

  /** A value with the rule that differentiates it; a constant where no parent needs it or nothing is recorded. */
  derived(value: A, parents: readonly Node<A>[], pull: Pull<A>): Node<A> {
    const needed = this.recordingNow && parents.some((parent) => parent.differentiable);
    return needed ? new Node(value, true, parents, pull) : this.constant(value);
  }

  /** d(output · seed)/d(input) for each input; zeros where it does not depend on it. Default seed: ones. */
  gradients(output: Node<A>, inputs: readonly Node<A>[], seed?: A): A[] {
    const upstream = new Map<Node<A>, A>([[output, seed ?? this.kernels.fill(output.shape, 1)]]);
    const reached = this.between(inputs, output);
    for (const current of [...reached].sort((a, b) => b.order - a.order)) {
      const g = upstream.get(current);
      if (!g || !current.pull) continue;
      current.pull(g).forEach((gradient, i) => {
        const parent = current.parents[i]!;
        if (!gradient || !reached.has(parent)) return;
        const sofar = upstream.get(parent);
        upstream.set(parent, sofar ? this.kernels.binary('add', sofar, gradient) : gradient);
      });
    }
    return inputs.map((input) => upstream.get(input) ?? this.kernels.fill(input.shape, 0));
  }

  /** The nodes that output depends on and that the inputs could have influenced: those created after the first of them. */
  private between(inputs: readonly Node<A>[], output: Node<A>): Set<Node<A>> {
    const since = Math.min(...inputs.map((input) => input.order));
    const reached = new Set<Node<A>>();
    const pending = [output];
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (!next.differentiable || next.order < since || reached.has(next)) continue;
      reached.add(next);
      pending.push(...next.parents);
    }
    return reached;
  }

  keep(result: Node<A>): void {
    this.kernels.keep(result.value);
    if (result.pull) this.kept.push(result);
  }

  /** Turns the results kept since the last call into constants: what they were made of is about to be freed. */
  detachKept(): void {
    for (const result of this.kept) result.detach();
    this.kept = [];
  }
}
