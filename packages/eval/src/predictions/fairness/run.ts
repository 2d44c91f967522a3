/** The fairness benchmarks: decisions on COMPAS rows, or on rows with labels of one's own. */
import { malformed } from '../errors.js';
import { parseTable, wholeOf } from '../formats/table.js';
import type { InputFile } from '../input.js';
import { onlyFile } from '../only-file.js';
import type { FileNote, PredictionProtocol, ScoreContext, ScoreReport } from '../types.js';
import type { Defendant } from './compas.js';
import { readCompas } from './compas.js';
import { scalars } from './distance-covariance.js';
import type { Decisions } from './input.js';
import { readDecisions } from './input.js';
import type { Judged } from './score.js';
import { fairnessOutputs, oneHot, scoreFairness, slug } from './score.js';

/** The pair that ProPublica and most papers compare. */
const COMPARED = ['African-American', 'Caucasian'];

/** `positions[i]` is the row that the i-th decision is about. Throws FILE_MALFORMED. */
function positionsOf(given: Decisions, ids: readonly string[], rows: string): Int32Array {
  if (given.n !== ids.length) throw malformed(given.name, {}, `${given.n} rows`, `${ids.length}, ${rows}`);
  if (!given.ids) return Int32Array.from(ids, (_, i) => i);
  const positions = new Map(ids.map((id, i) => [id, i]));
  return Int32Array.from(given.ids, (id) => {
    const at = positions.get(id);
    if (at === undefined) throw malformed(given.name, {}, `id ${id}`, `an id of ${rows}`);
    return at;
  });
}

/** Race and sex as categories (race one-hot, sex 0 or 1), age over its standard deviation. */
export function judgedBy(rows: readonly Defendant[]): Judged {
  const mean = rows.reduce((sum, { age }) => sum + age, 0) / rows.length;
  const deviation = Math.sqrt(rows.reduce((sum, { age }) => sum + (age - mean) ** 2, 0) / rows.length);
  const groups = rows.map(({ race }) => race);
  return {
    labels: Uint8Array.from(rows, ({ recidivist }) => recidivist),
    groups,
    attributes: [
      oneHot(groups),
      scalars(rows.map(({ sex }) => Number(sex === 'Male'))),
      scalars(rows.map(({ age }) => (deviation > 0 ? age / deviation : age))),
    ],
    compared: COMPARED,
  };
}

type Rows = 'all' | 'filtered' | 'either';

/** Every group has scores of its own. */
const MOST_GROUPS = 100;

const FILTER_WARNING = 'the 6,172 rows of the filter; figures of the 7,214 rows are another benchmark';

/** The decisions on the wanted rows, out of 7,214 or 6,172. Throws FILE_MALFORMED. */
export async function scoreCompas(context: ScoreContext, rows: Rows): Promise<ScoreReport> {
  const given = await readDecisions(onlyFile(context.predictions, 'predictions'));
  const all = await readCompas(context.dataFolder('compas'));
  const filtered = all.filter((row) => row.filtered);
  const short = given.n === filtered.length && rows !== 'all';
  const [expected, name] = short ? [filtered, 'the rows of the filter'] : [all, 'the rows of the table'];
  const positions = positionsOf(
    given,
    expected.map(({ id }) => id),
    name,
  );
  const kept = Array.from(positions, (at, i) => ({ i, row: expected[at]! })).filter(
    ({ row }) => rows !== 'filtered' || row.filtered,
  );
  const pick = <T extends { [index: number]: number }>(values: T) => kept.map(({ i }) => values[i]!);
  const decisions: Decisions = {
    ...given,
    n: kept.length,
    ids: kept.map(({ row }) => row.id),
    decisions: Uint8Array.from(pick(given.decisions)),
    scores: Float64Array.from(pick(given.scores)),
  };
  const report = scoreFairness(decisions, judgedBy(kept.map(({ row }) => row)), context.progress);
  return short && rows === 'either' ? { ...report, warnings: [...report.warnings, FILTER_WARNING] } : report;
}

/** Against a table of labels and groups. Throws FILE_MALFORMED. */
export async function scoreGroups(context: ScoreContext, file: InputFile): Promise<ScoreReport> {
  const given = await readDecisions(onlyFile(context.predictions, 'predictions'));
  const table = parseTable(await file.read(), file.name, ['label', 'group']);
  const ids = table.map(({ values }, i) => values['id'] ?? String(i));
  const seen = new Set<string>();
  for (const [i, id] of ids.entries()) {
    if (seen.has(id)) throw malformed(file.name, { line: table[i]!.line }, `id ${id} again`, 'each id once');
    seen.add(id);
  }
  const named = table[0]?.values['id'] !== undefined;
  const { ids: _, ...nameless } = given;
  const positions = positionsOf(named ? given : nameless, ids, `as ${file.name} has`);
  const groups = Array.from(positions, (at) => table[at]!.values['group']!);
  const distinct = new Set(groups);
  if (distinct.size > MOST_GROUPS) throw malformed(file.name, {}, `${distinct.size} groups`, `at most ${MOST_GROUPS}`);
  const slugs = new Map<string, string>();
  for (const group of distinct) {
    const other = slugs.get(slug(group));
    if (slug(group) === '' || other !== undefined)
      throw malformed(
        file.name,
        {},
        `group "${group}"${other === undefined ? '' : ` beside "${other}"`}`,
        'names apart',
      );
    slugs.set(slug(group), group);
  }
  const labels = Uint8Array.from(positions, (at) =>
    wholeOf(file.name, table[at]!.line, 'label', table[at]!.values['label'], 0, 1),
  );
  return scoreFairness(given, { labels, groups, attributes: [oneHot(groups)] }, context.progress);
}

export const decisionNotes = (rows: string): readonly FileNote[] => [
  {
    name: 'decisions, probabilities or deciles',
    formats: ['.csv', '.npy', '.npz'],
    contents: `${rows} rows: a column prediction (0 or 1), probability (positive from ½ on) or decile_score (1 to 10, positive from 5 on); a column id pairs rows, else they stand in the order of the table. A nameless column is decile_score if a value exceeds 1, else probability.`,
    example: 'id,probability\n1,0.21\n3,0.64',
  },
];

export const fairnessRules = `## Rules

- \`fpr_GROUP\`: of those who did not offend again, the share decided positive; \`fnr_GROUP\`: of those who did, the share
  decided negative; \`selection_rate_GROUP\`: the share decided positive.
- \`demographic_parity_gap\`: largest minus smallest selection rate. \`equalised_odds_gap\`: the larger of the same differences
  of false-positive and true-positive rates. On COMPAS both compare African-American and Caucasian defendants;
  \`…_all_groups\` takes all six races, of which two have fewer than 40 rows.
- Distances are between scores in [0, 1] (probability, decision or decile over 10) and the protected attributes: on COMPAS
  race one-hot, sex 0 or 1, age over its standard deviation; else the group one-hot. U-centred and unbiased, so values near
  independence may be negative. \`distance_correlation\` is dCov² over its geometric mean, a squared measure; \`ccdcov2\` takes
  the attributes as one vector; \`jdcov2\` all variables jointly (c = 1), the attributes' own dependence included, so compare
  it between predictions of the same rows only. Both grow with the scale of the scores.
- \`uf\`: variance of the groups' mean scores over the variance of the scores, both with n − 1.
- Intervals draw rows. The distance measures have none: they compare pairs of different rows, and a row drawn twice would be its
  own pair at distance 0; a thousand drawings of quadratic sums would also take hours.

## Known disagreements

Fairlearn's \`demographic_parity_difference\` and \`equalized_odds_difference\` are the gaps over all groups. The classical
distance correlation (V-statistic, with a square root) is larger and never negative. A threshold "above 5" in place of "from 5
on" moves every COMPAS rate.
`;

export const compasProtocol = (
  rows: 'all' | 'filtered',
  words: { key: string; title: string; summary: string; intro: string; count: string },
): PredictionProtocol => ({
  key: words.key,
  version: 1,
  title: words.title,
  summary: words.summary,
  page: `# ${words.title}\n\n${words.intro}\n\n${fairnessRules}`,
  primary: 'equalised_odds_gap',
  outputs: fairnessOutputs,
  resampling: 'image',
  oracle: { tool: 'propublica/compas-analysis', version: 'bafff5d' },
  predictions: decisionNotes(words.count),
  labels: [],
  datasets: ['compas'],
  score: (context) => scoreCompas(context, rows),
});
