/** `touchstone score`: prediction files against the official labels, here and without a server. */
import type { FileNote, PredictionProtocol, ScoredPredictions } from '@touchstone/eval/predictions';
import { CliError, EXIT, type ExitCode } from '../core/errors.js';
import { type Io, progressBar } from '../core/io.js';
import { formatNumber, formatTable } from '../core/text.js';

interface ScoreOptions {
  readonly predictions?: readonly string[];
  readonly labels?: readonly string[];
  readonly formats?: boolean;
  readonly json?: boolean;
}

export async function score(benchmark: string, options: ScoreOptions, io: Io): Promise<ExitCode> {
  const { getProtocol, scorePredictions } = await import('@touchstone/eval/predictions');
  const protocol = getProtocol(benchmark);
  if (options.formats) {
    io.out(options.json ? `${JSON.stringify(formatsOf(protocol))}\n` : formatsText(protocol, io));
    return EXIT.ok;
  }
  if (!options.predictions?.length)
    throw new CliError('USAGE', `score ${protocol.key}: --predictions is missing`, {
      field: '--predictions',
      value: null,
      allowed: `files or folders; \`touchstone score --formats ${protocol.key}\` explains them`,
    });
  const started = Date.now();
  const report = await scorePredictions({
    benchmark,
    predictions: options.predictions,
    ...(options.labels ? { labels: options.labels } : {}),
    onProgress(done, total, what) {
      if (Date.now() - started > 1000) io.progress(`${progressBar(done, total)} ${what}`);
    },
  });
  for (const warning of report.warnings) io.note(`${io.colour.yellow('warning')} ${warning}`);
  const { scores, counts, warnings } = report;
  if (options.json)
    io.out(`${JSON.stringify({ benchmark: protocol.key, version: protocol.version, scores, counts, warnings })}\n`);
  else io.out(scoresText(protocol, report));
  return EXIT.ok;
}

function scoresText(protocol: PredictionProtocol, { benchmark, scores, counts }: ScoredPredictions): string {
  const table = formatTable(
    [
      { title: 'score', cell: ([key]: [string, number]) => (key === protocol.primary ? `${key} *` : key) },
      { title: 'value', align: 'right', cell: ([, value]: [string, number]) => formatNumber(value) },
    ],
    Object.entries(scores),
  );
  const counted = Object.entries(counts).map(([name, count]) => `${count.toLocaleString('en')} ${name}`);
  return `${benchmark}: ${counted.join(', ')}\n${table}* primary\n`;
}

const formatsOf = ({ key, version, predictions, labels, datasets }: PredictionProtocol) => ({
  benchmark: `${key}@${version}`,
  predictions,
  labels,
  datasets: datasets.map(({ folder }) => folder),
});

function formatsText(protocol: PredictionProtocol, io: Io): string {
  const note = ({ name, formats, contents, example, optional }: FileNote): string =>
    `${io.colour.bold(name)}${optional ? ' (optional)' : ''}: ${formats.join(', ')}\n  ${contents}\n` +
    example
      .split('\n')
      .map((line) => `    ${line}\n`)
      .join('');
  const data = protocol.datasets.length
    ? `Labels are read from ${protocol.datasets.map(({ folder }) => folder).join(', ')} under TOUCHSTONE_DATA, or from --labels:\n`
    : 'Labels (--labels):\n';
  return (
    `${protocol.title} (${protocol.key}@${protocol.version})\n${protocol.summary}\n\n` +
    `Predictions (--predictions):\n${protocol.predictions.map(note).join('\n')}\n` +
    (protocol.labels.length ? `${data}${protocol.labels.map(note).join('\n')}` : data)
  );
}
