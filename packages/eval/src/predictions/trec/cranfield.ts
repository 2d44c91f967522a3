/** The judgements of the Cranfield collection. */
import { malformed } from '../errors.js';
import { parseLines, wholeOf } from '../formats/table.js';
import type { Qrels } from '../formats/trec.js';

/**
 * Gains 4, 3, 2, 1 for the grades 1 to 4 and 0 for −1, by question and document. Throws FILE_MALFORMED.
 */
export function parseCranfieldJudgements(content: Buffer, name: string): Qrels {
  const qrels = new Map<string, Map<string, number>>();
  for (const { line, text } of parseLines(content, name)) {
    const parts = text.trim().split(/\s+/);
    if (parts.length === 1 && parts[0] === '') continue;
    if (parts.length !== 3) throw malformed(name, { line }, `${parts.length} fields`, '3: question, document, grade');
    const [question, document] = [0, 1].map((i) => String(wholeOf(name, line, String(i + 1), parts[i], 1, 100_000)));
    const grade = wholeOf(name, line, 'grade', parts[2], -1, 4);
    let judged = qrels.get(question!);
    if (!judged) qrels.set(question!, (judged = new Map()));
    judged.set(document!, grade >= 1 ? 5 - grade : 0);
  }
  return qrels;
}
