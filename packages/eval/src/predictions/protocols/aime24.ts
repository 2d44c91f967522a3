import { competition } from '../answers/competition.js';

export const definition = competition({
  key: 'aime24',
  title: 'AIME 2024',
  intro:
    'The 30 problems of the American Invitational Mathematics Examination 2024 (I and II); answers are whole numbers from 0 to 999. Ids are 60 to 89.',
  problems: 30,
  ids: [60, 61],
  file: 'aime24_test.jsonl',
  sha256: 'af2b8bd2aa911b6333ad0df32f3ca05c7ae8ed10f1731f4372c8ae26990bf7ac',
  revision: 'nigelyaoj/Eval_reasoning@a250aac',
});
