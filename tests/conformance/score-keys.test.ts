import { readFile, writeFile } from 'node:fs/promises';
import type { MetricOutput } from '@touchstone/eval/meta';
import { listMetrics, listPredictionBenchmarks, scoreOutputs } from '@touchstone/eval/meta';
import { listProtocols } from '@touchstone/eval/predictions';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';

const committed = new URL('../../docs/score-keys.md', import.meta.url);

const table = (outputs: readonly MetricOutput[]): string =>
  [
    '| key | meaning | better | unit | range |',
    '| --- | --- | --- | --- | --- |',
    ...outputs.map(
      ({ key, title, direction, unit, range }) =>
        `| \`${key}\` | ${title.replaceAll('|', '\\|')} | ${direction} | ${unit} | ${range[0]} … ${range[1]} |`,
    ),
  ].join('\n');

it('docs/score-keys.md lists every score key (TOUCHSTONE_UPDATE_DOCS=1 writes it)', async () => {
  const trained = listMetrics().flatMap((metric) => metric.outputs);
  const sections = listProtocols().map(
    ({ key, version, title, summary, primary, oracle, outputs }) =>
      `## ${key}\n\n${title}, version ${version}. ${summary}\n\nPrimary: \`${primary}\`.` +
      `${oracle ? ` Official tool: ${oracle.tool}, ${oracle.version}.` : ''}\n\n${table(outputs)}`,
  );
  const reported = listPredictionBenchmarks()
    .filter(({ scoring }) => !scoring)
    .map(
      ({ protocol, title, summary }) =>
        `## ${protocol.key}\n\n${title}, version ${protocol.version}. ${summary}\n\nPrimary: \`${protocol.primary}\`.\n\n` +
        table(scoreOutputs(protocol)),
    );
  const text =
    '# Score keys\n\nEvery number has a key; it is the same in files, in the API and on the site. Fractions are fractions of 1 unless ' +
    'the unit says percent.\n\n## Benchmarks that train\n\nWhich of them a benchmark gives stands on its page.\n\n' +
    `${table(trained)}\n\n# Keys of the predictions track\n\nThese benchmarks score files: see [Score predictions](score-predictions.md).\n\n` +
    `${sections.join('\n\n')}\n\n# Keys of reported numbers\n\nThese boards list published numbers: see ` +
    `[Published results](published-results.md).\n\n${reported.join('\n\n')}\n`;
  const path = committed.pathname;
  const formatted = await format(text, { ...(await resolveConfig(path)), filepath: path });
  if (process.env['TOUCHSTONE_UPDATE_DOCS']) await writeFile(committed, formatted);
  expect(await readFile(committed, 'utf8')).toBe(formatted);
});
