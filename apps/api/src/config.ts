/** What the environment says about an installation, checked. */
import { homeDirectory } from '@touchstone/eval/meta';
import type { Config } from './platform.js';

/** A setting that cannot be used; names the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    readonly code: 'CONFIG_INVALID' | 'PORT_IN_USE' | 'HOST_UNAVAILABLE' | 'SITE_MISSING',
    message: string,
  ) {
    super(message);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

function wholeNumber(env: Environment, name: string, fallback: number, low: number, high: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= low && value <= high) return value;
  throw new ConfigError('CONFIG_INVALID', `${name} is "${text}"; allowed is a whole number from ${low} to ${high}`);
}

/** Throws ConfigError naming the variable, its value and what is allowed. */
export function readConfig(env: Environment = process.env): Config {
  const databaseUrl = env['DATABASE_URL'] || null;
  if (databaseUrl !== null && !/^postgres(ql)?:\/\//.test(databaseUrl))
    throw new ConfigError(
      'CONFIG_INVALID',
      'DATABASE_URL is no postgres:// address; leave it out for the embedded database',
    );
  return {
    home: homeDirectory(env),
    host: env['TOUCHSTONE_HOST'] || '127.0.0.1',
    apiPort: wholeNumber(env, 'TOUCHSTONE_API_PORT', 4000, 0, 65535),
    webPort: wholeNumber(env, 'TOUCHSTONE_WEB_PORT', 3000, 0, 65535),
    databaseUrl,
    ownerToken: env['TOUCHSTONE_OWNER_TOKEN'] || null,
  };
}

/** Runs at once on the local worker. `usual` where the variable is not set. */
export function workerCapacity(usual: number, env: Environment = process.env): number {
  return wholeNumber(env, 'TOUCHSTONE_WORKER_CAPACITY', usual, 1, 64);
}

/** Runs of one user that may run at once, over all workers. */
export function userLimit(env: Environment = process.env): number {
  return wholeNumber(env, 'TOUCHSTONE_USER_RUNNING_LIMIT', 64, 1, 100_000);
}
