/** The command as a person runs it: the committed executable, in a process of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url));
const executable = fileURLToPath(new URL('../../packages/cli/bin/touchstone.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Invocation {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
}

/** Variables of whoever runs the tests must not decide their outcome. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(TOUCHSTONE_|DATABASE_URL$|NO_COLOR$|FORCE_COLOR$|VITEST|NODE_ENV$)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...extra };
}

/** Runs a program to its end. That a changed tree was built first is not part of what it said. */
export function execute(
  command: string,
  args: readonly string[],
  { env, cwd, input }: Invocation = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: cwd ?? repository, env: cleanEnvironment(env), stdio: 'pipe' });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr: stderr.replace(/^building .*…\n/m, '') }));
    child.stdin.end(input ?? '');
  });
}

export function touchstone(args: readonly string[], invocation: Invocation = {}): Promise<Ended> {
  return execute(process.execPath, [executable, ...args], invocation);
}
