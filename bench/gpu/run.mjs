/**
 * Forward and backward pass of NT-Xent by the WGSL kernels, one JSON line for each size:
 * node run.mjs [--toy] [--tune] [--n 4096,8192] [--dim 128,512] [--storage f32,f16] [--peak TFLOPS] [--bandwidth GB/s] [--out FILE]
 */
import { appendFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    toy: { type: 'boolean', default: false },
    tune: { type: 'boolean', default: false },
    n: { type: 'string' },
    dim: { type: 'string' },
    storage: { type: 'string', default: 'f32,f16' },
    peak: { type: 'string' },
    bandwidth: { type: 'string' },
    repeats: { type: 'string', default: '5' },
    out: { type: 'string' },
  },
});
const list = (text, otherwise) => (text ? text.split(',').map(Number) : otherwise);
const sizes = list(options.n, options.toy ? [64, 200] : [4096, 8192, 16384, 32768, 65536, 131072, 262144]);
const dimensions = list(options.dim, options.toy ? [16, 30] : [128, 512, 768]);
const TEMPERATURE = 0.1;

const beside = new URL('./pairwise.mjs', import.meta.url);
const engine = await import(
  existsSync(fileURLToPath(beside)) ? beside.href : await (await import('./pack.mjs')).bundle()
);
const { derivative, expression: e, PairwiseEngine, Timer } = engine;

if (options.toy) process.env.TOUCHSTONE_SOFTWARE_GPU = '1';
const gpu = await engine.openDevice();
const lanes = await engine.subgroupLanes(gpu);
console.log(
  JSON.stringify(
    { adapter: gpu.adapter, features: [...gpu.features].sort(), limits: gpu.limits, subgroupLanes: lanes },
    null,
    1,
  ),
);

/** Peak float32 TFLOP/s without tensor cores and GB/s of memory, from the makers' data sheets. */
const ROOFS = [
  [/H200/i, 66.9, 4800],
  [/H100.*PCIe/i, 51.2, 2000],
  [/H100/i, 66.9, 3350],
  [/A100/i, 19.5, 2039],
  [/L40S/i, 91.6, 864],
  [/\bL4\b/i, 30.3, 300],
  [/A10G?\b/i, 31.2, 600],
  [/V100/i, 15.7, 900],
  [/\bT4\b/i, 8.1, 320],
  [/RTX 4090/i, 82.6, 1008],
  [/RTX 3090/i, 35.6, 936],
];
const known = ROOFS.find(([name]) => name.test(`${gpu.adapter.device} ${gpu.adapter.description}`));
const peak = options.peak ? Number(options.peak) : known?.[1];
const bandwidth = options.bandwidth ? Number(options.bandwidth) : known?.[2];

// NT-Xent (Chen et al., 2020) over 2N views; view i's partner is view i ± N. L = mean_i (lse_{j≠i} s_ij/τ − s_i,partner/τ).
const logits = e.mul(e.score, e.uniform('scale'));
const statistics = [
  engine.statistic('logSumExp', logits, { over: e.not(e.sameIndex) }),
  engine.statistic('sum', logits, { over: e.sameId('partner', 'index') }),
];
const slope = derivative(logits, { kind: 'score' });
const share = e.exp(e.sub(e.sub(logits, e.row('value')), e.row('residual')));
const weight = e.add(
  e.select(statistics[0].over, e.mul(e.mul(e.row('up'), share), slope), 0),
  e.select(statistics[1].over, e.mul(e.row('down'), slope), 0),
);
const forward = engine.forwardProgram('nt-xent', statistics);
const backward = engine.backwardProgram('nt-xent', weight);

const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
let held = 0;
const made = [];
function buffer(length, values) {
  const created = gpu.device.createBuffer({ size: Math.max(16, 4 * length), usage });
  held += created.size;
  made.push(created);
  if (values) gpu.device.queue.writeBuffer(created, 0, values);
  return created;
}

/** Unit rows. */
function embeddings(n, d) {
  const x = new Float32Array(n * d);
  let state = 12345;
  for (let i = 0; i < n; i++) {
    let norm = 0;
    for (let k = 0; k < d; k++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      const v = state / 2 ** 31;
      x[i * d + k] = v;
      norm += v * v;
    }
    for (let k = 0; k < d; k++) x[i * d + k] /= Math.sqrt(norm);
  }
  return x;
}

async function download(from, length) {
  const copy = gpu.device.createBuffer({ size: 4 * length, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = gpu.device.createCommandEncoder();
  encoder.copyBufferToBuffer(from, 0, copy, 0, 4 * length);
  gpu.device.queue.submit([encoder.finish()]);
  await copy.mapAsync(GPUMapMode.READ);
  const values = new Float32Array(copy.getMappedRange()).slice();
  copy.destroy();
  return values;
}

/** Largest relative distance to float64 of value and gradient; only where the loops in JavaScript end in time. */
function check(n, d, x, out, da, arrays) {
  const matrix = { data: x, rows: n, columns: d };
  const operands = { ...arrays, a: matrix, b: matrix, rowFields: {}, columnFields: {}, relations: {} };
  const exact = new Float64Array(3 * n);
  engine.referenceForward(forward, operands, exact);
  const fields = {
    up: new Float64Array(n).fill(1 / n),
    down: new Float64Array(n).fill(-1 / n),
    value: exact.subarray(0, n),
    residual: exact.subarray(n, 2 * n),
  };
  const gradient = new Float64Array(n * d);
  engine.referenceBackward(backward, { ...operands, rowFields: fields }, gradient, gradient);
  const distance = (found, right) => {
    let [difference, size] = [0, 0];
    for (let k = 0; k < right.length; k++) {
      difference += (found[k] - right[k]) ** 2;
      size += right[k] ** 2;
    }
    return Math.sqrt(difference / size);
  };
  return { valueError: distance(out.subarray(0, n), exact.subarray(0, n)), gradientError: distance(da, gradient) };
}

async function planOf(shape) {
  if (options.toy) return engine.DEFAULT_PLAN;
  const remembered = await engine.rememberedPlan(gpu, shape, './plans.json');
  if (remembered) return remembered;
  if (!options.tune) return shape.n >= 16384 ? engine.PLAN_128 : engine.PLAN_64;
  const plans = engine.candidates(gpu.limits, lanes, shape.storage);
  const report = (plan, ms) => console.error(`  ${ms.toFixed(2).padStart(9)} ms  ${plan}`);
  return engine.tune(gpu, shape, plans, { file: './plans.json', report });
}

async function measure(n, d, storage) {
  const plan = { ...(await planOf({ n, m: n, d, shared: true, storage })), storage };
  held = 0;
  const x = embeddings(n, d);
  const partner = Int32Array.from({ length: n }, (_, i) => (i < n / 2 ? i + Math.floor(n / 2) : i - Math.floor(n / 2)));
  const index = Int32Array.from({ length: n }, (_, i) => i);
  const a = buffer(n * d, x);
  const out = buffer(3 * n);
  const [value, residual] = [buffer(n), buffer(n)];
  const arrays = {
    a,
    b: a,
    n,
    m: n,
    d,
    rowFields: {
      up: buffer(n, new Float32Array(n).fill(1 / n)),
      down: buffer(n, new Float32Array(n).fill(-1 / n)),
      value,
      residual,
    },
    rowIds: { partner },
    columnIds: { index },
    uniforms: { scale: 1 / TEMPERATURE },
  };
  const da = buffer(n * d);
  const pairs = new PairwiseEngine(gpu, plan);
  const timer = new Timer(gpu);
  const once = async () => {
    const there = await timer.time((timestamps) => pairs.forward(forward, arrays, out, timestamps));
    const encoder = gpu.device.createCommandEncoder();
    encoder.copyBufferToBuffer(out, 0, value, 0, 4 * n);
    encoder.copyBufferToBuffer(out, 4 * n, residual, 0, 4 * n);
    gpu.device.queue.submit([encoder.finish()]);
    const back = await timer.time((timestamps) => pairs.backward(backward, arrays, { da }, timestamps));
    return { there, back, milliseconds: there.milliseconds + back.milliseconds };
  };
  await once();
  await pairs.settled();
  const times = [];
  for (let k = 0; k < Number(options.repeats); k++) times.push(await once());
  times.sort((p, q) => p.milliseconds - q.milliseconds);
  const { there, back, milliseconds } = times[times.length >> 1];
  await pairs.settled();
  gpu.check();
  const statisticsOut = await download(out, 3 * n);
  const loss = statisticsOut.subarray(0, n).reduce((t, v, i) => t + v - statisticsOut[2 * n + i], 0) / n;
  const errors =
    n * n * d <= 2 ** 26
      ? check(n, d, x, statisticsOut, await download(da, n * d), {
          rowIds: arrays.rowIds,
          columnIds: arrays.columnIds,
          uniforms: arrays.uniforms,
        })
      : {};

  const shape = { n, m: n, d, shared: true, relations: {} };
  const schedules = [
    engine.scheduleForward(forward, shape, plan),
    engine.scheduleBackward(backward, shape, { a: true, b: false }, plan),
  ];
  const counted = n <= 16384 ? schedules.map(({ dispatches }) => engine.countSchedule(dispatches)) : [];
  const bytes = counted.reduce((t, c) => t + c.bytes, 0);
  // What any program must do: three products of n² d multiply-adds (S once, then (W + Wᵀ)·A, S again for its weights).
  const flops = 6 * n * n * d;
  const teraflops = flops / milliseconds / 1e9;
  const row = {
    case: 'nt-xent',
    implementation: storage === 'f16' ? 'webgpu-f16' : 'webgpu-f32',
    n,
    dim: d,
    device: `${gpu.adapter.device} ${gpu.adapter.description}`.trim(),
    milliseconds,
    forwardMs: there.milliseconds,
    backwardMs: back.milliseconds,
    clock: there.clock,
    peakBytes: held + pairs.peakBytes,
    teraflops,
    ...(peak ? { shareOfPeak: teraflops / peak } : {}),
    // The global memory that the kernels ask for; what caches serve of it is not known.
    ...(bytes > 0 ? { requestedGBs: bytes / milliseconds / 1e6 } : {}),
    ...(bytes > 0 && peak && bandwidth
      ? { rooflineMs: Math.max(flops / peak / 1e9, (12 * n * d) / bandwidth / 1e6) }
      : {}),
    loss,
    ...errors,
    plan: engine.showPlan(plan),
  };
  pairs.release();
  for (const each of made.splice(0)) each.destroy();
  return row;
}

for (const d of dimensions)
  for (const n of sizes)
    for (const storage of options.storage.split(',')) {
      let row;
      try {
        row = await measure(n, d, storage);
      } catch (error) {
        for (const each of made.splice(0)) each.destroy();
        row = {
          case: 'nt-xent',
          implementation: `webgpu-${storage}`,
          n,
          dim: d,
          device: gpu.adapter.description,
          failed: String(error.message ?? error).split('\n')[0],
        };
      }
      const line = JSON.stringify(row);
      console.log(line);
      if (options.out) await appendFile(options.out, `${line}\n`);
    }
gpu.device.destroy();
