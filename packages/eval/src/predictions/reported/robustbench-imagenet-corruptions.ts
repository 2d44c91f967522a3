import { robustBoard } from '../robustbench/board.js';

export const definition = robustBoard({
  key: 'robustbench-imagenet-corruptions',
  dataset: 'ImageNet',
  threat: 'corruptions',
});
