import { robustBoard } from '../robustbench/board.js';

export const definition = robustBoard({
  key: 'robustbench-imagenet-linf',
  dataset: 'ImageNet',
  threat: 'Linf',
  bound: 'Linf norm at most 4/255',
});
