import { CopyButton } from './copy-button';

/** A command to take along: selectable without JavaScript, with a button where there is some. */
export function Snippet({ label, text }: { label: string; text: string }) {
  return (
    <div className="my-3">
      <p className="flex items-center gap-3 text-soft mb-1">
        {label} <CopyButton text={text} label={label} />
      </p>
      <pre className="whitespace-pre-wrap break-words">{text}</pre>
    </div>
  );
}
