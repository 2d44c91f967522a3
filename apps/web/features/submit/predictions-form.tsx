'use client';

import { useEffect, useRef } from 'react';
import { Link } from '@/components/link';
import { formatBytes } from '@/lib/format';
import { errorOf, type FieldError, fieldName } from './errors';
import { Field } from './field';
import { FileKindNote } from './file-kind-note';
import type { FileKind } from './query';
import { MAX_PLAIN_FORM_BYTES, MAX_UPLOAD_BYTES } from './upload-limits';
import { type Operations, type Progress, useSending } from './use-sending';

interface PredictionsFormProps {
  readonly benchmark: string;
  readonly kinds: readonly FileKind[];
  readonly name: string;
  readonly note: string;
  /** Of the last attempt without JavaScript. */
  readonly errors: readonly FieldError[];
  readonly operations: Operations;
  /** Where to sign in again and come back from. */
  readonly signIn: string;
}

/** Name, note and files; sent with progress where scripts run, as one plain form where they do not. */
export function PredictionsForm({ benchmark, kinds, name, note, operations, signIn, ...given }: PredictionsFormProps) {
  const { errors, signedOut, progress, send, stop } = useSending(benchmark, kinds.length, operations, given.errors);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (errors.length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [errors]);
  const shown = ['name', 'note', ...kinds.map((_, i) => `file.${i}`)];
  return (
    <form
      ref={form}
      action={`/submit/predictions?benchmark=${encodeURIComponent(benchmark)}`}
      method="post"
      encType="multipart/form-data"
      className="grid gap-5 content-start min-w-0"
      onSubmit={(event) => {
        event.preventDefault();
        void send(event.currentTarget);
      }}
    >
      <Field
        name="name"
        label="Name of the row"
        hint="What made the predictions, as the board shows it; at most 100 characters."
        error={errorOf(errors, 'name')}
      >
        {(attributes) => (
          <input
            {...attributes}
            required
            maxLength={100}
            defaultValue={name}
            autoComplete="off"
            className="max-w-[480px]"
          />
        )}
      </Field>
      {kinds.map((kind, i) => (
        <div key={kind.name} className="grid gap-2 min-w-0 border-t border-line pt-3">
          <Field
            name={`file.${i}`}
            label={
              <>
                <span className="font-semibold">File: {kind.name}</span>
                {kind.optional && <span className="text-soft"> (optional)</span>}
              </>
            }
            hint={`At most ${formatBytes(MAX_UPLOAD_BYTES)} a file.`}
            error={errorOf(errors, `file.${i}`)}
          >
            {(attributes) => <input {...attributes} type="file" multiple required={kinds.length === 1} />}
          </Field>
          <FileKindNote kind={kind} />
        </div>
      ))}
      <Field
        name="note"
        label="Note (optional)"
        hint="For people; at most 2,000 characters."
        error={errorOf(errors, 'note')}
      >
        {(attributes) => <textarea {...attributes} rows={3} maxLength={2000} defaultValue={note} />}
      </Field>
      {errors
        .filter((error) => !shown.includes(fieldName(error)))
        .map((error) => (
          <p key={error.message} role="alert" className="text-bad break-words">
            {error.message} {signedOut && <Link href={signIn}>Sign in again</Link>}
          </p>
        ))}
      <noscript>
        <p className="text-soft">
          Without JavaScript a form carries at most {formatBytes(MAX_PLAIN_FORM_BYTES)} of files in all, and shows no
          progress. The command line takes larger ones.
        </p>
      </noscript>
      {progress ? (
        <ProgressOf progress={progress} stop={stop} />
      ) : (
        <div>
          <button className="button button-primary">Submit predictions</button>
        </div>
      )}
    </form>
  );
}

const PHASES: Readonly<Record<Progress['phase'], string>> = {
  checking: 'Computing the checksum of',
  sending: 'Sending',
  storing: 'Submitting',
};

function ProgressOf({ progress: { phase, file, done, total }, stop }: { progress: Progress; stop: () => void }) {
  return (
    <div className="grid gap-1 max-w-[480px]">
      <p className="break-words">
        <span role="status">
          {PHASES[phase]} {file}
        </span>{' '}
        {phase !== 'storing' && (
          <span className="text-soft tabular-nums">
            {formatBytes(done)} of {formatBytes(total)}
          </span>
        )}
      </p>
      <progress
        aria-label={`${PHASES[phase]} ${file}`}
        className="block w-full h-1 accent-[var(--accent)]"
        value={done}
        max={Math.max(1, total)}
      />
      <div>
        <button type="button" className="button button-small" onClick={stop}>
          Stop
        </button>
      </div>
    </div>
  );
}
