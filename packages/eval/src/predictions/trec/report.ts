/** What every protocol over TREC runs gives back. */
import { EvalError } from '../../core/errors.js';
import type { MetricOutput } from '../../core/types.js';
import type { Qrels, TrecRun } from '../formats/trec.js';
import { reweighing, weightedMean } from '../reweighing.js';
import type { FileNote, ScoreContext, ScoreReport } from '../types.js';
import { evaluate, geometricPart, measures } from './measures.js';

export const TREC_RUN: FileNote = {
  name: 'run',
  formats: ['TREC run (plain text)'],
  contents: 'One retrieved document a line: query, Q0, document, rank, score (higher is better), run name.',
  example: '301 Q0 FR940202-2-00150 1 2.129133 mine\n301 Q0 FR940202-2-00154 2 2.104024 mine',
};

const NAMES = Object.keys(measures({ relevance: [], ideal: [], judgedNonrelevant: 0 })).filter(
  (key) => !key.startsWith('num_'),
);

export const TREC_OUTPUTS: readonly MetricOutput[] = [...NAMES, 'gm_map'].map((key) => ({
  key,
  title: `trec_eval ${key}`,
  direction: 'higher' as const,
  unit: 'fraction',
  range: [0, 1] as const,
  precision: 1e-4,
}));

/** Scores, counts and outcomes by query. Throws FILE_MALFORMED where no query of the run has a judgement. */
export function trecReport(
  run: TrecRun,
  qrels: Qrels,
  { progress, complete = false }: Pick<ScoreContext, 'progress'> & { readonly complete?: boolean },
): ScoreReport {
  const { queries, byQuery, all } = evaluate(run, qrels, { complete });
  if (queries.length === 0 || ![...run.keys()].some((query) => qrels.has(query)))
    throw new EvalError('FILE_MALFORMED', 'predictions: no query of the run has a judgement', {
      field: 'predictions',
      value: [...run.keys()].slice(0, 3).join(', '),
      allowed: `queries such as ${[...qrels.keys()].slice(0, 3).join(', ')}`,
    });
  progress(queries.length, queries.length, 'queries');
  const absent = [...qrels.keys()].filter((query) => !run.has(query)).length;
  const unjudged = [...run.keys()].filter((query) => !qrels.has(query)).length;
  const counted = complete ? 'counted as empty rankings' : 'left out of the means';
  return {
    scores: Object.fromEntries(Object.entries(all).filter(([key]) => !key.startsWith('num_'))),
    counts: {
      queries: queries.length,
      retrieved: all['num_ret']!,
      relevant: all['num_rel']!,
      relevant_retrieved: all['num_rel_ret']!,
    },
    warnings: [
      ...(absent ? [`${absent} judged queries are not in the run and were ${counted}`] : []),
      ...(unjudged ? [`${unjudged} queries of the run have no judgement and were not counted`] : []),
    ],
    outcomes: Object.fromEntries(NAMES.map((key) => [key, Float64Array.from(byQuery, (each) => each[key]!)])),
    units: queries,
    reweigh: reweighing(queries.length, { gm_map: all['gm_map']! }, () => {
      const logarithms = Float64Array.from(byQuery, geometricPart);
      return (weights) => ({ gm_map: Math.exp(weightedMean(logarithms, weights)) });
    }),
  };
}
