/** The code of the guides: every fenced block that names a file is that file. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface GuideFile {
  readonly path: string;
  readonly content: string;
}

const BLOCK = /^```[a-z]+ (\S+)\n([\s\S]*?)^```$/gm;

/** Blocks such as ```` ```ts packages/eval/src/metrics/x.ts ````, in their order. */
export function filesOfGuide(path: string): readonly GuideFile[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(BLOCK)].map(([, file = '', content = '']) => ({ path: file, content }));
}

export function writeFiles(root: string, files: readonly GuideFile[]): void {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}
