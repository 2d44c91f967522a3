/**
 * Computes the reference results that ship with the release: tuning records and receipts of every board's untrained
 * row, baseline and accepted methods, tuned and at published defaults, over the protocol's seeds.
 *
 *   node tools/reference-results.mjs [BENCHMARK …]     all boards whose data is here, or the named ones
 *
 * What stands in packages/eval/receipts and fits the protocol is kept, so it may be stopped and started again. Needs a build.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  acceptedMethods,
  benchmarkName,
  datasetState,
  forkRun,
  getBenchmark,
  getDataset,
  listBenchmarks,
  receiptsDirectory,
  requestFor,
  resolveVariant,
  summarise,
  untrainedVariant,
  verifyReceipt,
} from '@touchstone/eval';

const root = receiptsDirectory();

const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined);
const write = (path, value) => {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(`${path}.tmp`, `${JSON.stringify(value)}\n`);
  renameSync(`${path}.tmp`, path);
};

/** Variants that a paper's claim is about, beside every method at its own defaults. */
const CLAIMED = {
  // Mao et al. 2023: τ = 0 (sum-exponential) and τ = 2 (mean absolute error) are worse than τ = 1.
  'letter-classification': [
    { method: 'comp-sum', params: { tau: 0 } },
    { method: 'comp-sum', params: { tau: 2 } },
  ],
};

function jobs(benchmark, division, baselineOnly) {
  const { slot } = benchmark.protocol;
  const methods = acceptedMethods(benchmark, slot)
    .filter(({ accepted }) => accepted)
    .map(({ method }) => method.key)
    .sort((a, b) => Number(b === benchmark.baseline.method) - Number(a === benchmark.baseline.method));
  const rows = methods.map((method) => {
    const params = method === benchmark.baseline.method ? benchmark.baseline.params : {};
    return { file: `${division.toLowerCase()}-${method}`, ...resolveVariant(benchmark, { method, params, division }) };
  });
  if (division === 'PLATFORM_TUNED')
    for (const { method, params } of CLAIMED[benchmark.protocol.key] ?? []) {
      const named = Object.entries(params).map(([name, value]) => `${name}-${value}`);
      rows.push({
        file: [division.toLowerCase(), method, ...named].join('-'),
        ...resolveVariant(benchmark, { method, params, division }),
      });
    }
  if (division === 'PLATFORM_TUNED') return baselineOnly ? rows.slice(0, 1) : rows;
  return [{ file: 'untrained', label: 'untrained', ...untrainedVariant(benchmark) }, ...rows];
}

/** The receipts of one row, those that exist kept; the tuning record is stored when a run computed it. */
async function row(benchmark, job) {
  const { protocol } = benchmark;
  const name = benchmarkName(protocol);
  const path = join(root, name, `${job.file}.json`);
  const tuningPath = join(root, 'tuning', `${name}-${job.file}.json`);
  const kept = (read(path) ?? []).filter(
    (receipt) => receipt.variantHash === job.variantHash && verifyReceipt(receipt).valid,
  );
  let tuning = read(tuningPath);
  const hash = requestFor(benchmark, job.variant, 0).benchmarkHash;
  if (tuning && (tuning.benchmarkHash !== hash || tuning.variantHash !== job.variantHash)) tuning = undefined;
  const receipts = [];
  for (const seed of protocol.seeds) {
    const known = kept.find((receipt) => receipt.seed === seed);
    if (known) {
      receipts.push(known);
      continue;
    }
    const { result, failure } = await forkRun(requestFor(benchmark, job.variant, seed), {
      tuning,
      timeLimitMs: 3_600_000,
      heartbeatMs: 120_000,
    }).promise;
    if (failure) {
      console.log(`${name} ${job.file} seed ${seed}: ${failure.reason} ${failure.message}`);
      continue;
    }
    if (result.tuning && !tuning) write(tuningPath, (tuning = result.tuning));
    receipts.push(result.receipt);
    write(path, receipts);
  }
  return receipts;
}

function line(benchmark, job, receipts) {
  const { primary } = benchmark.protocol;
  if (receipts.length === 0) return `${job.file}: no receipt`;
  const { mean, deviation } = summarise(receipts.map((receipt) => receipt.scores[primary]));
  const seconds = receipts.reduce((sum, receipt) => sum + receipt.resources.cpuMs, 0) / receipts.length / 1000;
  const flags = [
    receipts.some((receipt) => receipt.convergence === 'NOT_CONVERGED') ? 'NOT_CONVERGED' : '',
    receipts.some((receipt) => receipt.tuned?.edge) ? 'EDGE' : '',
  ];
  const chosen = receipts[0].tuned;
  const point = chosen ? `rate ${chosen.learningRate} decay ${chosen.weightDecay} scale ${chosen.scale ?? '–'}` : '';
  return `${job.file.padEnd(44)} ${mean.toFixed(4)} ± ${(deviation ?? 0).toFixed(4)}  n ${receipts.length}  ${seconds.toFixed(1)} s  ${point} ${flags.join(' ')}`;
}

const named = process.argv.slice(2);
const boards = named.length > 0 ? named.map(getBenchmark) : listBenchmarks();
// What is cheap for every board, and what every board needs, comes before what is dear for one.
const passes = [
  { division: 'PUBLISHED_DEFAULTS', baselineOnly: false },
  { division: 'PLATFORM_TUNED', baselineOnly: true },
  { division: 'PLATFORM_TUNED', baselineOnly: false },
];
for (const { division, baselineOnly } of passes) {
  for (const benchmark of boards) {
    const status = await datasetState(getDataset(benchmark.protocol.datasets[0].key));
    console.log(`\n${benchmarkName(benchmark.protocol)}, ${division} (${benchmark.protocol.primary})`);
    if (!['BUNDLED', 'PRESENT'].includes(status.state)) {
      console.log(`left out: ${status.message}`);
      continue;
    }
    for (const job of jobs(benchmark, division, baselineOnly))
      console.log(line(benchmark, job, await row(benchmark, job)));
  }
}
