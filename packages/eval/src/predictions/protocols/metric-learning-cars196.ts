import { officialEmbeddings } from '../embeddings/official-board.js';

export const definition = officialEmbeddings({ key: 'metric-learning-cars196', title: 'Cars-196', folder: 'cars196' });
