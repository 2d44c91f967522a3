import { Snippet } from '@/components/snippet';
import { TextLink } from '@/components/ui';
import { FileKindNote, kindsText } from '@/features/submit/file-kind-note';
import { predictionsCommands } from '@/features/submit/predictions-commands';
import type { Benchmark } from './query';

/** What to send and how, and where the labels are. */
export function PredictionsGuide({ benchmark: b }: { benchmark: Benchmark }) {
  const commands = predictionsCommands(b);
  return (
    <>
      <h2 id="files">Files</h2>
      <p className="text-soft mb-2">{kindsText(b.files)}</p>
      {b.files.map((kind) => (
        <section key={kind.name} aria-label={kind.name} className="border-t border-line py-3">
          <h3 className="!mt-0 mb-1">
            {kind.name}
            {kind.optional && <span className="text-soft font-normal"> (optional)</span>}
          </h3>
          <FileKindNote kind={kind} />
        </section>
      ))}
      <h2 id="submit">How to submit</h2>
      <p>
        <TextLink href={`/submit?benchmark=${b.key}`}>With the form of this site</TextLink>, or:
      </p>
      <Snippet label="From a shell" text={commands.cli} />
      <Snippet label="From Python, with python/touchstone_client.py" text={commands.python} />
      <Snippet label="With curl" text={commands.curl} />
      <Snippet label="Score here, without a server" text={commands.score} />
      {b.dataKeys.length > 0 && <Data benchmark={b} />}
    </>
  );
}

function Data({ benchmark: { dataKeys, state, stateMessage } }: { benchmark: Benchmark }) {
  return (
    <>
      <h2 id="data">Official labels</h2>
      <p className="text-soft max-w-[72ch]">
        {state === 'DATA_MISSING' ? `${stateMessage} Files may be sent before: they wait until a worker has it. ` : ''}
        They are read from {dataKeys.length === 1 ? 'the folder' : 'the folders'}{' '}
        {dataKeys.map((key, i) => (
          <span key={key}>
            {i > 0 && ' and '}
            <code>{key}</code>
          </span>
        ))}{' '}
        under one of the paths of <code>TOUCHSTONE_DATA</code>, on the machine whose worker scores;{' '}
        <code>docs/score-predictions.md</code> says more.
      </p>
      <Snippet label="Where a worker finds them" text={`export TOUCHSTONE_DATA=/data   # holds /data/${dataKeys[0]}`} />
    </>
  );
}
