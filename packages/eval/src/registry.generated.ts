// Written by `npm run gen`. Do not edit: run it again.
import type { BenchmarkDefinition, DatasetDefinition, MetricDefinition } from './core/types.js';
import { definition as cub200First50Thumb64Dataset } from './datasets/cub200-first50-thumb64.js';
import { definition as digitsDataset } from './datasets/digits.js';
import { definition as fashionMnistDataset } from './datasets/fashion-mnist.js';
import { definition as letterRecognitionDataset } from './datasets/letter-recognition.js';
import { definition as mnistDataset } from './datasets/mnist.js';
import { definition as accuracyMetric } from './metrics/accuracy.js';
import { definition as aurcMetric } from './metrics/aurc.js';
import { definition as brierMetric } from './metrics/brier.js';
import { definition as eceMetric } from './metrics/ece.js';
import { definition as mapAtRMetric } from './metrics/map-at-r.js';
import { definition as negativeLogLikelihoodMetric } from './metrics/negative-log-likelihood.js';
import { definition as recallAtKMetric } from './metrics/recall-at-k.js';
import { definition as topKMetric } from './metrics/top-k.js';
import { definition as cub50Thumb64RetrievalBenchmark } from './benchmarks/cub50-thumb64-retrieval.js';
import { definition as digitsSmokeBenchmark } from './benchmarks/digits-smoke.js';
import { definition as letterClassificationBenchmark } from './benchmarks/letter-classification.js';
import { definition as letterClassificationTrainersBenchmark } from './benchmarks/letter-classification-trainers.js';
import { definition as letterRetrievalBenchmark } from './benchmarks/letter-retrieval.js';
import { definition as mnist5kBenchmark } from './benchmarks/mnist-5k.js';
import { definition as mnist5kLayersBenchmark } from './benchmarks/mnist-5k-layers.js';

export const datasets: readonly DatasetDefinition[] = [
  cub200First50Thumb64Dataset,
  digitsDataset,
  fashionMnistDataset,
  letterRecognitionDataset,
  mnistDataset,
];

export const metrics: readonly MetricDefinition[] = [
  accuracyMetric,
  aurcMetric,
  brierMetric,
  eceMetric,
  mapAtRMetric,
  negativeLogLikelihoodMetric,
  recallAtKMetric,
  topKMetric,
];

export const benchmarks: readonly BenchmarkDefinition[] = [
  cub50Thumb64RetrievalBenchmark,
  digitsSmokeBenchmark,
  letterClassificationBenchmark,
  letterClassificationTrainersBenchmark,
  letterRetrievalBenchmark,
  mnist5kBenchmark,
  mnist5kLayersBenchmark,
];
