import { compasProtocol } from '../fairness/run.js';

export const definition = compasProtocol('filtered', {
  key: 'compas-filtered',
  title: 'COMPAS, the 6,172 defendants of the filter',
  summary: 'Error rates by race, parity gaps and distance covariances on the rows that ProPublica’s regression kept.',
  intro: `The 6,172 rows of 7,214 with a screening within 30 days of the arrest, a known recidivism flag, a charge that is no
ordinary traffic offence, and a score. Predictions of all 7,214 rows are taken too; the others are then left out. COMPAS's own
decile from 5 on has a false-positive rate of 42.34 % for African-American and 22.01 % for Caucasian defendants.`,
  count: '6,172 or 7,214',
});
