/** A forked process ends when its parent is gone, however that ended. */
const LOOK_MS = 1_000;

/** Ends this process at once when the channel to its parent closes or another process has adopted it. */
export function endWithParent(): void {
  const parent = process.ppid;
  process.on('disconnect', () => process.exit(1));
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, LOOK_MS).unref();
}
