// Written by `npm run gen`. Do not edit: run it again.
import type { MetricPage } from './types.js';
import { definition as abstentionRatePage } from './pages/abstention-rate.js';
import { definition as accuracyPage } from './pages/accuracy.js';
import { definition as adaptiveEcePage } from './pages/adaptive-ece.js';
import { definition as amiPage } from './pages/ami.js';
import { definition as amotaPage } from './pages/amota.js';
import { definition as ariPage } from './pages/ari.js';
import { definition as aurcPage } from './pages/aurc.js';
import { definition as averageCertifiedRadiusPage } from './pages/average-certified-radius.js';
import { definition as avgAtKPage } from './pages/avg-at-k.js';
import { definition as balancedAccuracyPage } from './pages/balanced-accuracy.js';
import { definition as bleuPage } from './pages/bleu.js';
import { definition as bprefPage } from './pages/bpref.js';
import { definition as brierPage } from './pages/brier.js';
import { definition as certifiedAccuracyAtRPage } from './pages/certified-accuracy-at-r.js';
import { definition as chrfPage } from './pages/chrf.js';
import { definition as clusteringAccuracyPage } from './pages/clustering-accuracy.js';
import { definition as cmcKPage } from './pages/cmc-k.js';
import { definition as cocoApPage } from './pages/coco-ap.js';
import { definition as cocoArPage } from './pages/coco-ar.js';
import { definition as coveragePage } from './pages/coverage.js';
import { definition as crossEntropyPage } from './pages/cross-entropy.js';
import { definition as demographicParityGapPage } from './pages/demographic-parity-gap.js';
import { definition as distanceCorrelationPage } from './pages/distance-correlation.js';
import { definition as ecePage } from './pages/ece.js';
import { definition as eerPage } from './pages/eer.js';
import { definition as equalisedOddsGapPage } from './pages/equalised-odds-gap.js';
import { definition as f1Page } from './pages/f1.js';
import { definition as gaussianNllPage } from './pages/gaussian-nll.js';
import { definition as groupRatesPage } from './pages/group-rates.js';
import { definition as idSwitchesPage } from './pages/id-switches.js';
import { definition as imageTextRecallAtKPage } from './pages/image-text-recall-at-k.js';
import { definition as iprecAtRecallPage } from './pages/iprec-at-recall.js';
import { definition as itemRecallAtKPage } from './pages/item-recall-at-k.js';
import { definition as jdcov2Page } from './pages/jdcov2.js';
import { definition as kittiAosPage } from './pages/kitti-aos.js';
import { definition as kittiApPage } from './pages/kitti-ap.js';
import { definition as maePage } from './pages/mae.js';
import { definition as majAtKPage } from './pages/maj-at-k.js';
import { definition as mapAtRPage } from './pages/map-at-r.js';
import { definition as mccPage } from './pages/mcc.js';
import { definition as memorisedPage } from './pages/memorised.js';
import { definition as mostlyTrackedPage } from './pages/mostly-tracked.js';
import { definition as motaPage } from './pages/mota.js';
import { definition as ndcgAtKPage } from './pages/ndcg-at-k.js';
import { definition as nllPage } from './pages/nll.js';
import { definition as nmiPage } from './pages/nmi.js';
import { definition as passAtKPage } from './pages/pass-at-k.js';
import { definition as prAucPage } from './pages/pr-auc.js';
import { definition as precisionAtKPage } from './pages/precision-at-k.js';
import { definition as precisionCutPage } from './pages/precision-cut.js';
import { definition as psnrYPage } from './pages/psnr-y.js';
import { definition as pspAtKPage } from './pages/psp-at-k.js';
import { definition as recallAtKPage } from './pages/recall-at-k.js';
import { definition as recallCutPage } from './pages/recall-cut.js';
import { definition as recipRankPage } from './pages/recip-rank.js';
import { definition as reidMapPage } from './pages/reid-map.js';
import { definition as rmsePage } from './pages/rmse.js';
import { definition as rocAucPage } from './pages/roc-auc.js';
import { definition as rprecPage } from './pages/rprec.js';
import { definition as sharpnessPage } from './pages/sharpness.js';
import { definition as ssimYPage } from './pages/ssim-y.js';
import { definition as successKPage } from './pages/success-k.js';
import { definition as tarAtFarPage } from './pages/tar-at-far.js';
import { definition as top1AgreementPage } from './pages/top-1-agreement.js';
import { definition as topKAccuracyPage } from './pages/top-k-accuracy.js';
import { definition as trackingCountsPage } from './pages/tracking-counts.js';
import { definition as trecMapPage } from './pages/trec-map.js';
import { definition as trecNdcgPage } from './pages/trec-ndcg.js';
import { definition as ufPage } from './pages/uf.js';
import { definition as verificationAccuracyPage } from './pages/verification-accuracy.js';
import { definition as vocApPage } from './pages/voc-ap.js';

export const metricPages: readonly MetricPage[] = [
  abstentionRatePage,
  accuracyPage,
  adaptiveEcePage,
  amiPage,
  amotaPage,
  ariPage,
  aurcPage,
  averageCertifiedRadiusPage,
  avgAtKPage,
  balancedAccuracyPage,
  bleuPage,
  bprefPage,
  brierPage,
  certifiedAccuracyAtRPage,
  chrfPage,
  clusteringAccuracyPage,
  cmcKPage,
  cocoApPage,
  cocoArPage,
  coveragePage,
  crossEntropyPage,
  demographicParityGapPage,
  distanceCorrelationPage,
  ecePage,
  eerPage,
  equalisedOddsGapPage,
  f1Page,
  gaussianNllPage,
  groupRatesPage,
  idSwitchesPage,
  imageTextRecallAtKPage,
  iprecAtRecallPage,
  itemRecallAtKPage,
  jdcov2Page,
  kittiAosPage,
  kittiApPage,
  maePage,
  majAtKPage,
  mapAtRPage,
  mccPage,
  memorisedPage,
  mostlyTrackedPage,
  motaPage,
  ndcgAtKPage,
  nllPage,
  nmiPage,
  passAtKPage,
  prAucPage,
  precisionAtKPage,
  precisionCutPage,
  psnrYPage,
  pspAtKPage,
  recallAtKPage,
  recallCutPage,
  recipRankPage,
  reidMapPage,
  rmsePage,
  rocAucPage,
  rprecPage,
  sharpnessPage,
  ssimYPage,
  successKPage,
  tarAtFarPage,
  top1AgreementPage,
  topKAccuracyPage,
  trackingCountsPage,
  trecMapPage,
  trecNdcgPage,
  ufPage,
  verificationAccuracyPage,
  vocApPage,
];
