import { competition } from '../answers/competition.js';

export const definition = competition({
  key: 'amc23',
  title: 'AMC 2023',
  intro:
    'The 40 problems of the American Mathematics Competition 12 A and B of 2023 that the Qwen2.5-Math evaluation uses: their answer is a number, and the choices are not shown. Ids are those of the Qwen2.5-Math evaluation, 0 to 49 with gaps.',
  problems: 40,
  ids: [0, 1],
  file: 'amc23_test.jsonl',
  sha256: '43707e1ca784602d8479de24ee8ce36609dbebc46dd152b0b12a46611aa898a4',
  revision: 'nigelyaoj/Eval_reasoning@a250aac',
});
