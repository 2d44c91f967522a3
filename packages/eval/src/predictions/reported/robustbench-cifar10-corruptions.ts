import { robustBoard } from '../robustbench/board.js';

export const definition = robustBoard({
  key: 'robustbench-cifar10-corruptions',
  dataset: 'CIFAR-10',
  threat: 'corruptions',
});
