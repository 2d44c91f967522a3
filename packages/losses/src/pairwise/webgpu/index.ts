/** The pairwise engine on the GPU: WGSL generated for each program, on the process's WebGPU device. */
export type { GpuArrays, Timestamps } from './engine.js';
export { PairwiseEngine } from './engine.js';
export { registerWebgpuPairExecutor, webgpuPairExecutor } from './executor.js';
export type { Count } from './count.js';
export { countSchedule } from './count.js';
export type { Plan, Tile } from './plan.js';
export { DEFAULT_PLAN, PLAN_128, PLAN_32, PLAN_64, showPlan, WEBGPU_PAIRWISE } from './plan.js';
export type { Dispatch, Schedule, Shape } from './schedule.js';
export { scheduleBackward, scheduleForward } from './schedule.js';
export { subgroupLanes } from './subgroups.js';
export type { TunedShape } from './tuner.js';
export { candidates, rememberedPlan, tune } from './tuner.js';
