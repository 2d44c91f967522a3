import { robustBoard } from '../robustbench/board.js';

export const definition = robustBoard({
  key: 'robustbench-cifar10-linf',
  dataset: 'CIFAR-10',
  threat: 'Linf',
  bound: 'Linf norm at most 8/255',
});
