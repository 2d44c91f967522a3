import { noisyLabelProtocol } from '../classification/cifar-n.js';

export const definition = noisyLabelProtocol({
  key: 'cifar100n',
  title: 'CIFAR-100N',
  file: 'cifar100n_labels.csv.gz',
  classes: 100,
  noisy: [{ name: 'noisy', column: 'noisy_label', percent: '40.20' }],
});
