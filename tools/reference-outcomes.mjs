/**
 * Derives the shipped reference results again and writes, beside each file of receipts, the per-example outcomes of the primary score
 * and the bootstrap sketches of its runs, and for each board the classes of its test units.
 *
 *   node tools/reference-outcomes.mjs [BENCHMARK …]     all boards whose data is here, or the named ones
 *
 * A run whose score is not its receipt's bit for bit is refused. Outcomes are kept under TOUCHSTONE_HOME on the way, so it may be
 * stopped and started again. Needs a build.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  benchmarkName,
  datasetState,
  decodeShippedOutcomes,
  encodeShippedOutcomes,
  encodeShippedUnits,
  getBenchmark,
  getDataset,
  homeDirectory,
  listBenchmarks,
  metricsOf,
  outcomesBeside,
  receiptsDirectory,
  requestFor,
  runVariant,
  shippedTuning,
  shippedUnitsPath,
  untrainedVariant,
} from '@touchstone/eval';
import { encodeSketch, poissonWeights, sketchMean } from '@touchstone/eval/statistics';

const root = receiptsDirectory();
const kept = join(homeDirectory(), 'cache', 'reference-outcomes');
mkdirSync(kept, { recursive: true });

function write(path, bytes) {
  writeFileSync(`${path}.tmp`, bytes);
  renameSync(`${path}.tmp`, path);
}

function refuse(receipt, message) {
  throw new Error(`${receipt.benchmark} ${receipt.variantHash.slice(0, 12)} seed ${receipt.seed}: ${message}`);
}

function meanOf(values) {
  const counted = values.filter((value) => !Number.isNaN(value));
  return counted.reduce((sum, value) => sum + value, 0) / counted.length;
}

/** Float64 outcomes of the primary score, whose mean is the receipt's score to the last bit. */
async function derived(benchmark, receipt) {
  const { primary } = benchmark.protocol;
  const path = join(kept, `${receipt.digest}.f64`);
  if (!existsSync(path)) {
    const tuning = shippedTuning(receipt.benchmarkHash, receipt.variantHash);
    const result = await runVariant(requestFor(benchmark, receipt.variant, receipt.seed), tuning ? { tuning } : {});
    for (const [key, value] of Object.entries(receipt.scores))
      if (!Object.is(result.scores[key], value))
        refuse(receipt, `${key} is ${result.scores[key]}, the receipt says ${value}`);
    const values = result.outcomes[primary];
    if (!values) refuse(receipt, `${primary} has no outcomes`);
    write(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  const bytes = readFileSync(path);
  const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  if (!Object.is(meanOf(values), receipt.scores[primary]))
    refuse(receipt, `the mean of the outcomes is ${meanOf(values)}, the receipt says ${receipt.scores[primary]}`);
  return values;
}

/** What the engine draws for this board, made sure of by the sketch of one run. */
async function drawing(benchmark) {
  const { primary } = benchmark.protocol;
  const result = await runVariant(
    requestFor(benchmark, untrainedVariant(benchmark).variant, benchmark.protocol.seeds[0]),
  );
  const { groups } = result.units;
  const metric = metricsOf(benchmark.protocol).find(({ outputs }) => outputs.some(({ key }) => key === primary));
  const weights = poissonWeights(metric.resampling === 'query' ? groups : groups.length);
  const own = encodeSketch({ ...sketchMean(result.outcomes[primary], weights), score: result.scores[primary] });
  if (!Buffer.from(own).equals(Buffer.from(result.sketches[primary])))
    throw new Error(`${benchmarkName(benchmark.protocol)}: the engine draws other units`);
  return { units: result.units, weights };
}

/** Refuses a file whose outcomes, as shipped, no longer give the score. */
function checkPacked(bytes, receipts, primary) {
  decodeShippedOutcomes(bytes).runs.forEach(({ outcomes }, i) => {
    const [found, score] = [meanOf(outcomes), receipts[i].scores[primary]];
    if (Math.abs(found - score) > 1e-8 * Math.abs(score))
      refuse(receipts[i], `as shipped, the mean is ${found}, not ${score}`);
  });
}

const named = process.argv.slice(2);
let total = 0;
for (const benchmark of named.length > 0 ? named.map(getBenchmark) : listBenchmarks()) {
  const { protocol } = benchmark;
  const name = benchmarkName(protocol);
  const folder = join(root, name);
  const status = await datasetState(getDataset(protocol.datasets[0].key));
  if (!existsSync(folder) || !['BUNDLED', 'PRESENT'].includes(status.state)) {
    console.log(`${name}: left out, ${existsSync(folder) ? status.message : 'it has no receipts'}`);
    continue;
  }
  const { units, weights } = await drawing(benchmark);
  write(shippedUnitsPath(name), encodeShippedUnits(units));
  for (const file of readdirSync(folder)
    .filter((each) => each.endsWith('.json'))
    .sort()) {
    const path = join(folder, file);
    const receipts = JSON.parse(readFileSync(path, 'utf8'));
    const runs = [];
    for (const receipt of receipts) {
      const outcomes = await derived(benchmark, receipt);
      const sketch = encodeSketch({ ...sketchMean(outcomes, weights), score: receipt.scores[protocol.primary] });
      runs.push({ digest: receipt.digest, outcomes, sketch });
    }
    const bytes = encodeShippedOutcomes({ key: protocol.primary, runs });
    checkPacked(bytes, receipts, protocol.primary);
    write(outcomesBeside(path), bytes);
    total += bytes.length;
    console.log(`${name} ${file}: ${runs.length} runs of ${runs[0].outcomes.length} units, ${bytes.length} bytes`);
  }
}
console.log(`${total} bytes`);
