/** The usual course of a classification benchmark: read, bring together, score. */
import { EvalError } from '../../core/errors.js';
import { malformed } from '../errors.js';
import { onlyFile } from '../only-file.js';
import { joined } from '../reweighing.js';
import type { ScoreContext, ScoreReport } from '../types.js';
import { codeLabels } from './align.js';
import type { LabelColumn, Predictions, SoftLabels } from './input.js';
import { isSoft, readLabels, readPredictions } from './input.js';
import type { Part } from './score.js';
import { scoreHard, scoreSoft } from './score.js';

export interface Judged {
  readonly hard?: LabelColumn;
  readonly soft?: SoftLabels;
}

/** At most one file of classes and one of distributions. Throws FILE_MALFORMED. */
export async function readJudgements({ labels }: ScoreContext): Promise<Judged> {
  let judged: Judged = {};
  for (const file of labels.flatMap(({ files }) => files)) {
    const read = await readLabels(file);
    const kind = isSoft(read) ? 'soft' : 'hard';
    if (judged[kind]) throw malformed(file.name, {}, `a second file of ${kind} labels`, 'one of each kind at most');
    judged = { ...judged, [kind]: read };
  }
  return judged;
}

/** The predictions, which must have `shape` where one is given. Throws FILE_MALFORMED. */
export async function readClassifications(
  { predictions }: ScoreContext,
  shape?: { readonly n: number; readonly classes: number },
): Promise<Predictions> {
  const read = await readPredictions(onlyFile(predictions, 'predictions'));
  if (!shape) return read;
  const { n, classes } = read;
  if (n !== shape.n || (classes !== undefined && classes !== shape.classes))
    throw malformed(
      read.name,
      {},
      classes === undefined ? `${n} classes predicted` : `shape (${n}, ${classes})`,
      `(${shape.n}, ${shape.classes})`,
    );
  return read;
}

export function reportOf(
  predictions: Predictions,
  parts: readonly Part[],
  counts: Record<string, number>,
): ScoreReport {
  const merged = <T>(pick: (part: Part) => Record<string, T>): Record<string, T> =>
    Object.assign({}, ...parts.map(pick));
  const reweigh = joined(parts.map((part) => part.reweigh));
  const groups = parts.find((part) => part.groups)?.groups;
  return {
    scores: merged(({ scores }) => scores),
    counts: { examples: predictions.n, ...counts },
    warnings: [...predictions.warnings, ...parts.flatMap(({ warnings }) => warnings)],
    outcomes: merged(({ outcomes }) => outcomes),
    ...(predictions.ids ? { units: predictions.ids } : {}),
    ...(groups ? { groups } : {}),
    ...(reweigh ? { reweigh } : {}),
  };
}

/** Scores against whatever labels there are. Throws FILE_MALFORMED where there are none. */
export async function scoreClassification(context: ScoreContext): Promise<ScoreReport> {
  const predictions = await readClassifications(context);
  const { hard = predictions.labels, soft } = await readJudgements(context);
  if (!hard && !soft)
    throw new EvalError('FILE_MALFORMED', 'labels: found none, expected --labels or labels in the predictions', {
      field: 'labels',
      value: 'none',
      allowed: '--labels PATH, a column label or a member labels of the predictions',
    });
  const parts: Part[] = [];
  let classes = predictions.classes ?? soft?.classes ?? 0;
  if (hard) {
    const coded = codeLabels(predictions, hard, soft?.classes);
    classes = coded.classes;
    parts.push(scoreHard(predictions, coded, (done, total, what) => context.progress(done, total, what)));
  }
  if (soft) parts.push(scoreSoft(predictions, soft));
  return reportOf(predictions, parts, { classes });
}
