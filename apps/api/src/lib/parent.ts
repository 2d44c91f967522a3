/** A forked process ends when its parent is gone, however that ended. */
const LOOK_MS = 1_000;

/** Ends this process at once when the channel to its parent closes or another process has adopted it; `last` runs before. */
export function endWithParent(last: () => void): void {
  const parent = process.ppid;
  const end = () => {
    last();
    process.exit(1);
  };
  process.on('disconnect', end);
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, LOOK_MS).unref();
}
