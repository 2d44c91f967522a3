/** From what a client sent to complete, hashed variants; or every reason why not. Nothing is stored here. */
import { resolveVariant, validateSeeds, type ResolvedVariant, type VariantInput } from '@touchstone/eval/meta';
import { LossError } from '@touchstone/losses/meta';
import type { Context } from '../../lib/context.js';
import { ApiError } from '../../lib/errors.js';
import { Refused, refusalOf, refuse, type Refusal } from '../../lib/user-error.js';
import { requireBenchmark } from '../benchmark/benchmark.service.js';
import type { Benchmark } from '../benchmark/benchmark.type.js';
import type { SubmitVariantInput, SubmitVariantsInput, VariantEntryInput } from './submission.input.js';

export const MAX_VARIANTS = 200;
const MAX_NOTE = 2000;

export interface Checked {
  readonly benchmark: Benchmark;
  readonly resolved: ResolvedVariant;
  readonly seeds: readonly number[];
  readonly note: string | null;
}

/** A benchmark that takes runs, of either track. Throws Refused. */
export async function openBenchmark(ctx: Context, name: string): Promise<Benchmark> {
  try {
    const benchmark = await requireBenchmark(ctx, name);
    if (benchmark.isOpen) return benchmark;
    return refuse({
      code: 'BENCHMARK_SUPERSEDED',
      message: `${name} is closed to new runs`,
      field: 'input.benchmark',
      value: name,
      allowed: benchmark.key,
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, field, value, allowed } = error.extensions as Record<string, string>;
    return refuse({ code: code!, message: error.message, field: `input.${field}`, value, allowed });
  }
}

function variantInput(input: VariantEntryInput & { readonly division?: SubmitVariantInput['division'] }): VariantInput {
  const { method, params, slots, division, learningRate, weightDecay } = input;
  const names = (slots ?? []).map(({ slot }) => slot);
  const repeated = names.find((slot, i) => names.indexOf(slot) !== i);
  if (repeated)
    refuse({
      code: 'SLOT_MISMATCH',
      message: `the slot ${repeated} is filled twice`,
      field: 'slots',
      value: repeated,
      allowed: 'each slot at most once',
    });
  const given = Object.entries({ method, params, division, learningRate, weightDecay }).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return {
    ...Object.fromEntries(given),
    ...(slots
      ? {
          slots: Object.fromEntries(
            slots.map((s) => [s.slot, { method: s.method, params: (s.params ?? undefined) as VariantInput['params'] }]),
          ),
        }
      : {}),
  };
}

/** The resolved variant, or its refusal with a path below `prefix`. */
function attempt<T>(prefix: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refused)
      throw new Refused(error.refusals.map((r) => ({ ...r, field: r.field ? `${prefix}.${r.field}` : prefix })));
    if (error instanceof LossError) {
      const { field, value, allowed } = error.details;
      throw new Refused([
        { code: error.code, message: error.message, field: field ? `${prefix}.${field}` : prefix, value, allowed },
      ]);
    }
    throw new Refused([refusalOf(error, prefix)]);
  }
}

function resolve(
  benchmark: Benchmark,
  input: VariantEntryInput & { readonly division?: SubmitVariantInput['division'] },
  prefix: string,
): ResolvedVariant {
  return attempt(prefix, () => resolveVariant(benchmark.definition!, variantInput(input)));
}

/** Throws Refused. */
export function checkNote(note: string | null | undefined): void {
  if ((note?.length ?? 0) > MAX_NOTE)
    refuse({
      code: 'PARAM_RANGE',
      message: `note is longer than ${MAX_NOTE} characters`,
      field: 'input.note',
      value: note!.length,
      allowed: `at most ${MAX_NOTE} characters`,
    });
}

async function trainingBenchmark(ctx: Context, name: string): Promise<Benchmark> {
  const benchmark = await openBenchmark(ctx, name);
  if (benchmark.definition) return benchmark;
  return refuse({
    code: 'WRONG_TRACK',
    message: `${benchmark.key} scores files of predictions; it trains nothing`,
    field: 'input.benchmark',
    value: name,
    allowed: 'a benchmark of the train track, or submitPredictions',
  });
}

/** Throws Refused. */
export async function checkVariant(ctx: Context, input: SubmitVariantInput): Promise<Checked> {
  const benchmark = await trainingBenchmark(ctx, input.benchmark);
  checkNote(input.note);
  const refusals: Refusal[] = [];
  const collect = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refusals.push(...error.refusals);
      return null;
    }
  };
  const resolved = collect(() => resolve(benchmark, input, 'input'));
  const seeds = collect(() => (input.seeds ? attempt('input', () => validateSeeds(input.seeds!)) : benchmark.seeds));
  if (!resolved || !seeds) throw new Refused(refusals);
  return { benchmark, resolved, seeds, note: input.note ?? null };
}

function cells(input: SubmitVariantsInput): { readonly entry: VariantEntryInput; readonly path: string }[] {
  const { variants, grid, method } = input;
  if (Boolean(variants) === Boolean(grid))
    refuse({
      code: 'VARIANTS_RANGE',
      message: 'give either variants or grid',
      field: 'input.variants',
      allowed: 'one of variants and grid',
    });
  if (variants)
    return variants.map((entry, i) => ({
      entry: { ...entry, method: entry.method ?? method ?? null },
      path: `input.variants[${i}]`,
    }));
  const axes = Object.entries(grid!);
  const count = axes.reduce((n, [name, values]) => {
    if (!Array.isArray(values) || values.length === 0)
      refuse({
        code: 'PARAM_TYPE',
        message: `grid.${name} is not a list of values`,
        field: `input.grid.${name}`,
        value: values,
        allowed: 'a list of at least one value',
      });
    return n * values.length;
  }, 1);
  if (count > MAX_VARIANTS)
    refuse({
      code: 'VARIANTS_RANGE',
      message: `the grid has ${count} cells`,
      field: 'input.grid',
      value: count,
      allowed: `1 to ${MAX_VARIANTS} cells`,
    });
  const combined = axes.reduce<Record<string, unknown>[]>(
    (rows, [name, values]) => rows.flatMap((row) => (values as unknown[]).map((value) => ({ ...row, [name]: value }))),
    [{}],
  );
  return combined.map((params) => ({ entry: { method: method ?? null, params }, path: 'input.grid' }));
}

/** All of them, the same variant once. Throws Refused with every reason, at most one a variant. */
export async function checkVariants(ctx: Context, input: SubmitVariantsInput): Promise<Checked[]> {
  const benchmark = await trainingBenchmark(ctx, input.benchmark);
  const listed = cells(input);
  if (listed.length < 1 || listed.length > MAX_VARIANTS)
    refuse({
      code: 'VARIANTS_RANGE',
      message: `${listed.length} variants`,
      field: 'input.variants',
      value: listed.length,
      allowed: `1 to ${MAX_VARIANTS} variants`,
    });
  const refusals = new Map<string, Refusal>();
  const found = new Map<string, ResolvedVariant>();
  for (const { entry, path } of listed) {
    try {
      const resolved = resolve(benchmark, { ...entry, division: input.division }, path);
      found.set(`${resolved.division} ${resolved.variantHash}`, resolved);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      for (const refusal of error.refusals)
        refusals.set(`${refusal.field} ${refusal.message}`, {
          ...refusal,
          field: refusal.field?.replace('input.grid.params.', 'input.grid.'),
        });
    }
  }
  if (refusals.size > 0) throw new Refused([...refusals.values()]);
  return [...found.values()].map((resolved) => ({ benchmark, resolved, seeds: benchmark.seeds, note: null }));
}
