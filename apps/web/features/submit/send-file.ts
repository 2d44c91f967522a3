/** The browser's part of sending files: hash, announce, send, each with its progress. */
import { Sha256 } from '@/lib/sha256';
import { type FieldError, toFieldError } from './errors';
import type { CreateUploadResult } from './query';

/** What was refused, at which field. */
export class SendProblem extends Error {
  override readonly name = 'SendProblem';
  constructor(
    readonly errors: readonly FieldError[],
    readonly signedOut = false,
  ) {
    super(errors.map(({ message }) => message).join('; '));
  }
}

interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** Throws SendProblem for whatever the API says before it looks at the input. */
export async function ask<T>(query: string, variables: unknown, signal: AbortSignal): Promise<T> {
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal,
  });
  const { data, errors } = (await answer.json()) as Answer<T>;
  if (data && !errors?.length) return data;
  const code = errors?.[0]?.extensions?.code;
  throw new SendProblem(
    [{ field: null, message: errors?.[0]?.message ?? `HTTP ${answer.status}` }],
    code === 'UNAUTHENTICATED',
  );
}

/** How long the page may stand still while a piece is hashed. */
const TURN_MS = 12;

/** Hex SHA-256 of the content, read as a stream; `told` hears how many bytes are done. */
export async function hashOf(file: Blob, told: (done: number) => void, signal: AbortSignal): Promise<string> {
  const hash = new Sha256();
  const reader = file.stream().getReader();
  let done = 0;
  let turn = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const piece = await reader.read();
    if (piece.done) return hash.digest();
    hash.update(piece.value);
    done += piece.value.length;
    if (performance.now() - turn < TURN_MS) continue;
    told(done);
    await new Promise((next) => setTimeout(next));
    turn = performance.now();
  }
}

/** PUT with progress, which fetch does not tell. Throws SendProblem. */
function put(address: string, file: File, index: number, told: (done: number) => void, signal: AbortSignal) {
  return new Promise<void>((done, fail) => {
    const request = new XMLHttpRequest();
    const refuse = (message: string) => fail(new SendProblem([{ field: `file.${index}`, message }]));
    request.open('PUT', address);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = (event) => told(event.loaded);
    request.onload = () => {
      if (request.status === 201) return done();
      refuse(messageIn(request.responseText) ?? `${file.name} was refused: HTTP ${request.status}`);
    };
    request.onerror = () => refuse(`the connection broke while ${file.name} was on its way`);
    request.onabort = () => fail(signal.reason as Error);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

function messageIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as Answer<never>).errors?.[0]?.message;
  } catch {
    return undefined;
  }
}

export interface Sending {
  readonly benchmark: string;
  readonly file: File;
  /** Of the field that it was chosen in. */
  readonly index: number;
  /** The text of the mutation createUpload. */
  readonly operation: string;
  readonly signal: AbortSignal;
  told(phase: 'checking' | 'sending', done: number): void;
}

/** One file from the picker to the store of the server; the id of its upload. Throws SendProblem. */
export async function sendFile({ benchmark, file, index, operation, signal, told }: Sending): Promise<string> {
  const sha256 = await hashOf(file, (done) => told('checking', done), signal);
  const input = { benchmark, fileName: file.name, bytes: file.size, sha256 };
  const { createUpload } = await ask<CreateUploadResult>(operation, { input }, signal);
  if (!createUpload.upload) throw new SendProblem(createUpload.userErrors.map((error) => toFieldError(error, index)));
  // The API's address may be one that only the site's server reaches: the path is what counts, this site passes it on.
  const { pathname, search } = new URL(createUpload.upload.url);
  told('sending', 0);
  await put(pathname + search, file, index, (done) => told('sending', done), signal);
  return createUpload.upload.id;
}
