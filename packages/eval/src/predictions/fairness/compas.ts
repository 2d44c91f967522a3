/** ProPublica's COMPAS table: two-year recidivism in Broward County. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { malformed } from '../errors.js';
import { numberOf } from '../formats/table.js';
import type { LabelSet } from '../types.js';

const FILE = 'compas-scores-two-years.csv.gz';
/** The published table. */
export const COMPAS: LabelSet = {
  folder: 'compas',
  revision: 'propublica/compas-analysis@bafff5d',
  files: { [FILE]: 'c451db85908b2f7fef1d83203bedf6b71ecda0d5af468d82ae62178f91d0cc7d' },
};

const MOST_BYTES = 2 ** 25;

export interface Defendant {
  readonly id: string;
  readonly race: string;
  readonly sex: string;
  readonly age: number;
  /** COMPAS's own risk of recidivism, 1 to 10. */
  readonly decile: number;
  readonly recidivist: 0 | 1;
  /** Whether ProPublica's filter keeps the row. */
  readonly filtered: boolean;
}

/** ProPublica's COMPAS groups, in the order of their names. */
export const RACES = ['African-American', 'Asian', 'Caucasian', 'Hispanic', 'Native American', 'Other'] as const;

/**
 * All 7,214 rows in the order of the file. `filtered`: a screening within 30 days of the arrest, a known recidivism flag, a
 * charge that is no ordinary traffic offence, a score that is not N/A. Throws FILE_MALFORMED.
 */
export async function readCompas(folder: string): Promise<Defendant[]> {
  const path = join(folder, FILE);
  const content = gunzipSync(await readFile(path), { maxOutputLength: MOST_BYTES });
  const [header, ...rows] = parse(content, { bom: true }) as string[][];
  // decile_score and priors_count stand in the header twice, with equal values.
  const at = (name: string): number => {
    const found = header?.indexOf(name) ?? -1;
    if (found < 0) throw malformed(path, { line: 1 }, 'another header', `a column ${name}`);
    return found;
  };
  const columns = ['id', 'race', 'sex', 'age', 'decile_score', 'two_year_recid'].map(at);
  const [days, flag, degree, text] = ['days_b_screening_arrest', 'is_recid', 'c_charge_degree', 'score_text'].map(at);
  return rows.map((row, i) => {
    const [id, race, sex, age, decile, recidivist] = columns.map((column) => row[column]!);
    const number = (name: string, cell: string | undefined): number => numberOf(path, i + 2, name, cell);
    const near = row[days!] !== '' && Math.abs(number('days_b_screening_arrest', row[days!])) <= 30;
    return {
      id: id!,
      race: race!,
      sex: sex!,
      age: number('age', age),
      decile: number('decile_score', decile),
      recidivist: number('two_year_recid', recidivist) === 1 ? 1 : 0,
      filtered: near && row[flag!] !== '-1' && row[degree!] !== 'O' && row[text!] !== 'N/A',
    };
  });
}
