import { describe, expect, it } from 'vitest';
import { readConfig, userLimit, workerCapacity } from './config.js';

describe('configuration', () => {
  it('has defaults that bind to this machine only', () => {
    expect(readConfig({ TOUCHSTONE_HOME: '/srv/t' })).toEqual({
      home: '/srv/t',
      host: '127.0.0.1',
      apiPort: 4000,
      webPort: 3000,
      databaseUrl: null,
      ownerToken: null,
    });
    expect(workerCapacity(1, {})).toBe(1);
  });

  it.each([
    ['TOUCHSTONE_API_PORT', '70000', () => readConfig({ TOUCHSTONE_API_PORT: '70000' })],
    ['TOUCHSTONE_WEB_PORT', 'web', () => readConfig({ TOUCHSTONE_WEB_PORT: 'web' })],
    ['TOUCHSTONE_WORKER_CAPACITY', '0', () => workerCapacity(1, { TOUCHSTONE_WORKER_CAPACITY: '0' })],
    ['TOUCHSTONE_USER_RUNNING_LIMIT', '1e3', () => userLimit({ TOUCHSTONE_USER_RUNNING_LIMIT: '1e3' })],
  ])('names %s and its value %s when it refuses it', (name, value, read) => {
    expect(read).toThrow(`${name} is "${value}"; allowed is a whole number from`);
  });

  it('does not repeat an address that may hold a password', () => {
    expect(() => readConfig({ DATABASE_URL: 'mysql://u:secret@h/d' })).toThrow(/DATABASE_URL is no postgres/);
    expect(() => readConfig({ DATABASE_URL: 'mysql://u:secret@h/d' })).not.toThrow(/secret/);
  });
});
