'use client';

import { useEffect, useRef, useState } from 'react';
import { type FieldError, toFieldError } from './errors';
import type { SubmitPredictionsResult } from './query';
import { ask, sendFile, SendProblem } from './send-file';
import { MAX_UPLOAD_BYTES } from './upload-limits';

export interface Operations {
  readonly createUpload: string;
  readonly submitPredictions: string;
}

export interface Progress {
  readonly phase: 'checking' | 'sending' | 'storing';
  readonly file: string;
  readonly done: number;
  readonly total: number;
}

interface Chosen {
  readonly file: File;
  /** Of the field. */
  readonly index: number;
}

const chosenIn = (form: HTMLFormElement, kinds: number): Chosen[] =>
  Array.from({ length: kinds }, (_, index) => {
    const input = form.elements.namedItem(`file.${index}`);
    return Array.from((input instanceof HTMLInputElement && input.files) || [], (file) => ({ file, index }));
  }).flat();

function problemBefore(chosen: readonly Chosen[]): FieldError | undefined {
  const none = chosen.length === 0 ? { field: 'file.0', message: 'choose a file' } : undefined;
  const [bad] = chosen.filter(({ file }) => file.size === 0 || file.size > MAX_UPLOAD_BYTES);
  if (!bad) return none;
  const { file, index } = bad;
  const message = file.size === 0 ? `${file.name} is empty` : `${file.name} has more than ${MAX_UPLOAD_BYTES} bytes`;
  return { field: `file.${index}`, message };
}

/** Sends what a form of predictions holds and goes to its submission; a file that arrived once is not sent again. */
export function useSending(benchmark: string, kinds: number, operations: Operations, first: readonly FieldError[]) {
  const [errors, setErrors] = useState(first);
  const [signedOut, setSignedOut] = useState(false);
  const [progress, setProgress] = useState<Progress | null>(null);
  const uploads = useRef(new Map<File, string>());
  const work = useRef<AbortController | null>(null);
  useEffect(() => () => work.current?.abort(), []);
  const leaving = useRef(false);
  const busy = progress !== null;
  useEffect(() => {
    if (!busy) return;
    const warn = (event: BeforeUnloadEvent) => {
      if (!leaving.current) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [busy]);

  const upload = async ({ file, index }: Chosen, signal: AbortSignal): Promise<string> => {
    const known = uploads.current.get(file);
    if (known) return known;
    const told = (phase: 'checking' | 'sending', done: number) =>
      setProgress({ phase, file: file.name, done, total: file.size });
    told('checking', 0);
    const id = await sendFile({ benchmark, file, index, operation: operations.createUpload, signal, told });
    uploads.current.set(file, id);
    return id;
  };

  const submit = async (form: HTMLFormElement, signal: AbortSignal): Promise<string> => {
    const chosen = chosenIn(form, kinds);
    const problem = problemBefore(chosen);
    if (problem) throw new SendProblem([problem]);
    const data = new FormData(form);
    const ids: string[] = [];
    for (const one of chosen) ids.push(await upload(one, signal));
    setProgress({ phase: 'storing', file: '', done: 1, total: 1 });
    const note = String(data.get('note') ?? '').trim();
    const input = {
      benchmark,
      name: String(data.get('name') ?? ''),
      uploads: ids,
      ...(note ? { note } : {}),
      // An upload is used by one submission, so its id names the attempt.
      idempotencyKey: ids[0],
    };
    const { submitPredictions } = await ask<SubmitPredictionsResult>(operations.submitPredictions, { input }, signal);
    if (submitPredictions.submission) return submitPredictions.submission.id;
    throw new SendProblem(
      submitPredictions.userErrors.map((error) => {
        const at = Number(/^input\.uploads\[(\d+)\]/.exec(error.field ?? '')?.[1] ?? 0);
        return toFieldError(error, chosen[at]?.index);
      }),
    );
  };

  const send = async (form: HTMLFormElement): Promise<void> => {
    if (work.current) return;
    work.current = new AbortController();
    setErrors([]);
    setSignedOut(false);
    try {
      const id = await submit(form, work.current.signal);
      leaving.current = true;
      location.assign(`/submissions/${id}`);
      return;
    } catch (error) {
      if (error instanceof SendProblem) {
        setErrors(error.errors);
        setSignedOut(error.signedOut);
      } else if (!work.current.signal.aborted) {
        setErrors([{ field: null, message: 'the connection to the site broke; nothing was submitted' }]);
      }
    }
    work.current = null;
    setProgress(null);
  };

  return { errors, signedOut, progress, send, stop: () => work.current?.abort() };
}
