/** `touchstone db rebuild`: every summary anew from the raw scores. (`@touchstone/api/rebuild`) */
import { openDatabase } from '@touchstone/db';
import { readConfig } from './config.js';
import { rebuildSummaries } from './jobs/summary.js';

export { rebuildSummaries };

/** Prints the number of entries. Throws FolderInUseError while a server has the embedded database. */
export async function rebuild(options: { readonly json?: boolean } = {}): Promise<void> {
  const { home, databaseUrl } = readConfig();
  const database = await openDatabase({ home, databaseUrl });
  try {
    const entries = await rebuildSummaries(database.db);
    process.stdout.write(options.json ? `${JSON.stringify({ entries })}\n` : `${entries} entries computed again\n`);
  } finally {
    await database.close();
  }
}
