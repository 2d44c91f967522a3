/** The same tests on PGlite and on PostgreSQL. */
import { afterAll, beforeAll, describe } from 'vitest';
import { type Installation, openInstallation } from './installation.js';
import { type Cluster, startCluster } from './postgres.js';

export interface Engine {
  readonly name: 'PGlite' | 'PostgreSQL';
  /** The installation of this file; opened before its tests. */
  get(): Installation;
  cluster(): Cluster | null;
}

const cluster = await startCluster();
let databases = 0;

/** Runs `tests` once an engine, each on an installation of its own. */
export function onBothEngines(title: string, tests: (engine: Engine) => void): void {
  for (const name of ['PGlite', 'PostgreSQL'] as const)
    describe.skipIf(name === 'PostgreSQL' && !cluster)(`${title} on ${name}`, () => {
      let installation: Installation;
      beforeAll(async () => {
        installation = await openInstallation(
          name === 'PostgreSQL' ? cluster!.createDatabase(`t${process.pid}_${++databases}`) : null,
        );
      });
      afterAll(async () => installation?.remove());
      tests({ name, get: () => installation, cluster: () => cluster });
    });
  afterAll(() => cluster?.remove());
}
