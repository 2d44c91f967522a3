// Written by `npm run gen`. Do not edit: run it again.
import type { PredictionProtocol } from './types.js';
import { definition as amazonBabyRecommendationProtocol } from './protocols/amazon-baby-recommendation.js';
import { definition as categoryDiscoveryProtocol } from './protocols/category-discovery.js';
import { definition as certifiedAccuracyProtocol } from './protocols/certified-accuracy.js';
import { definition as cifar100nProtocol } from './protocols/cifar100n.js';
import { definition as cifar10hProtocol } from './protocols/cifar10h.js';
import { definition as cifar10nProtocol } from './protocols/cifar10n.js';
import { definition as classificationProtocol } from './protocols/classification.js';
import { definition as clusteringProtocol } from './protocols/clustering.js';
import { definition as cocoDetectionProtocol } from './protocols/coco-detection.js';
import { definition as compasProtocol } from './protocols/compas.js';
import { definition as compasFilteredProtocol } from './protocols/compas-filtered.js';
import { definition as cranfieldRetrievalProtocol } from './protocols/cranfield-retrieval.js';
import { definition as denoisingProtocol } from './protocols/denoising.js';
import { definition as eurlex4kProtocol } from './protocols/eurlex4k.js';
import { definition as faceVerificationProtocol } from './protocols/face-verification.js';
import { definition as fairnessProtocol } from './protocols/fairness.js';
import { definition as imageTextRetrievalProtocol } from './protocols/image-text-retrieval.js';
import { definition as kittiObjectProtocol } from './protocols/kitti-object.js';
import { definition as kittiTrackingProtocol } from './protocols/kitti-tracking.js';
import { definition as kittiTrackingFramesObjectProtocol } from './protocols/kitti-tracking-frames-object.js';
import { definition as mathAnswersProtocol } from './protocols/math-answers.js';
import { definition as metricLearningProtocol } from './protocols/metric-learning.js';
import { definition as personReidProtocol } from './protocols/person-reid.js';
import { definition as regressionProtocol } from './protocols/regression.js';
import { definition as retrievalTrecProtocol } from './protocols/retrieval-trec.js';
import { definition as superResolutionProtocol } from './protocols/super-resolution.js';
import { definition as translationProtocol } from './protocols/translation.js';
import { definition as uciBostonHousingProtocol } from './protocols/uci-boston-housing.js';
import { definition as uciConcreteProtocol } from './protocols/uci-concrete.js';
import { definition as uciEnergyProtocol } from './protocols/uci-energy.js';
import { definition as uciKin8nmProtocol } from './protocols/uci-kin8nm.js';
import { definition as uciPowerPlantProtocol } from './protocols/uci-power-plant.js';
import { definition as uciWineRedProtocol } from './protocols/uci-wine-red.js';
import { definition as uciYachtProtocol } from './protocols/uci-yacht.js';

export const protocols: readonly PredictionProtocol[] = [
  amazonBabyRecommendationProtocol,
  categoryDiscoveryProtocol,
  certifiedAccuracyProtocol,
  cifar100nProtocol,
  cifar10hProtocol,
  cifar10nProtocol,
  classificationProtocol,
  clusteringProtocol,
  cocoDetectionProtocol,
  compasProtocol,
  compasFilteredProtocol,
  cranfieldRetrievalProtocol,
  denoisingProtocol,
  eurlex4kProtocol,
  faceVerificationProtocol,
  fairnessProtocol,
  imageTextRetrievalProtocol,
  kittiObjectProtocol,
  kittiTrackingProtocol,
  kittiTrackingFramesObjectProtocol,
  mathAnswersProtocol,
  metricLearningProtocol,
  personReidProtocol,
  regressionProtocol,
  retrievalTrecProtocol,
  superResolutionProtocol,
  translationProtocol,
  uciBostonHousingProtocol,
  uciConcreteProtocol,
  uciEnergyProtocol,
  uciKin8nmProtocol,
  uciPowerPlantProtocol,
  uciWineRedProtocol,
  uciYachtProtocol,
];
