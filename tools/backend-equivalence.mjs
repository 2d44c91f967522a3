/**
 * Whether a board's mean score is the same on two backends: the default variant over several seeds on each, the paired
 * differences, and two one-sided tests of |difference| < the board's resolution. Trained models differ run by run, so
 * nothing stronger is claimed.
 *
 *   node tools/backend-equivalence.mjs [BENCHMARK=digits-smoke] [SEEDS=10] [BACKEND=webgpu]     against wasm
 *
 * Prints a table; exits 1 where equivalence is not shown at 5 %. Needs a build. TOUCHSTONE_SOFTWARE_GPU=1 lets the CPU
 * serve as the GPU.
 */
import { availableParallelism } from 'node:os';
import { getBenchmark, metricsOf, primaryOutput, resolveVariant } from '@touchstone/eval';
import { componentsAt } from '../packages/eval/dist/engine/tuning.js';
import { train } from '../packages/eval/dist/engine/train.js';
import { equivalence } from '../packages/eval/dist/statistics/equivalence.js';
import { openSource, prepare } from '../packages/eval/dist/tasks/prepare.js';

const [key = 'digits-smoke', count = '10', other = 'webgpu'] = process.argv.slice(2);
const benchmark = getBenchmark(key);
const { protocol, resolution } = benchmark;
const { variant } = resolveVariant(benchmark, {});
const { learningRate, weightDecay } = protocol.space;
const point = { learningRate: learningRate.default, weightDecay: weightDecay.default };
const prepared = await prepare(protocol, await openSource(protocol), 'test');
const primary = primaryOutput(protocol);
const metric = metricsOf(protocol).find(({ outputs }) => outputs.some((output) => output.key === primary.key));

async function scored(backend, seed) {
  const output = await train({
    protocol: { ...protocol, backend },
    prepared,
    components: { ...protocol.fixed, ...componentsAt(protocol, variant, point) },
    seed,
    steps: protocol.steps,
    ...point,
    untrained: false,
    signal: new AbortController().signal,
    onStep: () => undefined,
    onReport: () => undefined,
    onScoring: () => undefined,
  });
  return { score: metric.compute(output.inputs).scores[primary.key], first: output.losses[0], backend: output.backend };
}

const seeds = Array.from({ length: Number(count) }, (_, seed) => seed);
const all = { wasm: [], [other]: [] };
for (const backend of Object.keys(all)) for (const seed of seeds) all[backend].push(await scored(backend, seed));

const differences = seeds.map((seed) => all[other][seed].score - all.wasm[seed].score);
const mean = (values) => values.reduce((total, value) => total + value, 0) / values.length;
const centre = mean(differences);
const deviation = Math.sqrt(differences.reduce((sum, d) => sum + (d - centre) ** 2, 0) / (seeds.length - 1));
const degrees = seeds.length - 1;
const { p } = equivalence({ mean: centre, standardError: deviation / Math.sqrt(seeds.length), degrees }, resolution);

const { adapter, driver, version } = all[other][0].backend;
console.log(`${key}, ${primary.key}, ${seeds.length} seeds, margin ${resolution} (the board's resolution)`);
console.log(`wasm: ${all.wasm[0].backend.version}`);
console.log(`${other}: ${[version, adapter, driver].filter(Boolean).join(', ')}; ${availableParallelism()} cores\n`);
console.log(
  `| seed | wasm | ${other} | difference | first loss, relative difference |\n| --- | --- | --- | --- | --- |`,
);
for (const seed of seeds) {
  const [a, b] = [all.wasm[seed], all[other][seed]];
  const first = Math.abs(b.first - a.first) / Math.abs(a.first);
  console.log(
    `| ${seed} | ${a.score.toFixed(5)} | ${b.score.toFixed(5)} | ${(b.score - a.score).toFixed(5)} | ${first.toExponential(1)} |`,
  );
}
const means = [all.wasm, all[other]].map((runs) => mean(runs.map(({ score }) => score)).toFixed(5));
console.log(`| mean | ${means.join(' | ')} | ${centre.toFixed(5)} | |\n`);
console.log(`standard deviation of the differences ${deviation.toFixed(5)}; equivalence: p = ${p.toPrecision(3)}`);
process.exitCode = p < 0.05 ? 0 : 1;
