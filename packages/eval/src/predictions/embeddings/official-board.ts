/** Boards of one official test set of unseen classes each, whose labels are never the sender's. */
import { malformed } from '../errors.js';
import { onlyFile } from '../only-file.js';
import type { PredictionProtocol } from '../types.js';
import { matrixOf, readArrays } from './arrays.js';
import { EMBEDDING_ORACLE, EMBEDDING_OUTPUTS, EMBEDDING_RULES, embeddingReport } from './report.js';
import { OFFICIAL_SPLITS } from './splits.js';

export interface OfficialBoard {
  readonly key: string;
  readonly title: string;
  /** Of the labels, under TOUCHSTONE_DATA. */
  readonly folder: (typeof OFFICIAL_SPLITS)[number]['labels']['folder'];
}

export function officialEmbeddings({ key, title, folder }: OfficialBoard): PredictionProtocol {
  const split = OFFICIAL_SPLITS.find(({ labels }) => labels.folder === folder)!;
  const count = split.images.toLocaleString('en');
  return {
    key,
    version: 1,
    title: `${title}: retrieval of unseen classes`,
    summary: `Recall@K, MAP@R, R-precision, NMI and AMI of the embeddings of the ${count} test images of ${title}.`,
    page: `# ${title}

The split of Oh Song et al. 2016: networks train on the first half of the classes and are tested on the other. One embedding for
each of the test images, in order: ${split.order}. Labels are the official ones.

${EMBEDDING_RULES}`,
    primary: 'map_at_r',
    outputs: EMBEDDING_OUTPUTS,
    resampling: 'query',
    oracle: EMBEDDING_ORACLE,
    predictions: [
      {
        name: 'embeddings',
        formats: ['.npy', '.npz'],
        contents: `embeddings [${count}, d], numbers; in a .npz the member embeddings, others are not read.`,
        example: `np.save("${folder}.npy", embeddings)  # (${split.images}, 512)`,
      },
    ],
    labels: [],
    fidelity: 'OFFICIAL',
    datasets: [split.labels],
    async score(context) {
      const named = await readArrays(onlyFile(context.predictions, 'predictions'), 'embeddings');
      const embeddings = matrixOf(named, 'embeddings');
      if (embeddings.n !== split.images)
        throw malformed(named.file, {}, `${embeddings.n} embeddings`, `${split.images}: ${split.order}`);
      const labels = await split.read(context.dataFolder(folder));
      return embeddingReport({ embeddings, labels, isQuery: undefined }, context);
    },
  };
}
