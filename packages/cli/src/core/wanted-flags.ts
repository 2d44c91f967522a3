/** The flags that say what a YAML file says; a flag wins over the file. */
import { CliError } from './errors.js';
import { checkWanted, readSubmissionFile, type SlotChoice, type Value, type Wanted } from './submission-file.js';

export interface WantedFlags {
  readonly benchmark?: string;
  readonly method?: string;
  readonly param?: readonly string[];
  readonly slot?: readonly string[];
  readonly division?: string;
  readonly learningRate?: string;
  readonly weightDecay?: string;
  readonly seeds?: string;
}

function splitPair(flag: string, text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1)
    throw new CliError('USAGE', `${flag} needs name=value`, { field: flag, value: text, allowed: 'name=value' });
  return [text.slice(0, at), text.slice(at + 1)];
}

/** `2`, `1e-3` and `NaN` are numbers, `true` and `false` booleans, `null` null; everything else is text. */
export function parseValue(text: string): Value {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  if (/^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|Infinity)$/.test(text) || text === 'NaN')
    return Number(text);
  return text;
}

function parseNumber(flag: string, text: string): number {
  const value = parseValue(text);
  if (typeof value !== 'number')
    throw new CliError('FIELD_TYPE', `${flag} is not a number`, { field: flag, value: text, allowed: 'a number' });
  return value;
}

/** `5` is a count, `0,2,4` a list. */
function parseSeeds(text: string): unknown {
  const parts = text.split(',').map((part) => parseValue(part.trim()));
  return parts.length === 1 ? parts[0] : parts;
}

/** File first, then flags over it. Throws USAGE where neither names a benchmark. */
export async function readWanted(file: string | undefined, flags: WantedFlags): Promise<Wanted> {
  const written: Partial<Wanted> = file === undefined ? {} : await readSubmissionFile(file);
  if (file === undefined && flags.benchmark === undefined)
    throw new CliError('USAGE', 'name a YAML file or --benchmark', {
      field: 'benchmark',
      allowed: 'FILE or --benchmark B',
    });
  const params = Object.fromEntries(
    (flags.param ?? []).map((pair) => splitPair('--param', pair)).map(([k, v]) => [k, parseValue(v)]),
  );
  const slots: Record<string, SlotChoice> = Object.fromEntries(
    (flags.slot ?? []).map((pair) => splitPair('--slot', pair)).map(([slot, method]) => [slot, { method }]),
  );
  const otherMethod = flags.method !== undefined && flags.method !== written.method;
  return checkWanted(
    {
      ...written,
      ...(flags.benchmark === undefined ? {} : { benchmark: flags.benchmark }),
      ...(flags.method === undefined ? {} : { method: flags.method }),
      // Parameters in the file belong to the method in the file.
      ...(Object.keys(params).length || otherMethod
        ? { params: { ...(otherMethod ? {} : written.params), ...params } }
        : {}),
      ...(Object.keys(slots).length ? { slots: { ...written.slots, ...slots } } : {}),
      ...(flags.division === undefined ? {} : { division: flags.division }),
      ...(flags.learningRate === undefined ? {} : { learningRate: parseNumber('--learning-rate', flags.learningRate) }),
      ...(flags.weightDecay === undefined ? {} : { weightDecay: parseNumber('--weight-decay', flags.weightDecay) }),
      ...(flags.seeds === undefined ? {} : { seeds: parseSeeds(flags.seeds) }),
    },
    file ?? 'the command line',
  );
}
