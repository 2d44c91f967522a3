import { robustBoard } from '../robustbench/board.js';

export const definition = robustBoard({
  key: 'robustbench-cifar100-corruptions',
  dataset: 'CIFAR-100',
  threat: 'corruptions',
});
