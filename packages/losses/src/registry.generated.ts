// Written by `npm run gen`. Do not edit: run it again.
import type { MethodDefinition } from './core/define.js';
import { definition as backpropMethod } from './trainers/backprop/definition.js';
import { definition as compSumMethod } from './classification/comp-sum/definition.js';
import { definition as contrastiveMethod } from './metric-learning/contrastive/definition.js';
import { definition as crossEntropyMethod } from './classification/cross-entropy/definition.js';
import { definition as crreluMethod } from './layers/crrelu/definition.js';
import { definition as focalMethod } from './classification/focal/definition.js';
import { definition as geluMethod } from './layers/gelu/definition.js';
import { definition as hypersphericalNslMethod } from './metric-learning/hyperspherical-nsl/definition.js';
import { definition as labelSmoothingMethod } from './classification/label-smoothing/definition.js';
import { definition as multiSimilarityMethod } from './metric-learning/multi-similarity/definition.js';
import { definition as nopropMethod } from './trainers/noprop/definition.js';
import { definition as psKdMethod } from './distillation/ps-kd/definition.js';
import { definition as reluMethod } from './layers/relu/definition.js';
import { definition as supervisedContrastiveMethod } from './metric-learning/supervised-contrastive/definition.js';
import { definition as tripletMethod } from './metric-learning/triplet/definition.js';

export const methods: readonly MethodDefinition[] = [
  backpropMethod,
  compSumMethod,
  contrastiveMethod,
  crossEntropyMethod,
  crreluMethod,
  focalMethod,
  geluMethod,
  hypersphericalNslMethod,
  labelSmoothingMethod,
  multiSimilarityMethod,
  nopropMethod,
  psKdMethod,
  reluMethod,
  supervisedContrastiveMethod,
  tripletMethod,
];

export const pages: Readonly<Record<string, string>> = {
};
