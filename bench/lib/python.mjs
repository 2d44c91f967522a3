/** Which Python, if any, can run the PyTorch side of a comparison. */
import { spawnSync } from 'node:child_process';

const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'];
let found;

/** The first interpreter that imports torch; null where there is none. Asked once. */
export function pythonWithTorch() {
  found ??= candidates.find(
    (python) => python && spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0,
  );
  return found ?? null;
}
