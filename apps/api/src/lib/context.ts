/** What every resolver of one operation shares. */
import type { Platform } from '../platform.js';
import type { Actor } from './auth.js';
import { createLoaders, type Loaders } from './loaders.js';

export interface Context {
  readonly platform: Platform;
  /** Null: nobody signed in; public reads only. */
  readonly actor: Actor | null;
  /** Where the caller reaches this server, without a trailing slash. */
  readonly origin: string;
  /** Fresh for every operation, and for every event of a subscription. */
  loaders: Loaders;
}

/** `origin` is that of the request; what the configuration says where it is not known. */
export function createContext(
  platform: Platform,
  actor: Actor | null,
  origin = `http://${platform.config.host}:${platform.config.apiPort}`,
): Context {
  return { platform, actor, origin, loaders: createLoaders(platform) };
}
