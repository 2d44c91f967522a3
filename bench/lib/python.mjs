/** Which Python, if any, can run the other side of a comparison. */
import { spawnSync } from 'node:child_process';

const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'];
const found = new Map();

/** The first interpreter that imports the module; null where there is none. Asked once. */
export function pythonWith(module) {
  if (!found.has(module))
    found.set(
      module,
      candidates.find(
        (python) => python && spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0,
      ) ?? null,
    );
  return found.get(module);
}

export const pythonWithTorch = () => pythonWith('torch');
