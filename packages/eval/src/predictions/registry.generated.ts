// Written by `npm run gen`. Do not edit: run it again.
import type { PredictionProtocol } from './types.js';
import { definition as amazonBabyRecommendationProtocol } from './protocols/amazon-baby-recommendation.js';
import { definition as certifiedAccuracyProtocol } from './protocols/certified-accuracy.js';
import { definition as cocoDetectionProtocol } from './protocols/coco-detection.js';
import { definition as cranfieldRetrievalProtocol } from './protocols/cranfield-retrieval.js';
import { definition as denoisingProtocol } from './protocols/denoising.js';
import { definition as eurlex4kProtocol } from './protocols/eurlex4k.js';
import { definition as mathAnswersProtocol } from './protocols/math-answers.js';
import { definition as retrievalTrecProtocol } from './protocols/retrieval-trec.js';
import { definition as superResolutionProtocol } from './protocols/super-resolution.js';
import { definition as translationProtocol } from './protocols/translation.js';

export const protocols: readonly PredictionProtocol[] = [
  amazonBabyRecommendationProtocol,
  certifiedAccuracyProtocol,
  cocoDetectionProtocol,
  cranfieldRetrievalProtocol,
  denoisingProtocol,
  eurlex4kProtocol,
  mathAnswersProtocol,
  retrievalTrecProtocol,
  superResolutionProtocol,
  translationProtocol,
];
