import { print } from 'graphql';
import { Link } from '@/components/link';
import { Snippet } from '@/components/snippet';
import { TextLink } from '@/components/ui';
import type { FieldError } from './errors';
import { FileKindNote, kindsText } from './file-kind-note';
import { PredictionsForm } from './predictions-form';
import { predictionsCommands } from './predictions-commands';
import { createUploadMutation, type FormBenchmark, submitPredictionsMutation } from './query';

interface PredictionsPanelProps {
  readonly benchmark: FormBenchmark;
  readonly name: string;
  readonly note: string;
  readonly errors: readonly FieldError[];
  readonly signedIn: boolean;
}

/** The form for files beside the same from a shell; for strangers what the files look like, and the way to sign in. */
export function PredictionsPanel({ benchmark, name, note, errors, signedIn }: PredictionsPanelProps) {
  const back = `/submit?${new URLSearchParams({ benchmark: benchmark.key, ...(name && { name }), ...(note && { note }) })}`;
  const signIn = `/sign-in?${new URLSearchParams({ back })}`;
  const { cli, formats } = predictionsCommands(benchmark);
  return (
    <div className="grid gap-8 lg:grid-cols-[3fr_2fr]">
      {signedIn ? (
        <PredictionsForm
          key={benchmark.key}
          benchmark={benchmark.key}
          kinds={benchmark.files}
          name={name}
          note={note}
          errors={errors}
          operations={{
            createUpload: print(createUploadMutation),
            submitPredictions: print(submitPredictionsMutation),
          }}
          signIn={signIn}
        />
      ) : (
        <div className="grid gap-4 content-start min-w-0">
          <p>
            <Link href={signIn} className="button button-primary">
              Sign in to send files
            </Link>
          </p>
          {benchmark.files.map((kind) => (
            <section key={kind.name} aria-label={kind.name} className="grid gap-2 border-t border-line pt-3">
              <h2 className="!m-0">
                {kind.name}
                {kind.optional && <span className="text-soft font-normal"> (optional)</span>}
              </h2>
              <FileKindNote kind={kind} />
            </section>
          ))}
        </div>
      )}
      <div className="border-l border-line pl-4 min-w-0">
        <h2 className="!mt-0">What is taken</h2>
        <p className="text-soft">{kindsText(benchmark.files)}</p>
        <p className="text-soft mt-2">
          {benchmark.officialLabels
            ? 'Scored against the official labels, which nobody who sends files sees.'
            : 'The labels come with the predictions: rows may be of different data, so the board lists them and ranks none.'}{' '}
          <TextLink href={`/benchmarks/${benchmark.key}`}>The whole protocol</TextLink>
        </p>
        <div className="mt-6">
          <Snippet label="The same from a shell" text={cli} />
          <Snippet label="What the files look like" text={formats} />
        </div>
      </div>
    </div>
  );
}
