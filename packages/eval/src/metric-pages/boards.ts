/** Boards whose scores carry the names of trec_eval. */
export const TREC_BOARDS = ['retrieval-trec', 'cranfield-retrieval', 'beir-nfcorpus', 'beir-scifact'] as const;
