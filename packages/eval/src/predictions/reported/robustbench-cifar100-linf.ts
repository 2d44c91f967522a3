import { robustBoard } from '../robustbench/board.js';

export const definition = robustBoard({
  key: 'robustbench-cifar100-linf',
  dataset: 'CIFAR-100',
  threat: 'Linf',
  bound: 'Linf norm at most 8/255',
});
