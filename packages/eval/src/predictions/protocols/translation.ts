import { malformed } from '../errors.js';
import { parseLines } from '../formats/table.js';
import { onlyFile } from '../only-file.js';
import { reweighing } from '../reweighing.js';
import { bleuStatistics, corpusBleu } from '../translation/bleu.js';
import { chrfStatistics, corpusChrf } from '../translation/chrf.js';
import { weightedTranslation } from '../translation/weighted.js';
import type { PredictionProtocol } from '../types.js';

const output = (key: string, title: string) => ({
  key,
  title,
  direction: 'higher' as const,
  unit: '%',
  range: [0, 100] as const,
  precision: 0.01,
});

export const definition: PredictionProtocol = {
  key: 'translation',
  version: 1,
  title: 'Translation by BLEU and chrF',
  summary: 'Corpus BLEU, chrF and chrF++ of translated lines against one or more references, as sacreBLEU gives them.',
  page: `# Translation

Both sides are plain detokenised text, one segment a line. \`bleu\`: \`case:mixed|eff:no|tok:13a|smooth:exp\`, n-grams up
to 4, the brevity penalty by the reference closest in length. \`chrf\`: \`case:mixed|eff:yes|nc:6|nw:0|space:no\`, β = 2;
\`chrf2pp\` adds words up to order 2. With several references BLEU clips by the most of any, chrF takes the best one of
each segment. All three are scores of counts added over the segments, so intervals draw segments and add their counts.

## Known disagreements

BLEU on text that was tokenised beforehand, or with another tokeniser, differs by several points. \`multi-bleu.perl\` uses
no smoothing. Sentence-averaged chrF is another number than corpus chrF.
`,
  primary: 'bleu',
  outputs: [output('bleu', 'BLEU'), output('chrf', 'chrF'), output('chrf2pp', 'chrF++')],
  resampling: 'image',
  oracle: { tool: 'sacreBLEU', version: '2' },
  predictions: [
    {
      name: 'translations',
      formats: ['plain text'],
      contents: 'One segment a line, UTF-8, detokenised.',
      example: 'A man is riding a bicycle.\nTwo dogs run.',
    },
  ],
  labels: [
    {
      name: 'references',
      formats: ['plain text'],
      contents: 'One or more files with as many lines, e.g. multi30k/task1_raw/test_2016_flickr.de.gz.',
      example: 'A man rides a bike.\nTwo dogs are running.',
    },
  ],
  datasets: [],
  async score({ predictions, labels, progress }) {
    const file = onlyFile(predictions, 'predictions');
    const lines = parseLines(await file.read(), file.name);
    if (lines.length === 0) throw malformed(file.name, {}, 'no line', 'at least one');
    const references: string[][] = [];
    for (const reference of labels.length > 0 ? labels.flatMap(({ files }) => files) : [onlyFile(labels, 'labels')]) {
      const texts = parseLines(await reference.read(), reference.name).map(({ text }) => text);
      if (texts.length !== lines.length)
        throw malformed(file.name, {}, `${lines.length} lines`, `${texts.length} as in ${reference.name}`);
      references.push(texts);
    }
    const segments = lines.map(({ text }, i) => {
      if (i % 200 === 0) progress(i, lines.length, 'segments');
      const mine = references.map((texts) => texts[i]!);
      return {
        bleu: bleuStatistics(text, mine),
        chrf: chrfStatistics(text, mine, 0),
        chrf2pp: chrfStatistics(text, mine, 2),
      };
    });
    const empty = lines.filter(({ text }) => text.trim() === '').length;
    const scores = {
      bleu: corpusBleu(segments.map(({ bleu }) => bleu)),
      chrf: corpusChrf(segments.map(({ chrf }) => chrf)),
      chrf2pp: corpusChrf(segments.map(({ chrf2pp }) => chrf2pp)),
    };
    return {
      scores,
      counts: { segments: lines.length, references: references.length },
      warnings: empty > 0 ? [`${empty} of ${lines.length} translations are empty`] : [],
      outcomes: {},
      reweigh: reweighing(lines.length, scores, () => weightedTranslation(segments)),
    };
  },
};
