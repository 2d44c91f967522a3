import { noisyLabelProtocol } from '../classification/cifar-n.js';

export const definition = noisyLabelProtocol({
  key: 'cifar100n',
  title: 'CIFAR-100N',
  file: 'cifar100n_labels.csv.gz',
  sha256: 'dfdb13bae3b1e103e2e753c385d2bf4e628ed5c6d1c0adc12f2f94dbef4c6dc7',
  classes: 100,
  noisy: [{ name: 'noisy', column: 'noisy_label', percent: '40.20' }],
});
