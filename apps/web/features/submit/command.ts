import type { SubmitInput } from './input';

const quoted = (text: string) => (/^[\w.+@=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** The same submission from a shell. */
export function submitCommand(input: SubmitInput): string {
  const params = Object.entries(input.params).map(([name, value]) => `-p ${quoted(`${name}=${String(value)}`)}`);
  const words = [
    `npx touchstone submit -b ${quoted(input.benchmark)} -m ${quoted(input.method)}`,
    ...params,
    input.division ? `-d ${input.division}` : '',
    input.learningRate === null ? '' : `--learning-rate ${input.learningRate}`,
    input.weightDecay === null ? '' : `--weight-decay ${input.weightDecay}`,
    '--watch',
  ];
  return words.filter(Boolean).join(' ');
}
