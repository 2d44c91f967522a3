import { readFileSync } from 'node:fs';

/** The release, from the package's own record: three levels above, from src and from dist alike. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
