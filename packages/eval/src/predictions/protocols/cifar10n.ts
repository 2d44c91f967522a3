import { noisyLabelProtocol } from '../classification/cifar-n.js';

export const definition = noisyLabelProtocol({
  key: 'cifar10n',
  title: 'CIFAR-10N',
  file: 'cifar10n_labels.csv.gz',
  sha256: '80130b6449b197f0e4b45448c4fcb4fd9b0c061527356c4ee44606814040e238',
  classes: 10,
  noisy: [
    { name: 'aggre', column: 'aggre_label', percent: '9.01' },
    { name: 'rand1', column: 'random_label1', percent: '17.23' },
    { name: 'rand2', column: 'random_label2', percent: '18.12' },
    { name: 'rand3', column: 'random_label3', percent: '17.64' },
    { name: 'worst', column: 'worse_label', percent: '40.21' },
  ],
});
