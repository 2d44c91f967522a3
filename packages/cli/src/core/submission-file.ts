/** What a person asks for, from a YAML file or from flags: one shape, checked before anything runs or is sent. */
import { open } from 'node:fs/promises';
import { CliError } from './errors.js';

export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

export interface SlotChoice {
  readonly method: string;
  readonly params?: Readonly<Record<string, Value>>;
}

export interface Wanted {
  readonly benchmark: string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, Value>>;
  readonly slots?: Readonly<Record<string, SlotChoice>>;
  readonly division?: string;
  readonly learningRate?: number;
  readonly weightDecay?: number;
  /** How many of the protocol's seeds, or which. */
  readonly seeds?: number | readonly number[];
}

/** A submission is a page of text; anything near this size is not one. */
export const FILE_LIMIT = 256 * 1024;
const ALIAS_LIMIT = 10;
const SEED_LIMIT = 100;
const DIVISIONS = ['PLATFORM_TUNED', 'PUBLISHED_DEFAULTS', 'OPEN'];
const KEYS = ['benchmark', 'method', 'params', 'slots', 'division', 'learningRate', 'weightDecay', 'seeds'];

/** Reads at most FILE_LIMIT bytes; `-` is standard input. Throws FILE_NOT_FOUND, FILE_TOO_LARGE. */
export async function readLimited(path: string, limit = FILE_LIMIT): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const handle =
    path === '-'
      ? null
      : await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
          throw new CliError(
            cause.code ?? 'FILE_NOT_FOUND',
            `cannot read ${path}`,
            { field: 'file', value: path },
            { cause },
          );
        });
  const source: AsyncIterable<Buffer> = handle ? handle.createReadStream() : process.stdin;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > limit)
      throw new CliError('FILE_TOO_LARGE', `${path} is larger than ${limit} bytes`, {
        field: 'file',
        value: path,
        allowed: `at most ${limit} bytes`,
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function malformed(path: string, reason: string, allowed: string, cause?: unknown): CliError {
  return new CliError('FILE_MALFORMED', `${path}: ${reason}`, { field: 'file', value: path, allowed }, { cause });
}

/** Throws FILE_NOT_FOUND, FILE_TOO_LARGE, FILE_MALFORMED (syntax, aliases, depth), UNKNOWN_FIELD, FIELD_TYPE. */
export async function readSubmissionFile(path: string): Promise<Wanted> {
  const text = await readLimited(path);
  const { parseDocument } = await import('yaml');
  let content: unknown;
  try {
    const document = parseDocument(text, { uniqueKeys: true, strict: true });
    const fault = document.errors[0];
    if (fault) throw malformed(path, fault.message.split('\n')[0] ?? 'not YAML', 'one YAML document', fault);
    content = document.toJS({ maxAliasCount: ALIAS_LIMIT });
  } catch (error) {
    if (error instanceof CliError) throw error;
    const bomb = error instanceof ReferenceError;
    throw malformed(
      path,
      bomb ? 'too many aliases' : 'nested too deeply',
      bomb ? `at most ${ALIAS_LIMIT} aliases` : 'plain keys and values',
      error,
    );
  }
  return checkWanted(content, path);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fieldType(field: string, value: unknown, allowed: string): CliError {
  return new CliError('FIELD_TYPE', `${field} has the wrong type`, { field, value, allowed });
}

function checkParams(field: string, value: unknown): Readonly<Record<string, Value>> {
  if (!isRecord(value)) throw fieldType(field, value, 'names with values');
  for (const [name, item] of Object.entries(value))
    if (typeof item === 'number' && !Number.isFinite(item))
      throw new CliError('PARAM_TYPE', `${field}.${name} is not a finite number`, {
        field: `${field}.${name}`,
        value: item,
        allowed: 'a finite number',
      });
  return value as Readonly<Record<string, Value>>;
}

function checkSlots(value: unknown): Readonly<Record<string, SlotChoice>> {
  if (!isRecord(value)) throw fieldType('slots', value, 'slot names with a method each');
  return Object.fromEntries(
    Object.entries(value).map(([slot, choice]) => {
      if (typeof choice === 'string') return [slot, { method: choice }];
      if (!isRecord(choice) || typeof choice['method'] !== 'string')
        throw fieldType(`slots.${slot}`, choice, '{ method, params }');
      refuseUnknown(choice, ['method', 'params'], `slots.${slot}.`);
      const params =
        choice['params'] === undefined ? {} : { params: checkParams(`slots.${slot}.params`, choice['params']) };
      return [slot, { method: choice['method'], ...params }];
    }),
  );
}

export function checkSeeds(value: unknown): number | readonly number[] {
  const refuse = (allowed: string): never => {
    throw new CliError('SEEDS_RANGE', 'seeds are not usable', { field: 'seeds', value, allowed });
  };
  const allowed = `a count from 1 to ${SEED_LIMIT}, or a list of different integers from 0 to 2147483647`;
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 1 && value <= SEED_LIMIT ? value : refuse(allowed);
  if (!Array.isArray(value) || value.length === 0 || value.length > SEED_LIMIT) return refuse(allowed);
  const good = value.every(
    (seed: unknown) => Number.isInteger(seed) && Number(seed) >= 0 && Number(seed) <= 0x7fffffff,
  );
  return good && new Set(value).size === value.length ? (value as number[]) : refuse(allowed);
}

const absent = (value: unknown): boolean => value === undefined || value === null;

function refuseUnknown(value: Record<string, unknown>, known: readonly string[], prefix = ''): void {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length > 0)
    throw new CliError('UNKNOWN_FIELD', `no field ${unknown.map((key) => prefix + key).join(', ')}`, {
      field: prefix + unknown[0],
      allowed: known.join(', '),
    });
}

/** Shape and types only; whether benchmark, method and values fit is the resolver's business. */
export function checkWanted(value: unknown, source: string): Wanted {
  if (!isRecord(value)) throw malformed(source, 'holds no keys', KEYS.join(', '));
  refuseUnknown(value, KEYS);
  const text = (field: string): string | undefined => {
    const item = value[field];
    if (item === undefined || item === null) return undefined;
    if (typeof item !== 'string' || item === '') throw fieldType(field, item, 'a name');
    return item;
  };
  const number = (field: string): number | undefined => {
    const item = value[field];
    if (item === undefined || item === null) return undefined;
    if (typeof item !== 'number' || !Number.isFinite(item)) throw fieldType(field, item, 'a finite number');
    return item;
  };
  const benchmark = text('benchmark');
  if (!benchmark)
    throw new CliError('FIELD_MISSING', 'no benchmark is named', {
      field: 'benchmark',
      allowed: 'touchstone list benchmarks',
    });
  const division = text('division');
  if (division !== undefined && !DIVISIONS.includes(division))
    throw new CliError('FIELD_RANGE', 'no such division', {
      field: 'division',
      value: division,
      allowed: DIVISIONS.join(', '),
    });
  const optional = {
    method: text('method'),
    params: absent(value['params']) ? undefined : checkParams('params', value['params']),
    slots: absent(value['slots']) ? undefined : checkSlots(value['slots']),
    division,
    learningRate: number('learningRate'),
    weightDecay: number('weightDecay'),
    seeds: absent(value['seeds']) ? undefined : checkSeeds(value['seeds']),
  };
  return { benchmark, ...Object.fromEntries(Object.entries(optional).filter(([, item]) => item !== undefined)) };
}
