/** What a result says of its test units: sketches, names and groups, looked at before any of it is stored. */
import { inflateSync } from 'node:zlib';
import { EvalError, LONGEST_UNIT_NAME, MOST_UNIT_BYTES, type RunUnits } from '@touchstone/eval/meta';
import { decodeSketch, encodeSketch, REPLICATES } from '@touchstone/eval/statistics';
import { ReportRefused } from './report-refused.js';

export interface StoredSketch {
  readonly key: string;
  readonly units: number;
  readonly sketch: Uint8Array;
}

const refuse = (message: string): never => {
  throw new ReportRefused('RESULT_INVALID', message);
};

/** Sketches in the form in which they are stored: float32, each of the score that is reported. Throws ReportRefused. */
export function checkSketches(report: {
  readonly scores: Readonly<Record<string, number>>;
  readonly sketches: Readonly<Record<string, string>>;
}): StoredSketch[] {
  return Object.entries(report.sketches).map(([key, text]) => {
    const score = report.scores[key];
    if (score === undefined) refuse(`sketches.${key} is of no score of the run`);
    try {
      const sketch = decodeSketch(new Uint8Array(Buffer.from(text, 'base64')));
      if (sketch.deviations.length !== REPLICATES)
        refuse(`sketches.${key} has ${sketch.deviations.length} replicates, not ${REPLICATES}`);
      if (!Object.is(sketch.score, score)) refuse(`sketches.${key} is of the score ${sketch.score}, not ${score}`);
      return { key, units: sketch.units, sketch: encodeSketch(sketch) };
    } catch (error) {
      if (error instanceof EvalError) refuse(`sketches.${key}: ${error.message}`);
      throw error;
    }
  });
}

const isNames = (value: unknown, length: number | undefined): value is readonly string[] | null =>
  value === null ||
  (Array.isArray(value) &&
    (length === undefined || value.length === length) &&
    value.every((name) => typeof name === 'string' && name.length <= LONGEST_UNIT_NAME));

/**
 * The units as canonical JSON, of which equal ones have equal bytes; null where none were sent. Throws ReportRefused unless there
 * is one name and one group for every unit of every outcome.
 */
export function checkUnits(
  text: string | null,
  outcomes: readonly { readonly key: string; readonly units: number }[],
): Uint8Array | null {
  if (text === null) return null;
  let units: Partial<RunUnits> | null = null;
  try {
    const bytes = inflateSync(Buffer.from(text, 'base64'), { maxOutputLength: MOST_UNIT_BYTES });
    units = JSON.parse(bytes.toString('utf8')) as Partial<RunUnits> | null;
  } catch {
    refuse(`units is no compressed JSON of at most ${MOST_UNIT_BYTES} bytes`);
  }
  const { names = null, groups = null } = units ?? {};
  const count = outcomes[0]?.units;
  for (const [field, value] of Object.entries({ names, groups }))
    if (!isNames(value, count))
      refuse(
        `units.${field} is no list of ${count ?? 'any number of'} texts of at most ${LONGEST_UNIT_NAME} characters, or null`,
      );
  return new TextEncoder().encode(JSON.stringify({ names, groups }));
}
