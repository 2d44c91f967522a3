/** Which server, and who is asking. A token is sent only to the server it was made for. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CliError } from '../core/errors.js';

export interface Session {
  /** Origin without a trailing slash, e.g. http://127.0.0.1:4000. */
  readonly url: string;
  readonly token: string | null;
}

const DEFAULT_URL = 'http://127.0.0.1:4000';
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function tokenFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'touchstone', 'token');
}

/** One `url token` a line, the last login first. */
async function stored(): Promise<readonly { url: string; token: string }[]> {
  const text = await readFile(tokenFile(), 'utf8').catch(() => '');
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([url, token]) => (url && token ? [{ url, token }] : []));
}

export function normaliseUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new CliError(
      'USAGE',
      'the server address is not a URL',
      { field: 'url', value: text, allowed: 'http(s)://host:port' },
      { cause },
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new CliError('USAGE', 'the server address is not HTTP', {
      field: 'url',
      value: text,
      allowed: 'http(s)://host:port',
    });
  return (url.origin + url.pathname).replace(/\/(graphql\/?)?$/, '');
}

/** Keeps the token for its server in a file that only its owner can read; returns the file's path. */
export async function remember(url: string, token: string): Promise<string> {
  const path = tokenFile();
  const others = (await stored()).filter((entry) => entry.url !== url);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, [{ url, token }, ...others].map((entry) => `${entry.url} ${entry.token}\n`).join(''), {
    mode: 0o600,
  });
  // The mode above holds for a new file only.
  await chmod(path, 0o600);
  return path;
}

async function ownerToken(url: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  if (!LOOPBACK.has(new URL(url).hostname)) return null;
  const path = join(env['TOUCHSTONE_HOME'] || '.touchstone', 'owner-token');
  return readFile(path, 'utf8').then(
    (text) => text.trim() || null,
    () => null,
  );
}

/** Address: --url, TOUCHSTONE_URL, the last login, this machine. Token: TOUCHSTONE_TOKEN, the login's, the local owner's. */
export async function openSession(url?: string, env: NodeJS.ProcessEnv = process.env): Promise<Session> {
  const logins = await stored();
  const address = normaliseUrl(url ?? (env['TOUCHSTONE_URL'] || logins[0]?.url || DEFAULT_URL));
  const token =
    env['TOUCHSTONE_TOKEN'] || logins.find((entry) => entry.url === address)?.token || (await ownerToken(address, env));
  return { url: address, token: token || null };
}
