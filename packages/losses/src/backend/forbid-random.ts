/* eslint-disable no-restricted-properties -- this file is what enforces the rule at run time */
import { LossError } from '../core/errors.js';

/** Makes Math.random throw until the returned function is called: inside a run every number comes from a seed. */
export function forbidMathRandom(): () => void {
  const original = Math.random;
  Math.random = () => {
    throw new LossError('DOMAIN', 'Math.random was called inside a run; take numbers from ctx.rng(stream)');
  };
  return () => {
    Math.random = original;
  };
}
