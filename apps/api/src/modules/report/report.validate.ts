/** What may be reported: known keys within their ranges, and a source that can be followed. */
import { outputOf } from '@touchstone/eval/meta';
import type { ReportedSource } from '../../jobs/entries.js';
import { LIMITS } from '../../lib/limits.js';
import { Refused, type Refusal } from '../../lib/user-error.js';
import type { Benchmark } from '../benchmark/benchmark.type.js';
import type { ReportedScoreInput, ReportedSourceInput } from './report.input.js';

const MAX = { name: 100, title: 300, url: 500, note: 2000 } as const;
const FIRST_YEAR = 1900;

/** Visible, one line or with breaks; control characters would be obeyed by a terminal. */
const isText = (text: string, most: number, breaks = false): boolean =>
  text.length >= 1 && text.length <= most && !/\p{C}/u.test(breaks ? text.replace(/\n/g, ' ') : text);

function textProblems(field: string, text: string, most: number): Refusal[] {
  return isText(text, most)
    ? []
    : [
        {
          code: 'PARAM_RANGE',
          message: `${field} is empty, too long or holds what cannot be seen`,
          field: `input.${field}`,
          value: text.slice(0, 200),
          allowed: `1 to ${most} characters that can be seen`,
        },
      ];
}

/** An address that a page may link to: no script, no data, no password. */
function isAddress(text: string): boolean {
  if (text.length > MAX.url || !URL.canParse(text) || /[\s\p{C}]/u.test(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}

function sourceProblems({ title, url, year, note }: ReportedSourceInput): Refusal[] {
  const problems = textProblems('source.title', title.trim(), MAX.title);
  if (!isAddress(url))
    problems.push({
      code: 'PARAM_RANGE',
      message: 'source.url is no address of a publication',
      field: 'input.source.url',
      value: url.slice(0, 200),
      allowed: `http:// or https://, at most ${MAX.url} characters, without user name and password`,
    });
  const last = new Date().getUTCFullYear() + 1;
  if (typeof year === 'number' && (year < FIRST_YEAR || year > last))
    problems.push({
      code: 'PARAM_RANGE',
      message: `source.year is ${year}`,
      field: 'input.source.year',
      value: year,
      allowed: `${FIRST_YEAR} to ${last}`,
    });
  if (typeof note === 'string' && note.trim() !== '' && !isText(note.trim(), MAX.note, true))
    problems.push({
      code: 'PARAM_RANGE',
      message: 'source.note is too long or holds what cannot be seen',
      field: 'input.source.note',
      value: note.slice(0, 200),
      allowed: `at most ${MAX.note} characters`,
    });
  return problems;
}

function scoreProblems(benchmark: Benchmark, scores: readonly ReportedScoreInput[]): Refusal[] {
  if (scores.length < 1 || scores.length > LIMITS.reportedScores)
    return [
      {
        code: 'PARAM_RANGE',
        message: `${scores.length} scores`,
        field: 'input.scores',
        value: scores.length,
        allowed: `1 to ${LIMITS.reportedScores}`,
      },
    ];
  const seen = new Set<string>();
  return scores.flatMap(({ key, value }, i): Refusal[] => {
    const field = `input.scores[${i}]`;
    const output = key.length <= 100 ? outputOf(benchmark.protocolRecord, key) : undefined;
    const allowed = (benchmark.protocolRecord.outputs ?? []).map((each) => each.key).join(', ');
    if (!output)
      return [
        {
          code: 'UNKNOWN_SCORE',
          message: `${benchmark.key} has no such score`,
          field: `${field}.key`,
          value: key.slice(0, 100),
          allowed,
        },
      ];
    if (seen.has(key))
      return [
        {
          code: 'PARAM_RANGE',
          message: `the score ${key} twice`,
          field: `${field}.key`,
          value: key,
          allowed: 'each key once',
        },
      ];
    seen.add(key);
    const [low, high] = output.range;
    if (Number.isFinite(value) && value >= low && value <= high) return [];
    return [
      {
        code: 'PARAM_RANGE',
        message: `${key} is ${value}`,
        field: `${field}.value`,
        value,
        allowed: `${low} to ${high} (${output.unit})`,
      },
    ];
  });
}

/** What was sent, trimmed; scores in ascending order of their keys. */
export interface Report {
  readonly name: string;
  readonly scores: readonly { readonly key: string; readonly value: number }[];
  readonly source: ReportedSource;
}

/** Throws Refused with every reason. */
export function checkReport(
  benchmark: Benchmark,
  { name, scores, source }: { name: string; scores: ReportedScoreInput[]; source: ReportedSourceInput },
): Report {
  const problems = [
    ...textProblems('name', name.trim(), MAX.name),
    ...sourceProblems(source),
    ...scoreProblems(benchmark, scores),
  ];
  if (problems.length > 0) throw new Refused(problems);
  const note = source.note?.trim();
  return {
    name: name.trim(),
    scores: scores.map(({ key, value }) => ({ key, value })).sort((a, b) => (a.key < b.key ? -1 : 1)),
    source: {
      title: source.title.trim(),
      url: new URL(source.url).href,
      ...(source.year ? { year: source.year } : {}),
      ...(note ? { note } : {}),
    },
  };
}
