// Written by `npm run gen`. Do not edit: run it again.
import type { PredictionProtocol, ReportedBoard } from './types.js';
import { definition as aime24Protocol } from './protocols/aime24.js';
import { definition as aime25Protocol } from './protocols/aime25.js';
import { definition as amazonBabyRecommendationProtocol } from './protocols/amazon-baby-recommendation.js';
import { definition as amc23Protocol } from './protocols/amc23.js';
import { definition as beirNfcorpusProtocol } from './protocols/beir-nfcorpus.js';
import { definition as beirScifactProtocol } from './protocols/beir-scifact.js';
import { definition as categoryDiscoveryProtocol } from './protocols/category-discovery.js';
import { definition as certifiedAccuracyProtocol } from './protocols/certified-accuracy.js';
import { definition as certifiedAccuracyCifar10Protocol } from './protocols/certified-accuracy-cifar10.js';
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
import { definition as denoisingBsd68Sigma15Protocol } from './protocols/denoising-bsd68-sigma15.js';
import { definition as denoisingBsd68Sigma25Protocol } from './protocols/denoising-bsd68-sigma25.js';
import { definition as denoisingBsd68Sigma50Protocol } from './protocols/denoising-bsd68-sigma50.js';
import { definition as denoisingSet12Sigma15Protocol } from './protocols/denoising-set12-sigma15.js';
import { definition as denoisingSet12Sigma25Protocol } from './protocols/denoising-set12-sigma25.js';
import { definition as denoisingSet12Sigma50Protocol } from './protocols/denoising-set12-sigma50.js';
import { definition as eurlex4kProtocol } from './protocols/eurlex4k.js';
import { definition as faceVerificationProtocol } from './protocols/face-verification.js';
import { definition as fairnessProtocol } from './protocols/fairness.js';
import { definition as imageTextRetrievalProtocol } from './protocols/image-text-retrieval.js';
import { definition as kittiObjectProtocol } from './protocols/kitti-object.js';
import { definition as kittiTrackingProtocol } from './protocols/kitti-tracking.js';
import { definition as kittiTrackingFramesObjectProtocol } from './protocols/kitti-tracking-frames-object.js';
import { definition as mathAnswersProtocol } from './protocols/math-answers.js';
import { definition as metricLearningProtocol } from './protocols/metric-learning.js';
import { definition as metricLearningCars196Protocol } from './protocols/metric-learning-cars196.js';
import { definition as metricLearningCub200Protocol } from './protocols/metric-learning-cub200.js';
import { definition as multi30kDeEn2016Protocol } from './protocols/multi30k-de-en-2016.js';
import { definition as multi30kDeEn2017Protocol } from './protocols/multi30k-de-en-2017.js';
import { definition as multi30kEnDe2016Protocol } from './protocols/multi30k-en-de-2016.js';
import { definition as multi30kEnDe2017Protocol } from './protocols/multi30k-en-de-2017.js';
import { definition as personReidProtocol } from './protocols/person-reid.js';
import { definition as regressionProtocol } from './protocols/regression.js';
import { definition as retrievalTrecProtocol } from './protocols/retrieval-trec.js';
import { definition as superResolutionProtocol } from './protocols/super-resolution.js';
import { definition as superResolutionBsd100X2Protocol } from './protocols/super-resolution-bsd100-x2.js';
import { definition as superResolutionBsd100X3Protocol } from './protocols/super-resolution-bsd100-x3.js';
import { definition as superResolutionBsd100X4Protocol } from './protocols/super-resolution-bsd100-x4.js';
import { definition as superResolutionSet14X2Protocol } from './protocols/super-resolution-set14-x2.js';
import { definition as superResolutionSet14X3Protocol } from './protocols/super-resolution-set14-x3.js';
import { definition as superResolutionSet14X4Protocol } from './protocols/super-resolution-set14-x4.js';
import { definition as superResolutionSet5X2Protocol } from './protocols/super-resolution-set5-x2.js';
import { definition as superResolutionSet5X3Protocol } from './protocols/super-resolution-set5-x3.js';
import { definition as superResolutionSet5X4Protocol } from './protocols/super-resolution-set5-x4.js';
import { definition as superResolutionUrban100X2Protocol } from './protocols/super-resolution-urban100-x2.js';
import { definition as superResolutionUrban100X4Protocol } from './protocols/super-resolution-urban100-x4.js';
import { definition as translationProtocol } from './protocols/translation.js';
import { definition as uciBostonHousingProtocol } from './protocols/uci-boston-housing.js';
import { definition as uciConcreteProtocol } from './protocols/uci-concrete.js';
import { definition as uciEnergyProtocol } from './protocols/uci-energy.js';
import { definition as uciKin8nmProtocol } from './protocols/uci-kin8nm.js';
import { definition as uciPowerPlantProtocol } from './protocols/uci-power-plant.js';
import { definition as uciWineRedProtocol } from './protocols/uci-wine-red.js';
import { definition as uciYachtProtocol } from './protocols/uci-yacht.js';
import { definition as robustbenchCifar10CorruptionsBoard } from './reported/robustbench-cifar10-corruptions.js';
import { definition as robustbenchCifar10L2Board } from './reported/robustbench-cifar10-l2.js';
import { definition as robustbenchCifar10LinfBoard } from './reported/robustbench-cifar10-linf.js';
import { definition as robustbenchCifar100CorruptionsBoard } from './reported/robustbench-cifar100-corruptions.js';
import { definition as robustbenchCifar100LinfBoard } from './reported/robustbench-cifar100-linf.js';
import { definition as robustbenchImagenetCorruptionsBoard } from './reported/robustbench-imagenet-corruptions.js';
import { definition as robustbenchImagenetLinfBoard } from './reported/robustbench-imagenet-linf.js';

export const protocols: readonly PredictionProtocol[] = [
  aime24Protocol,
  aime25Protocol,
  amazonBabyRecommendationProtocol,
  amc23Protocol,
  beirNfcorpusProtocol,
  beirScifactProtocol,
  categoryDiscoveryProtocol,
  certifiedAccuracyProtocol,
  certifiedAccuracyCifar10Protocol,
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
  denoisingBsd68Sigma15Protocol,
  denoisingBsd68Sigma25Protocol,
  denoisingBsd68Sigma50Protocol,
  denoisingSet12Sigma15Protocol,
  denoisingSet12Sigma25Protocol,
  denoisingSet12Sigma50Protocol,
  eurlex4kProtocol,
  faceVerificationProtocol,
  fairnessProtocol,
  imageTextRetrievalProtocol,
  kittiObjectProtocol,
  kittiTrackingProtocol,
  kittiTrackingFramesObjectProtocol,
  mathAnswersProtocol,
  metricLearningProtocol,
  metricLearningCars196Protocol,
  metricLearningCub200Protocol,
  multi30kDeEn2016Protocol,
  multi30kDeEn2017Protocol,
  multi30kEnDe2016Protocol,
  multi30kEnDe2017Protocol,
  personReidProtocol,
  regressionProtocol,
  retrievalTrecProtocol,
  superResolutionProtocol,
  superResolutionBsd100X2Protocol,
  superResolutionBsd100X3Protocol,
  superResolutionBsd100X4Protocol,
  superResolutionSet14X2Protocol,
  superResolutionSet14X3Protocol,
  superResolutionSet14X4Protocol,
  superResolutionSet5X2Protocol,
  superResolutionSet5X3Protocol,
  superResolutionSet5X4Protocol,
  superResolutionUrban100X2Protocol,
  superResolutionUrban100X4Protocol,
  translationProtocol,
  uciBostonHousingProtocol,
  uciConcreteProtocol,
  uciEnergyProtocol,
  uciKin8nmProtocol,
  uciPowerPlantProtocol,
  uciWineRedProtocol,
  uciYachtProtocol,
];

export const reportedBoards: readonly ReportedBoard[] = [
  robustbenchCifar10CorruptionsBoard,
  robustbenchCifar10L2Board,
  robustbenchCifar10LinfBoard,
  robustbenchCifar100CorruptionsBoard,
  robustbenchCifar100LinfBoard,
  robustbenchImagenetCorruptionsBoard,
  robustbenchImagenetLinfBoard,
];
