import { Notice, TextLink } from '@/components/ui';
import { FileKindNote } from '@/features/submit/file-kind-note';
import type { Submission } from './query';

/** Why predictions could not be scored: file, place, what was found and what is allowed, beside what is taken. */
export function BadFiles({ submission: { label, benchmark, runs } }: { submission: Submission }) {
  const bad = runs.filter((run) => run.state === 'FAILED' && run.reason === 'BAD_FILE');
  if (bad.length === 0) return null;
  const again = `/submit?${new URLSearchParams({ benchmark: benchmark.key, name: label })}`;
  return (
    <>
      <Notice tone="bad">
        <strong className="font-semibold">The file cannot be scored.</strong>
        {bad.map((run) => (
          <code key={run.id} className="block break-words whitespace-pre-wrap mt-1">
            {run.message}
          </code>
        ))}
      </Notice>
      <p className="mb-4">
        <TextLink href={again}>Send a mended file</TextLink>
      </p>
      <details>
        <summary>What {benchmark.title} takes</summary>
        {benchmark.files.map((kind) => (
          <section key={kind.name} aria-label={kind.name} className="border-t border-line py-3 mt-2">
            <h2 className="!mt-0 !mb-1">{kind.name}</h2>
            <FileKindNote kind={kind} />
          </section>
        ))}
      </details>
    </>
  );
}
