import { malformed } from '../predictions/errors.js';
import { certificationLogs } from '../predictions/certification/cifar10-labels.js';
import type { ImportSource } from './types.js';

const PAPER = 'Cohen, Rosenfeld, Kolter 2019, Certified Adversarial Robustness via Randomized Smoothing';
const LOG = /\/([a-z0-9]+)\/noise_([\d.]+)\/test\/sigma_([\d.]+)$/;

const ARCHITECTURES: Readonly<Record<string, string>> = { resnet110: 'ResNet-110' };

export const certifiedLogs: ImportSource = {
  key: 'certified-logs',
  title: 'Certification logs of Cohen et al. 2019',
  summary:
    'CIFAR-10 logs of smoothed ResNet-110s, one row a network and smoothing noise: scored again on certified-accuracy-cifar10.',
  folder: 'smoothing_certify_logs',
  citation: `${PAPER}, ICML; https://github.com/locuslab/smoothing (78a4d94), no licence stated`,
  async rows(folder) {
    return (await certificationLogs(folder)).map((path) => {
      const [, network, trained, smoothed] = LOG.exec(path) ?? [];
      if (!network) throw malformed(path, {}, 'another place', 'certify/cifar10/NETWORK/noise_σ/test/sigma_σ');
      const architecture = ARCHITECTURES[network] ?? network;
      return {
        claim: 'SUBMITTED',
        benchmark: 'certified-accuracy-cifar10',
        name: `${architecture}, trained with noise ${trained}, σ = ${smoothed} (Cohen et al. 2019)`,
        files: [path],
        note: `Published log of ${PAPER}; https://github.com/locuslab/smoothing (78a4d94).`,
      };
    });
  },
};
