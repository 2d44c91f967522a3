/** Measures the implementations of one case in turns, so that what else the machine does falls on all of them. */
import { once } from 'node:events';
import { launch } from './process.mjs';
import { quantile } from './statistics.mjs';

class Participant {
  constructor(suite, each, implementation) {
    this.implementation = implementation;
    this.samples = [];
    this.failure = implementation.absent ?? null;
    if (!this.failure) this.process = launch(suite, each, implementation);
  }

  /** The next message; a failure or the end of the process ends the participation. */
  async hear() {
    const heard = new AbortController();
    const { signal } = heard;
    const { events } = this.process;
    const [message, reason] = await Promise.race([
      once(events, 'message', { signal }).then(([value]) => [value]),
      once(events, 'exit', { signal }).then(([why]) => [undefined, why]),
    ]);
    heard.abort();
    if (message && message.kind !== 'failed') return message;
    this.failure = message ? message.message : reason;
    return undefined;
  }

  async ask(what) {
    this.failure = this.process.ended() ?? null;
    if (this.failure) return undefined;
    this.process.send(what);
    return this.hear();
  }
}

function disagreement(check, expected, tolerance) {
  if (check.length !== expected.length) return `gives ${check.length} values for ${expected.length}`;
  const at = check.findIndex(
    (value, i) => !(Math.abs(value - expected[i]) <= tolerance * Math.max(1, Math.abs(expected[i]))),
  );
  return at < 0 ? null : `does other work: value ${at} is ${check[at]}, expected ${expected[at]} within ${tolerance}`;
}

function row(each, { implementation, samples, failure, backend, peakBytes }, reference) {
  const of = (key, p = 0.5) =>
    failure
      ? null
      : quantile(
          samples.map((sample) => sample[key]),
          p,
        );
  // Paired by round: both were measured within the same moments.
  const paired = (key) =>
    failure || reference.failure
      ? null
      : quantile(
          samples.map((sample, i) => sample[key] / reference.samples[i][key]),
          0.5,
        );
  return {
    case: each.name,
    implementation: implementation.name,
    ...each.sizes,
    cpuMs: of('cpuMs'),
    wallMs: of('wallMs'),
    peakBytes: failure ? null : peakBytes,
    ratio: paired('cpuMs'),
    wallRatio: paired('wallMs'),
    cpuMsQuartiles: failure ? null : [of('cpuMs', 0.25), of('cpuMs', 0.75)],
    repeats: samples.length,
    failure,
    backend: backend ?? null,
  };
}

/** → { rows, failures }: `failures` are what must not be (an alternative that cannot do the work is only a row). */
export async function measureCase(suite, each, repeat, progress) {
  const participants = [];
  try {
    for (const implementation of each.implementations) {
      progress(`${each.name}: warming ${implementation.name}`);
      const participant = new Participant(suite, each, implementation);
      participants.push(participant);
      const ready = participant.failure ? undefined : await participant.hear();
      if (!ready) continue;
      Object.assign(participant, { backend: ready.backend, check: ready.check });
      const expected = participants[0].check;
      if (expected && ready.check) participant.failure = disagreement(ready.check, expected, each.tolerance);
      if (participant.failure) participant.mistaken = true;
    }
    for (let round = 0; round < repeat; round++) {
      progress(`${each.name}: round ${round + 1} of ${repeat}`);
      // Nobody is always first.
      const order = participants.map((_, i) => participants[(i + round) % participants.length]);
      for (const participant of order) {
        if (participant.failure) continue;
        const sample = await participant.ask('sample');
        if (sample) participant.samples.push({ cpuMs: sample.cpuMs, wallMs: sample.wallMs });
      }
    }
    for (const participant of participants)
      if (!participant.failure) participant.peakBytes = (await participant.ask('end'))?.peakBytes ?? null;
  } finally {
    for (const participant of participants) participant.process?.stop();
  }
  return {
    rows: participants.map((participant) => row(each, participant, participants[0])),
    failures: participants
      .filter(({ failure, mistaken, implementation }) => failure && (mistaken || !implementation.alternative))
      .map(({ failure, implementation }) => `${each.name}: ${implementation.name}: ${failure}`),
  };
}
