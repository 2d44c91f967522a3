import { describe, expect, it } from 'vitest';
import { submitCommand } from './command';

const input = {
  benchmark: 'letter-retrieval',
  method: 'multi-similarity',
  params: {},
  division: null,
  learningRate: null,
  weightDecay: null,
};

describe('submitCommand', () => {
  it('names what differs from the defaults only', () => {
    expect(submitCommand({ ...input, params: { alpha: 2.5 }, division: 'OPEN', learningRate: 0.003 })).toBe(
      'npx touchstone submit -b letter-retrieval -m multi-similarity -p alpha=2.5 -d OPEN --learning-rate 0.003 --watch',
    );
  });
  it('quotes what a shell would read', () => {
    expect(submitCommand({ ...input, params: { mode: "a'; rm -rf x" } })).toContain(`-p 'mode=a'\\''; rm -rf x'`);
  });
});
