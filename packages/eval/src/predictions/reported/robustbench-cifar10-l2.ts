import { robustBoard } from '../robustbench/board.js';

export const definition = robustBoard({
  key: 'robustbench-cifar10-l2',
  dataset: 'CIFAR-10',
  threat: 'L2',
  bound: 'L2 norm at most 0.5',
});
