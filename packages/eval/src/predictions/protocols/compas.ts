import { compasProtocol } from '../fairness/run.js';

export const definition = compasProtocol('all', {
  key: 'compas',
  title: 'COMPAS, all 7,214 defendants',
  summary: 'Error rates by race, parity gaps and distance covariances of predictions of two-year recidivism.',
  intro: `Every row of ProPublica's two-year table (Broward County 2013–2014). COMPAS's own decile from 5 on has a false-positive
rate of 44.85 % for African-American and 23.45 % for Caucasian defendants, and false-negative rates of 27.99 % and 47.72 %.`,
  count: '7,214',
});
