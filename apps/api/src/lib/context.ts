/** What every resolver of one operation shares. */
import type { Platform } from '../platform.js';
import type { Actor } from './auth.js';
import { createLoaders, type Loaders } from './loaders.js';

export interface Context {
  readonly platform: Platform;
  /** Null: nobody signed in; public reads only. */
  readonly actor: Actor | null;
  /** Fresh for every operation, and for every event of a subscription. */
  loaders: Loaders;
}

export function createContext(platform: Platform, actor: Actor | null): Context {
  return { platform, actor, loaders: createLoaders(platform) };
}
