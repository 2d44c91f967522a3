/** Where two entries differ: by class and example by example, from the stored outcomes of their runs. */
import { inflateSync } from 'node:zlib';
import type { RunUnits } from '@touchstone/eval/meta';
import { differenceByGroup, type OutcomeMatrix, outcomeMatrix, worstUnits } from '@touchstone/eval/statistics';
import type { PairHead, PairPart, PairResult } from './messages.js';

const MAX_BYTES = 64 * 1024 * 1024;

function valuesOf(bytes: Uint8Array): Float64Array {
  const raw = inflateSync(bytes, { maxOutputLength: MAX_BYTES });
  const values = new Float64Array(raw.byteLength / 8);
  new Uint8Array(values.buffer).set(raw);
  return values;
}

function unitsOf(bytes: Uint8Array | null | undefined): RunUnits {
  return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as RunUnits) : { names: null, groups: null };
}

/** Columns of b in the order of a's names; null where both have names and these are not the same set. */
function aligned(a: RunUnits, b: RunUnits, matrix: OutcomeMatrix): OutcomeMatrix | null {
  if (!a.names || !b.names || a.names.every((name, i) => name === b.names![i])) return matrix;
  const position = new Map(b.names.map((name, i) => [name, i]));
  const order = a.names.map((name) => position.get(name));
  if (position.size !== a.names.length || order.includes(undefined)) return null;
  const values = new Float64Array(matrix.values.length);
  for (let seed = 0; seed < matrix.seeds; seed++)
    order.forEach((from, i) => (values[seed * matrix.units + i] = matrix.values[seed * matrix.units + from!]!));
  return { ...matrix, values };
}

const nothing = (reason: string): PairResult => ({ reason, groups: null, worst: [] });

/** Paired by seed and unit. */
export function pairResult({ direction, most }: PairHead, parts: readonly PairPart[]): PairResult {
  const left = parts.map((part) => valuesOf(part.a));
  const right = parts.map((part) => valuesOf(part.b));
  const size = left[0]!.length;
  if ([...left, ...right].some((values) => values.length !== size))
    return nothing('the two have outcomes of different numbers of test units');
  const [ours, theirs] = (parts[0]!.units ?? [null, null]).map(unitsOf) as [RunUnits, RunUnits];
  const a = outcomeMatrix(left);
  const b = aligned(ours, theirs, outcomeMatrix(right));
  if (!b) return nothing('the two have outcomes of different test units');
  const names = ours.names ?? theirs.names;
  const labels = ours.groups?.length === size ? ours.groups : theirs.groups?.length === size ? theirs.groups : null;
  const numbers = new Map<string, number>();
  const kinds = labels?.map((label) => {
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    return numbers.get(label)!;
  });
  const titles = [...numbers.keys()];
  const groups = kinds
    ? differenceByGroup(a, b, kinds).map(({ group, difference }) => ({
        group: titles[group]!,
        n: difference.units,
        difference,
      }))
    : null;
  const worst = worstUnits(a, b, most, direction).map((example) => ({
    ...example,
    name: names?.[example.unit] ?? null,
    group: labels?.[example.unit] ?? null,
  }));
  return { reason: null, groups: groups && inOrder(groups), worst };
}

/** By name; numbers by their value. */
function inOrder<T extends { readonly group: string }>(groups: readonly T[]): T[] {
  const collator = new Intl.Collator('en', { numeric: true });
  return [...groups].sort((x, y) => collator.compare(x.group, y.group));
}
