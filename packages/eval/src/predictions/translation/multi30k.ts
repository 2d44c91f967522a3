/** Boards of one direction and test set of Multi30k each. */
import { labelFile, withFixedLabels } from '../fixed-labels.js';
import { definition as translation } from '../protocols/translation.js';
import type { PredictionProtocol } from '../types.js';

const LANGUAGES = { de: 'German', en: 'English' } as const;
type Language = keyof typeof LANGUAGES;

/** SHA-256 of the decompressed references. */
const REFERENCES: Readonly<Record<string, string>> = {
  'test_2016_flickr.de': '4be6b5b3236b79c25475c6bb829800a7ce559e9ba7a1f6c2394fe4d40be46d16',
  'test_2016_flickr.en': '399a4382932c1aadd3ceb9bef1008d388a64c76d4ae4e9d4728c6f4301cac182',
  'test_2017_flickr.de': 'c3078bc3b36808bf9d20eb2347ed6137016179ef59ec0d2b9b8ecc3fb2880081',
  'test_2017_flickr.en': 'ce1450ddc5ab0834502579d77a170849952e15a2938b34cc503bdc25ebb4fb98',
};

/** Segments of each test set. */
const SEGMENTS = 1000;

export function multi30k(from: Language, to: Language, year: 2016 | 2017): PredictionProtocol {
  const [source, target] = [`test_${year}_flickr.${from}`, `test_${year}_flickr.${to}`];
  const title = `Multi30k ${LANGUAGES[from]} to ${LANGUAGES[to]}, test ${year}`;
  return withFixedLabels(translation, {
    key: `multi30k-${from}-${to}-${year}`,
    title,
    summary: `BLEU, chrF and chrF++ of ${SEGMENTS.toLocaleString('en')} image captions in ${LANGUAGES[to]}, from ${LANGUAGES[from]}.`,
    intro: `Task 1 of Multi30k (Elliott et al. 2016): the ${SEGMENTS.toLocaleString('en')} segments of \`${source}\`, one reference each (\`${target}\`), raw text. Published figures are often of lowercased, tokenised text and are higher.`,
    dataset: {
      folder: 'multi30k',
      revision: 'multi30k/dataset@a3d2e0d',
      files: { [`task1_raw/${target}.gz`]: REFERENCES[target]! },
    },
    predictions: [
      {
        name: 'translations',
        formats: ['plain text'],
        contents: `${SEGMENTS.toLocaleString('en')} lines in the order of ${source}, UTF-8, detokenised.`,
        example:
          to === 'de' ? 'Ein Mann fährt Fahrrad.\nZwei Hunde rennen.' : 'A man is riding a bicycle.\nTwo dogs run.',
      },
    ],
    labels: async (folder) => [await labelFile(folder, `task1_raw/${target}.gz`)],
  });
}
