/** One training under a protocol: data in, scores of the held items out. */
import { performance } from 'node:perf_hooks';
import type { TrainingSession } from '@touchstone/losses/backend';
import { forbidMathRandom, openSession } from '@touchstone/losses/backend';
import type { Tensor } from '@touchstone/losses';
import type {
  Batch,
  Layer,
  Objective,
  RunContext,
  Slot,
  SlotContracts,
  Trainer,
  TrainTask,
} from '@touchstone/losses/meta';
import { philox } from '@touchstone/losses/meta';
import { methodOf } from '../core/methods.js';
import type { ComponentRef, MetricInputs, Protocol, Receipt } from '../core/types.js';
import { cachedPca } from '../features/cached-pca.js';
import { initialValues } from '../models/initial.js';
import type { Maker, NetShape } from '../models/net.js';
import { buildMlp, buildNet } from '../models/net.js';
import type { Prepared } from '../tasks/prepare.js';
import { softmaxRows } from '../tasks/probabilities.js';
import type { Facts } from './context.js';
import { openContexts } from './context.js';
import { Cancelled, MethodFailure, NonFinite } from './failure.js';
import { batchRows, batchSize, stepsPerEpoch } from './samplers.js';
import { rateAt } from './schedule.js';

export type Components = Readonly<Partial<Record<Slot, ComponentRef>>>;

export interface TrainingInput {
  readonly protocol: Protocol;
  readonly prepared: Prepared;
  readonly components: Components;
  readonly seed: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly untrained: boolean;
  readonly signal: AbortSignal;
  onStep(step: number, loss: number, rate: number): void;
  onReport(series: string, step: number, value: number): void;
  onScoring(): void;
}

export interface TrainingOutput {
  readonly inputs: MetricInputs;
  readonly losses: Float64Array;
  readonly stepsPerEpoch: number;
  readonly flops: number;
  readonly backend: Receipt['backend'];
  readonly plan: string;
}

/** Gives timers and messages their turn; a blocked event loop cannot hear a cancellation. */
const BREATH_MS = 40;
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function load<S extends Slot>(slot: S, ref: ComponentRef, ctx: RunContext): Promise<SlotContracts[S]> {
  const method = methodOf(ref.method);
  try {
    const implementation = await method.load();
    return implementation.setup(ctx, ref.params as never) as SlotContracts[S];
  } catch (error) {
    throw new MethodFailure(`${slot} ${ref.method}`, error);
  }
}

/** Trains, or not when `untrained`, and evaluates. Throws NonFinite, Cancelled, MethodFailure and what data and backend throw. */
export async function train(input: TrainingInput): Promise<TrainingOutput> {
  const session = await openSession({ backend: input.protocol.backend });
  const allow = forbidMathRandom();
  try {
    return await new Training(session, input).run();
  } finally {
    allow();
    session.close();
  }
}

class Training {
  private readonly facts: Facts;
  private readonly contexts;
  private readonly made = new Map<string, number>();
  private readonly activations = new Map<string, Layer>();
  private losses = new Float64Array();

  constructor(
    private readonly session: TrainingSession,
    private readonly input: TrainingInput,
  ) {
    const { protocol, prepared, steps, seed } = input;
    this.losses = new Float64Array(steps);
    this.facts = {
      step: 0,
      stepsPerEpoch: stepsPerEpoch(protocol.batch, prepared.train.n),
      totalSteps: steps,
      trainSize: prepared.train.n,
      classes: prepared.classes,
      embeddingDim: protocol.model.embeddingDim,
    };
    this.contexts = openContexts(session, seed, this.facts, (series, value) =>
      input.onReport(series, this.facts.step, value),
    );
  }

  async run(): Promise<TrainingOutput> {
    const { protocol, prepared, components, untrained } = this.input;
    const shape = this.shape();
    const maker = await this.maker(components.layer!);
    let answer: Pick<Trainer, 'predict' | 'embed'>;
    if (untrained) {
      const net = buildNet(maker, protocol, shape);
      // What training must improve on in retrieval are the features as they come.
      answer = { predict: (x) => net.logits(x), embed: (x) => x };
    } else {
      answer = await this.trained(maker, shape);
    }
    this.input.onScoring();
    const { scored } = prepared;
    if (protocol.task === 'retrieval') {
      const embeddings = untrained
        ? scored.features
        : await this.predict((x) => this.guard('trainer', () => answer.embed!(x)), scored.features);
      const width = embeddings.length / scored.n;
      return this.output({ embeddings, labels: scored.labels, n: scored.n, width });
    }
    const logits = await this.predict((x) => this.guard('trainer', () => answer.predict(x)), scored.features);
    const probabilities = softmaxRows(logits, prepared.classes);
    return this.output({ probabilities, labels: scored.labels, n: scored.n, width: prepared.classes });
  }

  private output(inputs: MetricInputs): TrainingOutput {
    const { name, version, plan, adapter, driver } = this.session.info;
    return {
      inputs,
      losses: this.losses,
      stepsPerEpoch: this.facts.stepsPerEpoch,
      flops: this.session.flops(),
      backend: { name, version, ...(adapter === undefined ? {} : { adapter, driver }) },
      plan,
    };
  }

  private shape(): NetShape {
    const { protocol, prepared } = this.input;
    const { width, classes, train: rows } = prepared;
    if (protocol.model.initialisation !== 'pca') return { width, classes };
    return { width, classes, pca: cachedPca(rows.features, rows.n, width, protocol.model.embeddingDim) };
  }

  /** Names of variables are unique in a session; a second net starts from the values of the first. */
  private async maker(layer: ComponentRef): Promise<Maker> {
    const { seed } = this.input;
    const method = methodOf(layer.method);
    const implementation = await method.load();
    return {
      ops: this.session.ops,
      variable: (name, shape, init, decay) => {
        const copies = this.made.get(name) ?? 0;
        this.made.set(name, copies + 1);
        const values = initialValues(shape, init, () => philox(seed, `init/${name}`));
        return this.session.variable(copies === 0 ? name : `${name}#${copies}`, shape, values, { decay });
      },
      activation: (position) => {
        const known = this.activations.get(position);
        if (known) return known;
        const apply = this.guard(`layer ${layer.method}`, () =>
          implementation.setup(this.contexts.scope(`layer/${position}`), layer.params as never),
        ) as Layer;
        this.activations.set(position, apply);
        return apply;
      },
    };
  }

  private async trained(maker: Maker, shape: NetShape): Promise<Trainer> {
    const { protocol, prepared, components, signal } = this.input;
    const objective = await this.objective();
    const ctx = this.contexts.scope('trainer');
    const trainer = await load('trainer', components.trainer!, ctx);
    const rate = (): number =>
      rateAt(protocol.optimiser.schedule, this.input.learningRate, this.facts.step, this.facts.totalSteps);
    const optimiser = this.session.optimiser({
      kind: protocol.optimiser.kind,
      momentum: protocol.optimiser.momentum,
      weightDecay: this.input.weightDecay,
      learningRate: rate,
    });
    const task: TrainTask = {
      makeNet: () => buildNet(maker, protocol, shape),
      makeMlp: (scope, sizes) => buildMlp(maker, protocol, scope, sizes),
      objective,
      methodVariables: () => this.contexts.variables(),
      minimise: async (loss, variables) => {
        const value = await optimiser.minimise(loss, variables);
        if (!Number.isFinite(value)) throw new NonFinite('the loss or its gradient', this.facts.step);
        return value;
      },
      batches: () => this.batches(objective),
      steps: this.facts.totalSteps,
      inputDim: prepared.width,
      hidden: [...protocol.model.hidden, protocol.model.embeddingDim],
    };
    let breath = performance.now();
    try {
      for await (const { loss } of trainer.train(task, ctx)) {
        const step = this.facts.step;
        if (!Number.isFinite(loss)) throw new NonFinite('the loss', step);
        this.losses[step] = loss;
        const used = rate();
        this.facts.step++;
        this.input.onStep(step + 1, loss, used);
        if (performance.now() - breath >= BREATH_MS) {
          await breathe();
          breath = performance.now();
        }
        if (signal.aborted) throw new Cancelled();
      }
    } catch (error) {
      if (error instanceof NonFinite || error instanceof Cancelled || error instanceof MethodFailure) throw error;
      throw new MethodFailure(this.named(), error);
    }
    return trainer;
  }

  private named(): string {
    const { components } = this.input;
    return [components.objective, components.regulariser, components.trainer]
      .flatMap((ref) => (ref ? [ref.method] : []))
      .join(' + ');
  }

  /** The objective with its regulariser, if the variant has one, as a sum. */
  private async objective(): Promise<Objective> {
    const { components } = this.input;
    const main = await load('objective', components.objective!, this.contexts.scope('objective'));
    if (!components.regulariser) return main;
    const extra = await load('regulariser', components.regulariser, this.contexts.scope('regulariser'));
    const { ops } = this.session;
    return {
      views: Math.max(main.views ?? 0, extra.views ?? 0),
      loss: (batch, net) => ops.add(main.loss(batch, net), extra.loss(batch, net)),
      afterStep: async (batch) => {
        await main.afterStep?.(batch);
        await extra.afterStep?.(batch);
      },
      ...(main.sampleWeights ? { sampleWeights: main.sampleWeights.bind(main) } : {}),
    };
  }

  private *batches(objective: Objective): Generator<Batch> {
    const { protocol, prepared, seed } = this.input;
    const { width, train: rows } = prepared;
    const weights = objective.sampleWeights?.({ labels: rows.labels });
    const size = Math.min(batchSize(protocol.batch), protocol.batch.kind === 'uniform' ? rows.n : Infinity);
    const values = new Float32Array(size * width);
    for (const ids of batchRows(protocol.batch, rows.labels, this.facts.totalSteps, philox(seed, 'batch'), weights)) {
      ids.forEach((id, i) => values.set(rows.features.subarray(id * width, (id + 1) * width), i * width));
      const x = this.session.tensor(values, [ids.length, width]);
      const views = new Array<Tensor>(objective.views ?? 0).fill(x);
      try {
        yield { ids, x, views, labels: Int32Array.from(ids, (id) => rows.labels[id]!) };
      } finally {
        this.session.ops.release(x);
      }
    }
  }

  private guard<T>(who: string, body: () => T): T {
    try {
      return body();
    } catch (error) {
      throw new MethodFailure(who, error);
    }
  }

  private async predict(answer: (x: Tensor) => Tensor, rows: Float32Array): Promise<Float32Array> {
    const out = await this.session.predict(answer, rows, [this.input.prepared.width]);
    for (let i = 0; i < out.length; i++)
      if (!Number.isFinite(out[i]!)) throw new NonFinite('an output of the net', this.facts.step);
    if (this.input.signal.aborted) throw new Cancelled();
    return out;
  }
}
