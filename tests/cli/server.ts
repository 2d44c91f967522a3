/** A server of a test's own: started as a person starts it, on a free port and an empty folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, repository } from './touchstone.js';

const executable = fileURLToPath(new URL('../../packages/cli/bin/touchstone.mjs', import.meta.url));

export interface Server {
  readonly url: string;
  readonly home: string;
  readonly token: string;
  readonly process: ChildProcess;
  output(): string;
  readonly exited: Promise<number | null>;
  /** Ctrl-C, then removes the folder. */
  stop(): Promise<number | null>;
}

export async function startServer(extra: Readonly<Record<string, string>> = {}): Promise<Server> {
  const home = mkdtempSync(join(tmpdir(), 'touchstone-server-'));
  const child = spawn(process.execPath, [executable, 'start', '--no-demo', '--no-web'], {
    cwd: repository,
    env: cleanEnvironment({ TOUCHSTONE_HOME: home, TOUCHSTONE_API_PORT: '0', ...extra }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const exited = new Promise<number | null>((done) => child.once('exit', done));
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      text += chunk.toString();
      const address = /ready: api (http\S+)\/graphql/.exec(text)?.[1];
      if (address) resolve(address);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void exited.then((code) => reject(new Error(`the server ended with ${code} before it was ready\n${text}`)));
  });
  return {
    url,
    home,
    token: readFileSync(join(home, 'owner-token'), 'utf8').trim(),
    process: child,
    output: () => text,
    exited,
    async stop() {
      child.kill('SIGINT');
      const code = await exited;
      rmSync(home, { recursive: true, force: true });
      return code;
    },
  };
}
