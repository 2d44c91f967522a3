/** `touchstone login`: checks a token with the server, then keeps it for that server. */
import { createInterface } from 'node:readline';
import { CliError, EXIT, type ExitCode } from '../core/errors.js';
import type { Io } from '../core/io.js';
import { request } from '../remote/graphql.js';
import { openSession, remember } from '../remote/session.js';

async function readToken(io: Io): Promise<string> {
  if (process.stdin.isTTY) io.note('Paste a token (account page of the site, or TOUCHSTONE_HOME/owner-token):');
  const lines = createInterface({ input: process.stdin, terminal: false });
  for await (const line of lines) {
    lines.close();
    if (line.trim()) return line.trim();
  }
  throw new CliError('USAGE', 'no token was given', {
    field: 'token',
    allowed: '--token, or a line on standard input',
  });
}

export async function login(options: { url?: string; token?: string; json?: boolean }, io: Io): Promise<ExitCode> {
  const session = await openSession(options.url);
  const token = options.token ?? (await readToken(io));
  const { viewer } = await request<{ viewer: { name: string; role: string; scopes: string[] } | null }>(
    { url: session.url, token },
    '{ viewer { name role scopes } }',
  );
  if (!viewer) throw new CliError('UNAUTHENTICATED', `${session.url} does not know this token`, { field: 'token' });
  const path = await remember(session.url, token);
  if (options.json) io.out(`${JSON.stringify({ url: session.url, viewer })}\n`);
  else io.out(`signed in to ${session.url} as ${viewer.name} (${viewer.scopes.join(', ')}); token kept in ${path}\n`);
  return EXIT.ok;
}
