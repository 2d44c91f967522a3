/** The results that came with the splits: Monte-Carlo dropout (Gal and Ghahramani 2016), one hidden layer, 4,000 epochs. */
import { join } from 'node:path';
import { malformed } from '../errors.js';
import { parseMatrix } from '../formats/matrix.js';
import { openInput } from '../input.js';
import type { UciSet } from './uci.js';
import { SPLITS } from './uci.js';

const RUN = '100_xepochs_1_hidden_layers';

export interface PublishedResults {
  /** By split; of the mean of the sampled predictions, in the unit of the target. */
  readonly rmse: Float64Array;
  /** By split; of the mixture of the sampled Gaussians, nats: minus the printed log-likelihood. */
  readonly nll: Float64Array;
  /** By split; of one pass without dropout, in the unit of the target. */
  readonly plainRmse: Float64Array;
}

/** Published scores of the 20 splits. Throws FILE_MALFORMED for another archive. */
export async function publishedResults(folder: string, set: UciSet): Promise<PublishedResults> {
  const path = join(folder, 'uci_regression_splits.zip');
  const archive = await openInput(path);
  try {
    const read = async (what: string): Promise<Float64Array> => {
      const name = `${set.folder}/results/${what}_${RUN}.txt`;
      const file = archive.files.find((each) => each.name === name);
      if (!file) throw malformed(path, {}, `no member ${name}`, 'the published archive');
      const { values, rows, columns } = parseMatrix(await file.read(), `${path}: ${name}`);
      if (rows !== SPLITS || columns !== 1) throw malformed(path, {}, `${rows} lines in ${name}`, `${SPLITS}`);
      return Float64Array.from(values);
    };
    return {
      rmse: await read('test_MC_rmse'),
      nll: (await read('test_ll')).map((value) => -value),
      plainRmse: await read('test_rmse'),
    };
  } finally {
    await archive.close();
  }
}
