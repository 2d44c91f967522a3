import { beirProtocol } from '../trec/beir.js';

export const definition = beirProtocol({
  key: 'beir-scifact',
  title: 'BEIR: SciFact',
  summary: 'Abstracts that support or refute 300 scientific claims, by trec_eval over all judged claims.',
  intro:
    'The test part of SciFact (Wadden et al. 2020) as in BEIR (Thakur et al. 2021): 300 claims, 5,183 abstracts, grade 1 for relevant.',
  file: 'qrels.beir-v1.0.0-scifact.test.txt',
  sha256: '8b7315286f8dc823956025a1fc9c9ff0bfe142d7b409458ccd758cfa0713ccba',
  example: '1 Q0 31715818 1 12.3 mine\n3 Q0 14717500 1 11.8 mine',
});
