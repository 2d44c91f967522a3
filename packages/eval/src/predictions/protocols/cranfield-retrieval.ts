import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseTrecRun } from '../formats/trec.js';
import { onlyFile } from '../only-file.js';
import { parseCranfieldJudgements } from '../trec/cranfield.js';
import { trecReport, TREC_OUTPUTS, TREC_RUN } from '../trec/report.js';
import type { PredictionProtocol } from '../types.js';

export const definition: PredictionProtocol = {
  key: 'cranfield-retrieval',
  version: 1,
  title: 'Cranfield ad hoc retrieval',
  summary: '225 aerodynamics questions against 1,400 abstracts, by trec_eval over all judged questions.',
  page: `# Cranfield

Questions are numbered 1 to 225 by their *position* in \`cran.qry\`, which is how the judgements name them; the numbers
after \`.I\` in that file are others. Documents are 1 to 1400. The original grades run from 1 (complete answer) to 4
(of minimal interest), with −1 for no interest: here 1, 2, 3, 4 become the gains 4, 3, 2, 1, and −1 is not relevant.
Measures are those of \`retrieval-trec\`, over all 225 questions: one without a result counts as an empty ranking.

## Known disagreements

Many papers take every judged document as relevant, grade −1 included, or join questions by \`.I\`; both give other
numbers. nDCG depends on the gains above.
`,
  primary: 'map',
  outputs: TREC_OUTPUTS,
  resampling: 'query',
  oracle: { tool: 'trec_eval -c', version: '9.0' },
  predictions: [{ ...TREC_RUN, example: '1 Q0 184 1 12.3 mine\n1 Q0 29 2 11.8 mine' }],
  labels: [
    {
      name: 'judgements',
      formats: ['cranqrel (plain text)'],
      contents: 'Question (position), document, grade (1 to 4, or −1) on each line.',
      example: '1 184 2\n1 29 2',
      optional: true,
    },
  ],
  fidelity: 'OFFICIAL',
  datasets: [
    {
      folder: 'cranfield',
      revision: '1,400 abstracts, 225 questions',
      files: { cranqrel: '149999bde29b890eb046325222d35afdbea40f652afee17a1f774356cf8e0911' },
    },
  ],
  async score({ predictions, labels, dataFolder, progress }) {
    const results = onlyFile(predictions, 'predictions');
    const run = parseTrecRun(await results.read(), results.name);
    const own = labels.length > 0 ? onlyFile(labels, 'labels') : undefined;
    const content = own ? await own.read() : await readFile(join(dataFolder('cranfield'), 'cranqrel'));
    const qrels = parseCranfieldJudgements(content, own?.name ?? 'cranqrel');
    return trecReport(run, qrels, { progress, complete: true });
  },
};
