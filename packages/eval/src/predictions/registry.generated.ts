// Written by `npm run gen`. Do not edit: run it again.
import type { PredictionProtocol } from './types.js';
import { definition as certifiedAccuracyProtocol } from './protocols/certified-accuracy.js';
import { definition as retrievalTrecProtocol } from './protocols/retrieval-trec.js';

export const protocols: readonly PredictionProtocol[] = [
  certifiedAccuracyProtocol,
  retrievalTrecProtocol,
];
