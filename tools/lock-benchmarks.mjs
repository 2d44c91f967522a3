/**
 * Adds benchmarks that are not in packages/eval/benchmarks.lock.json yet; a hash that is there is never replaced.
 * Run it once when a benchmark is ready to be frozen. Needs a build.
 */
import { writeFileSync } from 'node:fs';
import { lockFile, lockPath, readLock } from '@touchstone/eval/meta';

const before = readLock();
const after = lockFile(before);
writeFileSync(lockPath(), `${JSON.stringify(after, null, 2)}\n`);
for (const name of Object.keys(after)) if (!(name in before)) console.log(`frozen: ${name} ${after[name]}`);
