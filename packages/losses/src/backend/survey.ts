/** What this machine can compute with: each backend, started once, and why one would be chosen. */
import { availableParallelism } from 'node:os';
import { hasRelaxedSimd, pairThreads } from '../pairwise/wasm/index.js';
import type { BackendInfo, BackendName } from './start.js';
import { BACKENDS, startBackend } from './start.js';
import { getDevice } from './webgpu-device.js';

export interface BackendFinding {
  readonly name: BackendName;
  readonly present: boolean;
  /** What it is, where present; what it lacks, where not. */
  readonly message: string;
  readonly info?: BackendInfo;
}

export interface Survey {
  readonly backends: readonly BackendFinding[];
  /** For work that names no backend; a benchmark names its own. */
  readonly chosen: { readonly name: BackendName; readonly why: string };
  readonly webgpu?: {
    readonly adapter: string;
    readonly driver: string;
    readonly software: boolean;
    readonly limits: Readonly<Record<string, number>>;
    readonly features: readonly string[];
  };
  readonly wasm: {
    readonly relaxedSimd: boolean;
    /** Threads of the pairwise engine now, and cores that it may be given. */
    readonly threads: number;
    readonly cores: number;
  };
}

/** Limits that decide what fits; the others are the same nearly everywhere. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
] as const;

async function find(name: BackendName): Promise<BackendFinding> {
  try {
    const info = await startBackend(name);
    const rest = [info.adapter, info.driver].filter((part) => part !== undefined && part !== '');
    return { name, present: true, message: [info.version, ...rest].join(', '), info };
  } catch (error) {
    return { name, present: false, message: error instanceof Error ? error.message : String(error) };
  }
}

async function describeWebgpu(): Promise<NonNullable<Survey['webgpu']>> {
  const { adapter, limits, features } = await getDevice();
  return {
    adapter: [adapter.vendor, adapter.architecture, adapter.device].filter((part) => part !== '').join(' '),
    driver: adapter.description,
    software: adapter.software,
    limits: Object.fromEntries(LIMITS.map((key) => [key, limits[key]!])),
    features: [...features].sort(),
  };
}

function choose(found: readonly BackendFinding[], softwareOnly: boolean): Survey['chosen'] {
  const { name } = found.find(({ name, present }) => present && !(name === 'webgpu' && softwareOnly)) ?? found.at(-1)!;
  const passed = found.slice(
    0,
    found.findIndex((each) => each.name === name),
  );
  const reasons = passed.map((each) =>
    each.present ? `${each.name} would compute on the CPU, and slower` : `${each.name} is not here`,
  );
  return { name, why: reasons.length === 0 ? 'a GPU is here' : reasons.join('; ') };
}

/** Starts each backend in turn and ends on the chosen one. Never throws for a backend that is missing. */
export async function surveyBackends(): Promise<Survey> {
  const backends: BackendFinding[] = [];
  for (const name of BACKENDS) backends.push(await find(name));
  const webgpu = backends.some(({ name, present }) => name === 'webgpu' && present)
    ? await describeWebgpu()
    : undefined;
  const chosen = choose(backends, webgpu?.software ?? false);
  await startBackend(chosen.name);
  return {
    backends,
    chosen,
    ...(webgpu && { webgpu }),
    wasm: { relaxedSimd: hasRelaxedSimd(), threads: pairThreads(), cores: availableParallelism() },
  };
}
