import { competition } from '../answers/competition.js';

export const definition = competition({
  key: 'aime25',
  title: 'AIME 2025',
  intro:
    'The 30 problems of the American Invitational Mathematics Examination 2025 (I and II); answers are whole numbers from 0 to 999. Ids are 0 to 29.',
  problems: 30,
  ids: [0, 1],
  file: 'aime25_test.jsonl',
  sha256: '3611f1360ce5e8bfe13bee53bff5020de005f1d18152cd594402db58a848a64e',
  revision: 'nigelyaoj/Eval_reasoning@a250aac',
});
