/** The differentiable operation behind `ops.pairwise`, written once for every binding and executor. */
import type { Graph, Node } from '../core/graph.js';
import { matrixShape, vectorLength } from '../core/guards.js';
import type { Shaped } from '../core/kernels.js';
import type { Indices, Ops, Tensor } from '../core/ops.js';
import { LossError } from '../core/errors.js';
import type { PairwiseDeclaration, Statistic } from './declaration.js';
import type { Variable } from './derivative.js';
import { derivative, isZero } from './derivative.js';
import type { Mask, Side, Value } from './expression.js';
import { add, atPosition, column, constant, exp, mul, row, select, sub } from './expression.js';
import type { BackwardProgram, Block, ForwardProgram, PairArrays, Relation } from './program.js';
import { backwardProgram, blocksOf, forwardProgram } from './program.js';
import { statistic } from './declaration.js';

/** What stands along one side of the score matrix. */
export interface SideInputs {
  /** Vectors with one number an entry; differentiable. */
  readonly fields?: Readonly<Record<string, Tensor>>;
  /** Whole numbers, one an entry: labels, sample ids, target columns. */
  readonly ids?: Readonly<Record<string, Indices>>;
}

export interface PairwiseInputs {
  /** [n, d] */
  readonly a: Tensor;
  /** [m, d]; default: `a` itself, whose tiles are then computed once for both sides. */
  readonly b?: Tensor;
  readonly rows?: SideInputs;
  readonly columns?: SideInputs;
  readonly relations?: Readonly<Record<string, Relation>>;
  readonly uniforms?: Readonly<Record<string, number>>;
}

export interface PairwiseResult {
  /** Each statistic: [n] or [m]. Differentiable in a, b and the fields. */
  readonly values: Readonly<Record<string, Tensor>>;
  /** For max and min: the winner's column (or row) as a float, −1 where there is none; not differentiated. */
  readonly positions: Readonly<Record<string, Tensor>>;
}

export type Pairwise = (declaration: PairwiseDeclaration, inputs: PairwiseInputs) => PairwiseResult;

/** Names of what the backward program adds to the fields: no declared name has a digit first. */
const upstreamName = (k: number): string => `g${k}_`;
const valueName = (k: number): string => `v${k}_`;
const extraName = (k: number): string => `r${k}_`;

/** The share of statistic k in dL/dx at one pair, where x is what `local` is the derivative by; 0 off the mask. */
function share({ kind, per, of, over }: Statistic, k: number, local: Value): Value {
  const at = per === 'row' ? row : column;
  const upstream = at(upstreamName(k));
  const mask: Mask = kind === 'max' || kind === 'min' ? atPosition(per, extraName(k)) : over;
  const factor = kind === 'logSumExp' ? mul(upstream, exp(sub(sub(of, at(valueName(k))), at(extraName(k))))) : upstream;
  return select(mask, mul(factor, local), 0);
}

/**
 * dL/dx at one pair, x the score or a field, for a loss of these statistics. It reads, for statistic k, the side fields
 * `g{k}_` (what reaches its value), `v{k}_` (its value) and `r{k}_` (its residual or position).
 */
export function gradientOf(statistics: readonly Statistic[], by: Variable): Value {
  const shares = statistics.flatMap((each, k) => {
    const local = derivative(each.of, by);
    return isZero(local) ? [] : [share(each, k, local)];
  });
  return shares.reduce((a, b) => add(a, b), constant(0));
}

function missing(declaration: PairwiseDeclaration, kind: string, name: string): LossError {
  return new LossError('UNKNOWN_PARAM', `${declaration.name} reads ${kind} "${name}", which was not given`, {
    field: name,
    value: undefined,
    allowed: `a ${kind} for every name that the declaration reads`,
  });
}

/** Programs of a declaration, made once: their identity is what executors find compiled code by. */
interface Programs {
  readonly forward: ForwardProgram;
  readonly backward: BackwardProgram;
  /** By the field that the derivative is by. */
  readonly ofFields: Map<string, ForwardProgram>;
}
const programs = new WeakMap<PairwiseDeclaration, Programs>();

function programsOf(declaration: PairwiseDeclaration): Programs {
  const known = programs.get(declaration);
  if (known) return known;
  const { name } = declaration;
  const statistics = Object.values(declaration.statistics);
  const made: Programs = {
    forward: forwardProgram(name, statistics),
    backward: backwardProgram(name, gradientOf(statistics, { kind: 'score' })),
    ofFields: new Map(),
  };
  programs.set(declaration, made);
  return made;
}

function fieldProgramOf(declaration: PairwiseDeclaration, per: Side, name: string): ForwardProgram {
  const { forward, ofFields } = programsOf(declaration);
  const key = `${per} ${name}`;
  const known = ofFields.get(key);
  if (known) return known;
  const local = gradientOf(forward.statistics, { kind: 'field', per, name });
  const made = forwardProgram(`${declaration.name}-field`, [statistic('sum', local, { per })]);
  ofFields.set(key, made);
  return made;
}

/** The operation over a binding. `slice` and `stopGradient` are the binding's own. */
export function pairwiseOp<A extends Shaped>(graph: Graph<A>, ops: Pick<Ops, 'slice'>): Pairwise {
  const k = graph.kernels;

  return (declaration, inputs) => {
    const names = Object.keys(declaration.statistics);
    const statistics = Object.values(declaration.statistics);
    const { forward: program, backward } = programsOf(declaration);
    const a = graph.node(inputs.a);
    const b = inputs.b === undefined ? a : graph.node(inputs.b);
    const [n, width] = matrixShape(`${declaration.name}: a`, a);
    const [m] = matrixShape(`${declaration.name}: b`, b, undefined, width);
    const { reads } = program;

    const fieldsOf = (side: Side, wanted: readonly string[]): Map<string, Node<A>> => {
      const given = (side === 'row' ? inputs.rows : inputs.columns)?.fields ?? {};
      return new Map(
        wanted.map((name) => {
          const tensor = given[name];
          if (!tensor) throw missing(declaration, `${side} field`, name);
          vectorLength(name, tensor, side === 'row' ? n : m);
          return [name, graph.node(tensor)];
        }),
      );
    };
    const idsOf = (side: Side, wanted: readonly string[]): Record<string, Int32Array> => {
      const given = (side === 'row' ? inputs.rows : inputs.columns)?.ids ?? {};
      return Object.fromEntries(
        wanted.map((name) => {
          const ids = given[name];
          if (!ids) throw missing(declaration, `${side} id`, name);
          const length = side === 'row' ? n : m;
          if (ids.length !== length)
            throw new LossError('SHAPE_MISMATCH', `${name}: expected ${length} ids, received ${ids.length}`, {
              field: name,
              value: ids.length,
              allowed: String(length),
            });
          return [name, ids instanceof Int32Array ? ids : Int32Array.from(ids)];
        }),
      );
    };
    const rowFields = fieldsOf('row', reads.rowFields);
    const columnFields = fieldsOf('column', reads.columnFields);
    for (const name of reads.uniforms)
      if (inputs.uniforms?.[name] === undefined) throw missing(declaration, 'uniform', name);
    for (const name of reads.relations)
      if (inputs.relations?.[name] === undefined) throw missing(declaration, 'relation', name);

    const values = (fields: Map<string, Node<A>>): Record<string, A> =>
      Object.fromEntries([...fields].map(([name, node]) => [name, node.value]));
    const arrays: PairArrays<A> = {
      a: a.value,
      b: b.value,
      rowFields: values(rowFields),
      columnFields: values(columnFields),
      rowIds: idsOf('row', reads.rowIds),
      columnIds: idsOf('column', reads.columnIds),
      relations: inputs.relations ?? {},
      uniforms: inputs.uniforms ?? {},
    };
    const blocks = blocksOf(statistics, n, m);
    const packed = k.pairForward(program, arrays);
    const part = (of: A, { offset, length }: Block): A => k.slice(of, [offset], [length]);

    const parents = [a, ...(b === a ? [] : [b]), ...rowFields.values(), ...columnFields.values()];
    const result = graph.derived(packed, parents, (g) => {
      // Statistics, positions and what reaches them become fields, so that the gradient is one more program.
      const rows: Record<string, A> = { ...arrays.rowFields };
      const columns: Record<string, A> = { ...arrays.columnFields };
      for (const block of blocks) {
        const { per } = statistics[block.statistic]!;
        const side = per === 'row' ? rows : columns;
        if (block.part === 'value') {
          side[upstreamName(block.statistic)] = part(g, block);
          side[valueName(block.statistic)] = part(packed, block);
        } else side[extraName(block.statistic)] = part(packed, block);
      }
      // Property by property: V8 is slow with object literals that start with a spread.
      const extended: PairArrays<A> = {
        a: arrays.a,
        b: arrays.b,
        rowFields: rows,
        columnFields: columns,
        rowIds: arrays.rowIds,
        columnIds: arrays.columnIds,
        relations: arrays.relations,
        uniforms: arrays.uniforms,
      };
      const want = { a: a.differentiable, b: b !== a && b.differentiable };
      const factors =
        isZero(backward.weight) || !(want.a || want.b)
          ? { a: undefined, b: undefined }
          : k.pairBackward(backward, extended, want);

      const ofField = (per: Side, name: string, node: Node<A>): A | undefined => {
        if (!node.differentiable) return undefined;
        const program = fieldProgramOf(declaration, per, name);
        return isZero(program.statistics[0]!.of) ? undefined : k.pairForward(program, extended);
      };
      return [
        factors.a,
        ...(b === a ? [] : [factors.b]),
        ...[...rowFields].map(([name, node]) => ofField('row', name, node)),
        ...[...columnFields].map(([name, node]) => ofField('column', name, node)),
      ];
    });

    const out = { values: {} as Record<string, Tensor>, positions: {} as Record<string, Tensor> };
    for (const block of blocks) {
      const name = names[block.statistic]!;
      if (block.part === 'value') out.values[name] = ops.slice(result, [block.offset], [block.length]);
      else if (block.part === 'position') out.positions[name] = graph.constant(part(packed, block));
    }
    return out;
  };
}
