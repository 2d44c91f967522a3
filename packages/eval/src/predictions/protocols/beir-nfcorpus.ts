import { beirProtocol } from '../trec/beir.js';

export const definition = beirProtocol({
  key: 'beir-nfcorpus',
  title: 'BEIR: NFCorpus',
  summary: 'Medical articles for 323 questions of laymen, by trec_eval over all judged questions.',
  intro:
    'The test part of NFCorpus (Boteva et al. 2016) as in BEIR (Thakur et al. 2021): 323 queries, 3,633 documents, grades 1 and 2.',
  file: 'qrels.beir-v1.0.0-nfcorpus.test.txt',
  sha256: '9d822ee3fc9e3b395d7fe25a13d81686f54b2a056992574daa825e792800c959',
  example: 'PLAIN-2 Q0 MED-2427 1 12.3 mine\nPLAIN-2 Q0 MED-10 2 11.8 mine',
});
