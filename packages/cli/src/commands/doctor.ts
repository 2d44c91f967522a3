/** `touchstone doctor`: what works here, what does not, and what to do about it. */
import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { dirname } from 'node:path';
import { homeDirectory, listDatasets, datasetState } from '@touchstone/eval/meta';
import { describeError, EXIT, type ExitCode } from '../core/errors.js';
import type { Io } from '../core/io.js';
import { request } from '../remote/graphql.js';
import { openSession } from '../remote/session.js';

interface Finding {
  readonly name: string;
  /** `note` is worth knowing and stops nothing. */
  readonly level: 'ok' | 'note' | 'bad';
  readonly message: string;
  /** The same for programs. */
  readonly details?: unknown;
}

const GIB = 1024 ** 3;

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  return {
    name: 'node',
    level: enough ? 'ok' : 'bad',
    message: `${process.version}${enough ? '' : '; 20.19 or newer is needed'}`,
  };
}

function memory(): Finding {
  const gib = totalmem() / GIB;
  return {
    name: 'memory',
    level: gib >= 2 ? 'ok' : 'note',
    message: `${gib.toFixed(1)} GiB${gib >= 2 ? '' : '; runs may not fit'}`,
  };
}

async function home(): Promise<Finding> {
  const path = homeDirectory();
  try {
    const existing = await access(path).then(
      () => path,
      () => dirname(path),
    );
    await mkdir(existing, { recursive: true });
    await access(existing, constants.W_OK);
    const { bavail, bsize } = await statfs(existing);
    const free = (bavail * bsize) / GIB;
    return { name: 'home', level: free >= 1 ? 'ok' : 'note', message: `${path}, ${free.toFixed(1)} GiB free` };
  } catch (error) {
    return { name: 'home', level: 'bad', message: `${path}: ${describeError(error).message}` };
  }
}

/** A missing GPU is no fault; a missing wasm is, since benchmarks of the CPU run on it. */
async function backends(): Promise<Finding[]> {
  try {
    const { surveyBackends } = await import('@touchstone/losses/backend');
    const { backends, chosen, wasm, webgpu } = await surveyBackends();
    const found = backends.map(({ name, present, message, info }): Finding => {
      const level = present ? 'ok' : name === 'wasm' ? 'bad' : 'note';
      return { name: `backend ${name}`, level, message, ...(info && { details: info }) };
    });
    const why = `${chosen.name}: ${chosen.why}. A benchmark names its own backend, wasm on the CPU.`;
    found.push({ name: 'backend chosen', level: 'ok', message: why, details: chosen });
    if (webgpu) {
      const limits = Object.entries(webgpu.limits).map(([name, value]) => `${name} ${value}`);
      const { adapter, driver, software, features } = webgpu;
      found.push(
        {
          name: 'webgpu device',
          level: software ? 'note' : 'ok',
          message: `${adapter}, driver ${driver}${software ? ', computes on the CPU' : ''}`,
          details: { adapter, driver, software },
        },
        { name: 'webgpu limits', level: 'ok', message: limits.join(', '), details: webgpu.limits },
        { name: 'webgpu features', level: 'ok', message: features.join(', '), details: features },
      );
    }
    const threads = `${wasm.threads} thread${wasm.threads === 1 ? '' : 's'} of ${wasm.cores} cores`;
    const message = `relaxed SIMD ${wasm.relaxedSimd ? 'here' : 'not here'}; pairwise engine: ${threads}`;
    return [...found, { name: 'wasm features', level: 'ok', message, details: wasm }];
  } catch (error) {
    return [{ name: 'backend', level: 'bad', message: describeError(error).message }];
  }
}

async function datasets(): Promise<Finding[]> {
  return Promise.all(
    listDatasets().map(async (dataset) => {
      const { state, message } = await datasetState(dataset);
      const level = state === 'CORRUPT' ? 'bad' : state === 'BUNDLED' || state === 'PRESENT' ? 'ok' : 'note';
      return { name: `data ${dataset.key}`, level, message: `${state}. ${message}` } as const;
    }),
  );
}

async function server(): Promise<Finding> {
  try {
    const session = await openSession();
    const { serverInfo, viewer } = await request<{ serverInfo: { version: string }; viewer: { name: string } | null }>(
      session,
      '{ serverInfo { version } viewer { name } }',
    );
    return {
      name: 'server',
      level: 'ok',
      message: `${session.url}, version ${serverInfo.version}, signed in: ${viewer?.name ?? 'no'}`,
    };
  } catch (error) {
    return { name: 'server', level: 'note', message: describeError(error).message };
  }
}

function port(variable: string, fallback: number): Promise<Finding> {
  const number = Number(process.env[variable] || fallback);
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve({
        name: `port ${number}`,
        level: 'note',
        message: `in use (${error.code}): by a running Touchstone, or set ${variable}`,
      }),
    );
    probe.listen(number, process.env['TOUCHSTONE_HOST'] || '127.0.0.1', () =>
      probe.close(() => resolve({ name: `port ${number}`, level: 'ok', message: `free (${variable})` })),
    );
  });
}

/** 1 when something is bad; notes do not count. */
export async function doctor(options: { readonly json?: boolean }, io: Io): Promise<ExitCode> {
  const findings: Finding[] = [
    node(),
    memory(),
    await home(),
    ...(await backends()),
    ...(await datasets()),
    await port('TOUCHSTONE_API_PORT', 4000),
    await port('TOUCHSTONE_WEB_PORT', 3000),
    await server(),
  ];
  const paint = { ok: io.colour.green, note: io.colour.yellow, bad: io.colour.red };
  if (options.json) io.out(`${JSON.stringify(findings)}\n`);
  else
    for (const { name, level, message } of findings) io.out(`${paint[level](level.padEnd(4))}  ${name}: ${message}\n`);
  return findings.some(({ level }) => level === 'bad') ? EXIT.failed : EXIT.ok;
}
