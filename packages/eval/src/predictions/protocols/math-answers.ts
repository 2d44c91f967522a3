import { avgAtK, majAtK, passAtK } from '../answers/at-k.js';
import { extractAnswer, normaliseAnswer } from '../answers/normalise.js';
import { malformed } from '../errors.js';
import { parseJsonLines } from '../formats/table.js';
import type { InputFile } from '../input.js';
import { onlyFile } from '../only-file.js';
import { atKOutputs } from '../ranking/outputs.js';
import { meansOf } from '../reweighing.js';
import type { PredictionProtocol } from '../types.js';

const KS = [1, 2, 3, 4, 5, 8, 10, 16, 20, 32, 50, 64, 100, 128, 256] as const;

/** The first of the given names that a record has. */
const named = (record: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined =>
  names.find((name) => record[name] !== undefined && record[name] !== null);

const ID = ['id', 'idx'] as const;
const GOLD = ['gold', 'gt', 'answer'] as const;
const ANSWERS = ['answers', 'pred', 'responses', 'response'] as const;

interface Problem {
  readonly id: string;
  readonly line: number;
  readonly gold: string | undefined;
  readonly answers: readonly string[] | undefined;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

async function readProblems(file: InputFile, wanted: 'answers' | 'gold'): Promise<Map<string, Problem>> {
  const problems = new Map<string, Problem>();
  for (const { line, value } of parseJsonLines(await file.read(), file.name)) {
    const idName = named(value, ID);
    const id = idName === undefined ? undefined : textOf(value[idName]);
    if (id === undefined) throw malformed(file.name, { line }, 'no id', `a text or number under ${ID.join(' or ')}`);
    if (problems.has(id)) throw malformed(file.name, { line }, `id ${id} again`, 'each id once');
    const goldName = named(value, GOLD);
    const gold = goldName === undefined ? undefined : textOf(value[goldName]);
    const answersName = named(value, ANSWERS);
    const list = answersName === undefined ? undefined : value[answersName];
    const answers = Array.isArray(list) ? list.map((each) => (each === null ? '' : textOf(each))) : undefined;
    const place = { line };
    if (wanted === 'gold' && gold === undefined)
      throw malformed(file.name, place, 'no answer', `a text or number under ${GOLD.join(', ')}`);
    if (wanted === 'answers' && !answers?.length)
      throw malformed(file.name, place, 'no answers', `a list of texts under ${ANSWERS.join(', ')}`);
    const bad = answers?.indexOf(undefined) ?? -1;
    if (wanted === 'answers' && bad >= 0)
      throw malformed(
        file.name,
        place,
        `${JSON.stringify((list as unknown[])[bad])} as answer ${bad + 1}`,
        'text or a number',
      );
    problems.set(id, { id, line, gold, answers: answers as readonly string[] | undefined });
  }
  return problems;
}

export const definition: PredictionProtocol = {
  key: 'math-answers',
  version: 1,
  title: 'Competition mathematics from sampled answers',
  summary: 'pass@k, avg@k and maj@k of answer files for AIME24, AIME25, AMC23 or any set with short answers.',
  page: `# Sampled answers

Each problem has n sampled responses. The answer of a response is its last \`\\boxed{…}\`; without a box, what follows its
last "answer is"; else the whole text. Answers are compared after normalising: TeX that changes only the look goes,
\`\\dfrac\`, \`\\tfrac\` and a/b are \`\\frac\`, commas between thousands go, numbers lose needless zeros (025 = 25 = 25.0),
case and spaces do not count. There is no computer algebra: 1/2 and .5 are different answers.

\`pass_at_k\` is the unbiased estimate 1 − C(n−c, k)/C(n, k) from all n samples (Chen et al. 2021). \`avg_at_k\` is the share
of right ones among the first k. \`maj_at_k\` takes the most frequent of the first k, the first seen of equal ones; an empty
answer does not vote. Means are over problems; k is 1 to 5, 8, 10, 16, 20 … and the fewest samples of any problem.

## Known disagreements

Some tools report "any of the first k" as pass@k, which is noisier. Tools with computer algebra count more answers as
equal. A TeX thousands brace (\`10{,}000\`) stays as written, as in the scorer of Qwen2.5-Math, whose published outcome on
its 100 MATH problems × 8 samples (mean .91, pass@8 .96, maj@8 .93) this reproduces.
`,
  primary: 'avg_at_1',
  outputs: atKOutputs({ pass: 'pass', avg: 'avg', maj: 'maj' }, KS),
  resampling: 'query',
  predictions: [
    {
      name: 'answers',
      formats: ['.jsonl'],
      contents:
        'One problem a line: id, and answers, a list of responses or of extracted answers; gold where no labels are given.',
      example: '{"id": 60, "answers": ["… \\\\boxed{204}", "113"]}\n{"id": 61, "answers": ["25.0", "025"]}',
    },
  ],
  labels: [
    {
      name: 'gold answers',
      formats: ['.jsonl'],
      contents: 'One problem a line: id and answer (or gold), e.g. aime/aime24_test.jsonl of the data folders.',
      example: '{"id": 60, "answer": "204"}',
      optional: true,
    },
  ],
  fidelity: 'VARIANT(labels come with the predictions)',
  datasets: [],
  async score({ predictions, labels, progress }) {
    const file = onlyFile(predictions, 'predictions');
    const sampled = await readProblems(file, 'answers');
    const golds = labels.length > 0 ? await readProblems(onlyFile(labels, 'labels'), 'gold') : undefined;
    for (const { id, line, gold } of sampled.values()) {
      if (golds && !golds.has(id)) throw malformed(file.name, { line }, `id ${id}`, 'an id of the labels');
      if (!golds && gold === undefined)
        throw malformed(file.name, { line }, 'no gold answer', '"gold" on every line, or --labels');
    }
    const absent = golds ? [...golds.keys()].filter((id) => !sampled.has(id)) : [];
    if (absent.length > 0)
      throw malformed(
        file.name,
        {},
        `${absent.length} problems without answers (${absent.slice(0, 3).join(', ')})`,
        'every problem of the labels',
      );
    if (sampled.size === 0) throw malformed(file.name, {}, 'no problem', 'at least one');

    const problems = [...sampled.values()].map(({ id, gold, answers }) => {
      const right = normaliseAnswer(extractAnswer(golds?.get(id)?.gold ?? gold!));
      const given = answers!.map((response) => normaliseAnswer(extractAnswer(response)));
      return { id, right, given, correct: given.map((answer) => answer !== '' && answer === right) };
    });
    const fewest = Math.min(...problems.map(({ given }) => given.length));
    const most = Math.max(...problems.map(({ given }) => given.length));
    const outcomes: Record<string, Float64Array> = {};
    for (const k of new Set([...KS.filter((each) => each <= fewest), fewest])) {
      outcomes[`pass_at_${k}`] = Float64Array.from(problems, ({ correct }) =>
        passAtK(correct.length, correct.filter(Boolean).length, k),
      );
      outcomes[`avg_at_${k}`] = Float64Array.from(problems, ({ correct }) => avgAtK(correct, k));
      outcomes[`maj_at_${k}`] = Float64Array.from(problems, ({ given, right }) => majAtK(given, right, k));
    }
    progress(problems.length, problems.length, 'problems');
    return {
      scores: meansOf(outcomes),
      counts: { problems: problems.length, samples: problems.reduce((total, { given }) => total + given.length, 0) },
      warnings: fewest < most ? [`problems have ${fewest} to ${most} samples; k goes up to ${fewest}`] : [],
      outcomes,
      units: problems.map(({ id }) => id),
    };
  },
};
