/** Boards of one BEIR test collection each. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseQrels, parseTrecRun } from '../formats/trec.js';
import { onlyFile } from '../only-file.js';
import type { PredictionProtocol } from '../types.js';
import { TREC_OUTPUTS, TREC_RUN, trecReport } from './report.js';

export interface BeirCollection {
  readonly key: string;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** Markdown: queries, documents, grades. */
  readonly intro: string;
  readonly file: string;
  readonly sha256: string;
  readonly example: string;
}

export const beirProtocol = ({
  key,
  title,
  summary,
  intro,
  file,
  sha256,
  example,
}: BeirCollection): PredictionProtocol => ({
  key,
  version: 1,
  title,
  summary,
  page: `# ${title}

${intro} Measures are those of \`retrieval-trec\` over all judged queries: one without a result counts as an empty ranking. Documents
are ranked by descending score, equal scores by descending document name.

## Known disagreements

BEIR's own evaluation leaves out queries that the run does not hold, as \`trec_eval\` does without \`-c\`, which flatters a run that
answers only what it can. It also drops a document named like its query.
`,
  primary: 'ndcg_cut_10',
  outputs: TREC_OUTPUTS,
  resampling: 'query',
  oracle: { tool: 'trec_eval -c', version: '9.0' },
  predictions: [{ ...TREC_RUN, example }],
  labels: [],
  fidelity: 'OFFICIAL',
  datasets: [{ folder: 'beir', revision: 'castorini/anserini-tools@5b819c1', files: { [file]: sha256 } }],
  async score({ predictions, dataFolder, progress }) {
    const results = onlyFile(predictions, 'predictions');
    const run = parseTrecRun(await results.read(), results.name);
    const qrels = parseQrels(await readFile(join(dataFolder('beir'), file)), file);
    return trecReport(run, qrels, { progress, complete: true });
  },
});
