/** A method's parameters as data (for forms, tables, grids) and as input (checked, completed). */
import { z } from 'zod';
import type { MethodDefinition } from './define.js';
import { LossError } from './errors.js';

export type ParameterType = 'number' | 'integer' | 'boolean' | 'string' | 'enum';
export type ParameterValue = number | boolean | string | null;

export interface ParameterSpec {
  readonly name: string;
  readonly title: string;
  readonly type: ParameterType;
  readonly default: ParameterValue;
  readonly minimum?: number;
  readonly maximum?: number;
  /** The bound itself is not allowed. */
  readonly exclusiveMinimum: boolean;
  readonly exclusiveMaximum: boolean;
  /** The values an enum allows. */
  readonly options?: readonly string[];
  readonly nullable: boolean;
  readonly unit?: string;
  readonly description?: string;
  /** Where the default comes from. */
  readonly source?: string;
}

interface JsonSchemaField {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchemaField[];
  default?: ParameterValue;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  title?: string;
  description?: string;
  unit?: string;
  source?: string;
}

type Parameterised = Pick<MethodDefinition, 'key' | 'params'>;

/** The parameters of a method in the order of its schema. */
export function parameterSpecs(definition: Parameterised): ParameterSpec[] {
  const schema = z.toJSONSchema(definition.params, { io: 'input' });
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchemaField>).map(([name, field]) => {
    const branches = field.anyOf ?? [field];
    const value = branches.find((branch) => branch.type !== 'null') ?? field;
    const options = value.enum ?? (value.const === undefined ? undefined : [value.const]);
    const low = value.exclusiveMinimum ?? safeBound(value.minimum);
    const high = value.exclusiveMaximum ?? safeBound(value.maximum);
    return {
      name,
      title: field.title ?? name,
      type: options ? 'enum' : (value.type as ParameterType),
      default: field.default ?? null,
      ...(low === undefined ? {} : { minimum: low }),
      ...(high === undefined ? {} : { maximum: high }),
      exclusiveMinimum: value.exclusiveMinimum !== undefined,
      exclusiveMaximum: value.exclusiveMaximum !== undefined,
      ...(options ? { options: options.map(String) } : {}),
      nullable: branches.some((branch) => branch.type === 'null'),
      ...(field.unit === undefined ? {} : { unit: field.unit }),
      ...(field.description === undefined ? {} : { description: field.description }),
      ...(field.source === undefined ? {} : { source: field.source }),
    };
  });
}

/** zod bounds every integer by ±(2⁵³ − 1); that says nothing to a reader. */
function safeBound(bound: number | undefined): number | undefined {
  return bound !== undefined && Math.abs(bound) === Number.MAX_SAFE_INTEGER ? undefined : bound;
}

/** What a parameter accepts, in words: "a number > 0 and ≤ 10". */
export function allowedValues(spec: ParameterSpec): string {
  if (spec.options) return `one of ${spec.options.join(', ')}`;
  const bounds = [
    spec.minimum === undefined ? '' : `${spec.exclusiveMinimum ? '>' : '≥'} ${spec.minimum}`,
    spec.maximum === undefined ? '' : `${spec.exclusiveMaximum ? '<' : '≤'} ${spec.maximum}`,
  ].filter(Boolean);
  const noun = {
    number: 'a finite number',
    integer: 'an integer',
    boolean: 'true or false',
    string: 'a text',
    enum: '',
  };
  const words = [noun[spec.type], bounds.join(' and ')].filter(Boolean).join(' ');
  return spec.nullable ? `${words}, or null` : words;
}

/**
 * The complete parameters of a method, defaults filled in, keys in the schema's order.
 * Throws UNKNOWN_PARAM, PARAM_TYPE or PARAM_RANGE naming the field, the value and what is allowed.
 */
export function parseParams(definition: Parameterised, input: unknown = {}): Record<string, ParameterValue> {
  const specs = parameterSpecs(definition);
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw refuse('PARAM_TYPE', definition.key, 'params', input, 'an object of parameters by name');
  const given = input as Record<string, unknown>;
  for (const field of Object.keys(given)) {
    if (!specs.some(({ name }) => name === field))
      throw refuse('UNKNOWN_PARAM', definition.key, field, given[field], names(specs));
  }
  for (const spec of specs) {
    const value = given[spec.name];
    if (value !== undefined && !hasType(spec, value))
      throw refuse(
        isNonFinite(value) ? 'PARAM_RANGE' : 'PARAM_TYPE',
        definition.key,
        spec.name,
        value,
        allowedValues(spec),
      );
  }
  const parsed = definition.params.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = String(issue?.path[0] ?? 'params');
    const spec = specs.find(({ name }) => name === field);
    const byItself = spec && issue?.code !== 'custom';
    const allowed = byItself ? allowedValues(spec) : (issue?.message ?? 'parameters that fit together');
    throw refuse('PARAM_RANGE', definition.key, field, given[field] ?? spec?.default, allowed);
  }
  return parsed.data as Record<string, ParameterValue>;
}

function hasType(spec: ParameterSpec, value: unknown): boolean {
  if (value === null) return spec.nullable;
  if (spec.type === 'number' || spec.type === 'integer') return typeof value === 'number' && Number.isFinite(value);
  return typeof value === (spec.type === 'boolean' ? 'boolean' : 'string');
}

const isNonFinite = (value: unknown): boolean => typeof value === 'number' && !Number.isFinite(value);

const names = (specs: readonly ParameterSpec[]): string =>
  specs.length === 0 ? 'no parameters' : specs.map(({ name }) => name).join(', ');

function refuse(
  code: 'UNKNOWN_PARAM' | 'PARAM_TYPE' | 'PARAM_RANGE',
  method: string,
  field: string,
  value: unknown,
  allowed: string,
): LossError {
  const shown =
    typeof value === 'number' || value === undefined ? String(value) : (JSON.stringify(value) ?? typeof value);
  const problem = code === 'UNKNOWN_PARAM' ? 'is not a parameter' : `cannot be ${shown.slice(0, 80)}`;
  return new LossError(code, `${method}: ${field} ${problem}; allowed: ${allowed}`, { field, value, allowed });
}
