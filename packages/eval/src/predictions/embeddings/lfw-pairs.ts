/** The pairs of LFW: http://vis-www.cs.umass.edu/lfw/README.txt, "pairs.txt format". */
import { malformed } from '../errors.js';
import { parseLines, wholeOf } from '../formats/table.js';

export interface FacePairs {
  readonly folds: number;
  /** Names of the two images of each pair, e.g. `Abel_Pacheco_0001`. */
  readonly images: readonly (readonly [string, string])[];
  /** 1 for a pair of one person. */
  readonly same: Uint8Array;
  /** Fold of each pair, from 0. */
  readonly fold: Int32Array;
}

/** The name alone: no folder, no extension. */
export const imageName = (path: string): string => path.replace(/^.*[\\/]/, '').replace(/\.[A-Za-z]{3,4}$/, '');

/** Parses a list of pairs with at least two folds. Throws FILE_MALFORMED with the line. */
export function parseFacePairs(content: Buffer, name: string): FacePairs {
  const lines = parseLines(content, name).filter(({ text }) => text.trim() !== '');
  const head = (lines[0]?.text ?? '').trim().split(/\s+/);
  if (head.length !== 2) throw malformed(name, { line: 1 }, JSON.stringify(head.join(' ')), 'folds and pairs a fold');
  const [folds, half] = [wholeOf(name, 1, 'folds', head[0], 2, 1000), wholeOf(name, 1, 'pairs', head[1], 1, 1e6)];
  const total = folds * 2 * half;
  if (lines.length - 1 !== total)
    throw malformed(
      name,
      {},
      `${lines.length - 1} pairs`,
      `${total}: ${folds} folds of ${half} same and ${half} different`,
    );
  const same = new Uint8Array(total);
  const fold = new Int32Array(total);
  const images = lines.slice(1).map(({ line, text }, i): readonly [string, string] => {
    const parts = text.trim().split(/\s+/);
    fold[i] = Math.floor(i / (2 * half));
    same[i] = Number(i % (2 * half) < half);
    if (parts.length !== (same[i] ? 3 : 4))
      throw malformed(
        name,
        { line },
        `${parts.length} fields`,
        same[i] ? 'name, image, image' : 'name, image, name, image',
      );
    const image = (person: string, number: string): string =>
      `${person}_${String(wholeOf(name, line, 'image', number, 0, 9999)).padStart(4, '0')}`;
    return same[i]
      ? [image(parts[0]!, parts[1]!), image(parts[0]!, parts[2]!)]
      : [image(parts[0]!, parts[1]!), image(parts[2]!, parts[3]!)];
  });
  return { folds, images, same, fold };
}
