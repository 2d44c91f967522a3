import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { normaliseUrl, openSession, remember, tokenFile } from './session.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'touchstone-session-'));
  process.env['XDG_CONFIG_HOME'] = home;
});
afterEach(() => {
  delete process.env['XDG_CONFIG_HOME'];
  rmSync(home, { recursive: true, force: true });
});

describe('session', () => {
  it('keeps a token in a file of its owner alone, also where the file was open before', async () => {
    mkdirSync(join(home, 'touchstone'));
    writeFileSync(tokenFile(), '', { mode: 0o644 });
    const path = await remember('http://a.test', 'secret');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('sends a token only to the server that it was made for', async () => {
    await remember('http://a.test', 'first');
    await remember('http://b.test', 'second');
    expect(await openSession('http://a.test/', {})).toEqual({ url: 'http://a.test', token: 'first' });
    expect(await openSession('http://c.test', {})).toEqual({ url: 'http://c.test', token: null });
    expect((await openSession(undefined, {})).url).toBe('http://b.test');
  });

  it('replaces the token of a server at the next login', async () => {
    await remember('http://a.test', 'old');
    await remember('http://a.test', 'new');
    expect((await openSession('http://a.test', {})).token).toBe('new');
  });

  it("takes the local owner's token for this machine only", async () => {
    writeFileSync(join(home, 'owner-token'), 'owner\n');
    const env = { TOUCHSTONE_HOME: home };
    expect((await openSession('http://127.0.0.1:4000', env)).token).toBe('owner');
    expect((await openSession('http://127.0.0.1.example.org', env)).token).toBeNull();
    expect((await openSession('http://127.0.0.1:4000', { ...env, TOUCHSTONE_TOKEN: 'mine' })).token).toBe('mine');
  });

  it.each([
    ['http://h:1/graphql', 'http://h:1'],
    ['https://h/touchstone/', 'https://h/touchstone'],
    ['http://h:1', 'http://h:1'],
  ])('%s is the server %s', (given, url) => expect(normaliseUrl(given)).toBe(url));

  it.each(['h:1', 'file:///etc/passwd', 'nonsense'])('refuses the address %s', (url) =>
    expect(() => normaliseUrl(url)).toThrow(/URL|HTTP/),
  );
});
