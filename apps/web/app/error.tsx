'use client';

/** What a page shows when the API refuses or is away; the message of a production build names no internals. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div role="alert">
      <h1>This page could not be made</h1>
      <p className="mt-2 text-soft max-w-[72ch]">
        The API did not answer, or refused the question. Nothing was lost: what was submitted stays in the queue. Try
        again in a moment.
        {error.digest ? ` Reference: ${error.digest}.` : ''}
      </p>
      <button className="button mt-4" onClick={reset}>
        Try again
      </button>
    </div>
  );
}
