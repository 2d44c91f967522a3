import type { FileKind } from './query';

/** What one kind of file looks like: its formats, its content in words, a few lines as a person would write them. */
export function FileKindNote({ kind, id }: { kind: Omit<FileKind, 'name'>; id?: string | undefined }) {
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap gap-1.5" id={id}>
        <span className="sr-only">Formats: </span>
        {kind.formats.map((format) => (
          <code key={format} className="border border-line px-1.5">
            {format}
          </code>
        ))}
      </p>
      <p className="text-soft my-1 break-words max-w-[72ch]">{kind.contents}</p>
      <pre tabIndex={0} aria-label="Example">
        {kind.example}
      </pre>
    </div>
  );
}

/** How the kinds go together. */
export function kindsText(kinds: readonly { readonly optional: boolean }[]): string {
  if (kinds.length < 2) return 'A folder is sent as .zip or .tar.gz.';
  return 'These are ways to say the same: send the one that suits you, or what a description says belongs together. A folder is sent as .zip or .tar.gz.';
}
