/** What of the names and groups of test units a result carries, which come from whoever sent predictions. */
import type { RunUnits } from './types.js';

/** Characters of the longest name of a unit or group that a server keeps. */
export const LONGEST_UNIT_NAME = 500;
/** Bytes of the JSON of names and groups that a server keeps of a run. */
export const MOST_UNIT_BYTES = 32 * 1024 * 1024;

/** Each list may take half, less the keys of both. */
const MOST_LIST_BYTES = MOST_UNIT_BYTES / 2 - 64;

/** Why a list is not kept; null for one that is. */
function problemOf(list: readonly string[]): string | null {
  const longest = list.reduce((most, { length }) => Math.max(most, length), 0);
  if (longest > LONGEST_UNIT_NAME)
    return `one has ${longest} characters, the most that are kept are ${LONGEST_UNIT_NAME}`;
  const bytes = Buffer.byteLength(JSON.stringify(list));
  return bytes > MOST_LIST_BYTES ? `they take ${bytes} bytes, the most that are kept are ${MOST_LIST_BYTES}` : null;
}

/** The lists that a server keeps, null where neither is one, and a warning for each that it does not. */
export function keptUnits({ names, groups }: RunUnits): {
  readonly units: RunUnits | null;
  readonly warnings: string[];
} {
  const warnings: string[] = [];
  const kept = (what: string, list: readonly string[] | null): readonly string[] | null => {
    const problem = list && problemOf(list);
    if (problem === null) return list;
    warnings.push(`${what} of test units are not kept: ${problem}`);
    return null;
  };
  const units = { names: kept('names', names), groups: kept('groups', groups) };
  return { units: units.names || units.groups ? units : null, warnings };
}
