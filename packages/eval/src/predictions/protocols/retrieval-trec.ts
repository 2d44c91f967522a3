import { parseQrels, parseTrecRun } from '../formats/trec.js';
import { onlyFile } from '../only-file.js';
import { trecReport, TREC_OUTPUTS, TREC_RUN } from '../trec/report.js';
import type { PredictionProtocol } from '../types.js';

export const definition: PredictionProtocol = {
  key: 'retrieval-trec',
  version: 1,
  title: 'Ranked retrieval by trec_eval',
  summary: 'Any TREC run against any qrels, with the measures of trec_eval by their names.',
  page: `# trec_eval's measures

Documents are ranked by descending score, equal scores by descending document name; the rank column is not used. Scores
are compared as 32-bit floats, as trec_eval holds them. A judgement above 0 is relevant; graded judgements count as gains
in \`ndcg\` (gain = judgement, discount log2(rank + 1)). Means are over the queries of the run that have judgements, which
is trec_eval's default; a run that leaves queries out gets a warning, since its means are over fewer.

## Known disagreements

Libraries that keep the order of the file, or break ties by ascending name, differ wherever scores are equal. nDCG with
gains 2^rel − 1 is another measure. \`P_k\` divides by k also where fewer documents were retrieved.
`,
  primary: 'map',
  outputs: TREC_OUTPUTS,
  resampling: 'query',
  oracle: { tool: 'trec_eval', version: '9.0' },
  predictions: [TREC_RUN],
  labels: [
    {
      name: 'qrels',
      formats: ['TREC qrels (plain text)'],
      contents: 'One judgement a line: query, iteration, document, relevance (above 0 is relevant).',
      example: '301 0 CR93E-10279 0\n301 0 CR93E-1282 1',
    },
  ],
  fidelity: 'VARIANT(labels are brought by whoever scores)',
  datasets: [],
  async score({ predictions, labels, progress }) {
    const [results, judgements] = [onlyFile(predictions, 'predictions'), onlyFile(labels, 'labels')];
    const run = parseTrecRun(await results.read(), results.name);
    const qrels = parseQrels(await judgements.read(), judgements.name);
    return trecReport(run, qrels, { progress });
  },
};
