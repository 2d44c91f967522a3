/** The record that a method is: everything a reader, a form, the engine or the verifier must know of it. */
import type { z } from 'zod';
import type { Indices, Ops, Tensor } from './ops.js';
import type { RunContext, Slot, SlotContracts } from './slots.js';

export interface Paper {
  readonly key: string;
  readonly title: string;
  readonly authors: string;
  readonly year: number;
  readonly venue: string;
  readonly url?: string;
  readonly arxiv?: string;
}

/** A figure as its source prints it. It is a claim, never a run. */
export interface ReportedFigure {
  readonly dataset: string;
  readonly metric: string;
  readonly value: number;
  readonly unit?: string;
  readonly setting?: string;
  /** Table, page or abstract of the source. */
  readonly where: string;
  /** False where the figure's source is not sure; it is then shown so. */
  readonly verified: boolean;
}

export interface InputSpec {
  readonly name: string;
  /** Symbolic, e.g. ['B', 'C']. */
  readonly shape: readonly string[];
  readonly dtype: 'float32' | 'int32';
  readonly domain: string;
}

/** Inputs arrive as tensors (differentiable) or as host indices, by this declaration. */
export type FunctionInputKind = 'tensor' | 'indices' | 'number' | 'plain';

export type FunctionValue = Tensor | Indices | number | unknown;

/** A named function of the catalogue's signatures, written over ops so that both bindings evaluate it. */
export interface FunctionImplementation {
  readonly inputs: Readonly<Record<string, FunctionInputKind>>;
  /** Constant string parameters: the one accepted value each. Others are refused. */
  readonly constants?: Readonly<Record<string, string>>;
  /** Reads every parameter it has in every call: a given one that is never read is refused as unknown. */
  evaluate(
    ops: Ops,
    inputs: Readonly<Record<string, any>>, // eslint-disable-line @typescript-eslint/no-explicit-any
    params: Readonly<Record<string, any>>, // eslint-disable-line @typescript-eslint/no-explicit-any
  ): Tensor | Record<string, FunctionValue>;
  /** Which output is differentiated; default: the tensor itself, else `loss`, `total`, `value`, else the sum of the first. */
  readonly differentiate?: (outputs: Record<string, FunctionValue>) => Tensor;
  /** Gradient keys that are neither an input nor a parameter, e.g. `features[B,2,D]` or `logits_of_sum`. */
  readonly aliases?: Readonly<Record<string, GradientAlias>>;
}

/** A number, or nested lists of numbers of one shape. */
export type Nested = number | readonly Nested[];

/** How a named gradient derives from those of inputs and parameters. */
export interface GradientAlias {
  /** The inputs or parameters differentiated by. */
  readonly of: readonly string[];
  /** The output differentiated, where it is another than the function's own; summed if it is no scalar. */
  readonly differentiate?: (outputs: Record<string, FunctionValue>, ops: Ops) => Tensor;
  /** Their gradients, in the order of `of`, as the named one; default: the first. */
  readonly arrange?: (gradients: readonly Nested[]) => Nested;
}

export interface MethodImplementation<S extends Slot, P> {
  setup(ctx: RunContext, params: P): SlotContracts[S];
  readonly functions: Readonly<Record<string, FunctionImplementation>>;
}

export interface MethodDefinition<S extends Slot = Slot, P extends z.ZodObject = z.ZodObject> {
  readonly key: string;
  /** Rises when the method's numbers change. */
  readonly version: number;
  readonly title: string;
  /** One sentence: what it computes and when to prefer it. */
  readonly summary: string;
  readonly family: string;
  readonly slot: S;
  readonly paper?: Paper;
  /** Every field carries a default, its range by zod checks, and `.meta({ title, unit, source })`. */
  readonly params: P;
  readonly inputs: readonly InputSpec[];
  /** What the net must offer. A benchmark that lacks it refuses the method with a reason. */
  readonly needs: readonly ('labels' | 'embeddings' | 'logits' | 'views')[];
  /** The parameter that acts as the method's own scale in the common tuning space, if it has one. */
  readonly scale?: { readonly param: string; readonly low: number; readonly high: number };
  /** TeX of the objective. */
  readonly formula: string;
  readonly functions: readonly string[];
  load(): Promise<MethodImplementation<S, z.output<P>>>;
  readonly reported: readonly ReportedFigure[];
  /** Where paper and released code differ and which is the default. */
  readonly notes: readonly string[];
  readonly supersededBy?: string;
}

/** Checks what types cannot (key form, a default for every parameter) and freezes the record. */
export function defineMethod<S extends Slot, P extends z.ZodObject>(
  definition: MethodDefinition<S, P>,
): MethodDefinition<S, P> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(definition.key))
    throw new Error(`method key "${definition.key}" is not kebab-case`);
  if (!Number.isInteger(definition.version) || definition.version < 1)
    throw new Error(`${definition.key}: version must be an integer ≥ 1`);
  const empty = definition.params.safeParse({});
  if (!empty.success) throw new Error(`${definition.key}: every parameter needs a default (${empty.error.message})`);
  return Object.freeze(definition);
}

type Numbers<K extends string> = Readonly<Record<K, number>>;

/**
 * For `refine` of a schema of parameters: the number `low` lies below `high`, or, unless `strictly`, equals it.
 * A refusal names `low`.
 */
export function ordered<L extends string, H extends string>(low: L, high: H, { strictly = false } = {}) {
  const fits = (params: Numbers<L | H>): boolean =>
    strictly ? params[low] < params[high] : params[low] <= params[high];
  const error = ({ input }: { readonly input?: unknown }): string =>
    `a number ${strictly ? '<' : '≤'} ${high}, which is ${(input as Numbers<H>)[high]}`;
  const path: PropertyKey[] = [low];
  return [fits, { path, error }] as const;
}
