import { describe, expect, it } from 'vitest';
import { clusters, runContext, trainTask } from '../../../testing/run-context.js';
import { implementation as crossEntropy } from '../../classification/cross-entropy/implement.js';
import type { Progress } from '../../core/slots.js';
import { createTape } from '../../core/tape.js';
import { implementation as proxies } from '../../metric-learning/hyperspherical-nsl/implement.js';
import { implementation } from './implement.js';

describe('back-propagation', () => {
  it('learns separated classes and reports every step', async () => {
    const tape = createTape();
    const run = runContext(tape);
    const batches = clusters(tape, { count: 60, size: 12, classes: 3, inputDim: 4 });
    const objective = crossEntropy.setup(run.context, {});
    const trainer = implementation.setup(run.context, {});
    const task = trainTask(tape, run, { batches, inputDim: 4, hidden: [8], objective });
    const seen: Progress[] = [];
    for await (const progress of trainer.train(task, run.context)) seen.push(progress);
    expect(seen.map(({ step }) => step)).toEqual(batches.map((_, i) => i + 1));
    expect(seen.at(-1)!.loss).toBeLessThan(0.5 * seen[0]!.loss);
    const { x, labels } = batches.at(-1)!;
    expect([...tape.values(tape.argMax(trainer.predict(x), 1))]).toEqual([...labels!]);
    expect(trainer.embed!(x).shape).toEqual([12, 4]);
  });

  it("trains the objective's own variables too, and tells it after each step", async () => {
    const tape = createTape();
    const run = runContext(tape);
    const [batch] = clusters(tape, { count: 1, size: 6, classes: 3, inputDim: 4 });
    const told: number[] = [];
    const objective = {
      ...proxies.setup(run.context, { temperature: 0.5 }),
      afterStep: () => void told.push(run.context.step),
    };
    const own = run.variables().find(({ name }) => name === 'proxies')!;
    const before = [...tape.values(own)];
    const task = trainTask(tape, run, { batches: [batch!, batch!], inputDim: 4, hidden: [], objective });
    const trainer = implementation.setup(run.context, {});
    for await (const _ of trainer.train(task, run.context));
    expect([...tape.values(own)]).not.toEqual(before);
    expect(told).toHaveLength(2);
  });

  it('refuses to predict before training', () => {
    const tape = createTape();
    const trainer = implementation.setup(runContext(tape).context, {});
    expect(() => trainer.predict(tape.fill([1, 4], 0))).toThrow(/before train/);
  });
});
