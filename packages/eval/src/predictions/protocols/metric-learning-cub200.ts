import { officialEmbeddings } from '../embeddings/official-board.js';

export const definition = officialEmbeddings({
  key: 'metric-learning-cub200',
  title: 'CUB-200-2011',
  folder: 'cub200',
});
