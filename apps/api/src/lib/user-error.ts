/** Failures that a client is expected to handle: they travel in the payload of a mutation, not beside it. */
import 'reflect-metadata';
import { EvalError } from '@touchstone/eval/meta';
import { Field, ObjectType } from 'type-graphql';
import { showValue } from './errors.js';

@ObjectType({ description: 'Why an input was refused. Nothing was stored.' })
export class UserError {
  @Field(() => String, { description: 'Stable code, e.g. UNKNOWN_METHOD, PARAM_RANGE, IDEMPOTENCY_MISMATCH.' })
  code: string;

  @Field(() => String, { nullable: true, description: 'Path of the field at fault, e.g. `input.params.alpha`.' })
  field: string | null;

  @Field(() => String, { description: 'The failure in words.' })
  message: string;

  @Field(() => String, { nullable: true, description: 'The offending value as text.' })
  value: string | null;

  @Field(() => String, { nullable: true, description: 'What would have been accepted.' })
  allowed: string | null;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly value?: unknown;
  readonly allowed?: string;
}

/** Thrown inside a service so that its transaction rolls back; resolvers turn it into payload errors. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(readonly refusals: readonly Refusal[]) {
    super(refusals.map((r) => r.message).join('; '));
  }
}

export function refuse(refusal: Refusal): never {
  throw new Refused([refusal]);
}

export function toUserError({ code, message, field, value, allowed }: Refusal): UserError {
  return Object.assign(new UserError(), {
    code,
    message,
    field: field ?? null,
    value: value === undefined ? null : showValue(value),
    allowed: allowed ?? null,
  });
}

/** The refusal that an evaluation error is; `prefix` is the path of the input it was about. Rethrows anything else. */
export function refusalOf(error: unknown, prefix: string): Refusal {
  if (!(error instanceof EvalError)) throw error;
  const { field, value, allowed } = error.details;
  return { code: error.code, message: error.message, field: field ? `${prefix}.${field}` : prefix, value, allowed };
}

/** Runs a mutation's service; its refusals become data. */
export async function payload<T extends object, E extends object>(
  work: () => Promise<T>,
  empty: E,
): Promise<(T | E) & { userErrors: UserError[] }> {
  try {
    return { ...(await work()), userErrors: [] };
  } catch (error) {
    if (error instanceof Refused) return { ...empty, userErrors: error.refusals.map(toUserError) };
    throw error;
  }
}
