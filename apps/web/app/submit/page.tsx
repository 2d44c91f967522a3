import { print } from 'graphql';
import type { Metadata } from 'next';
import { Snippet } from '@/components/snippet';
import { Notice, PageHead, TextLink } from '@/components/ui';
import { PREDICTIONS_TEXT, predictionsCommand } from '@/features/leaderboard/query';
import { toInput, readFields } from '@/features/submit/input';
import { LiveEstimate } from '@/features/submit/live-estimate';
import { estimateQuery, formQuery } from '@/features/submit/query';
import { type FieldError, VariantForm } from '@/features/submit/variant-form';
import { isSignedIn, request } from '@/lib/api/client';
import { words } from '@/lib/format';

export const metadata: Metadata = { title: 'Submit' };

interface Props {
  searchParams: Promise<Record<string, string | undefined>>;
}

export default async function SubmitPage({ searchParams }: Props) {
  const search = await searchParams;
  const fields = readFields(Object.entries(search));
  const { benchmarks, benchmark } = await request(formQuery, { key: fields.benchmark || 'letter-retrieval' });
  const ranked = benchmark?.slots.find((slot) => slot.ranked);
  const method =
    ranked?.methods.find((candidate) => candidate.key === fields.method) ??
    ranked?.methods.find((candidate) => candidate.key !== ranked.default?.key) ??
    ranked?.methods[0];
  const errors = readErrors(search.errors);
  const input =
    method && benchmark
      ? toInput({ ...fields, benchmark: benchmark.key, method: method.key }, method.parameters)
      : null;
  const estimate = input && (await request(estimateQuery, { input })).estimate;

  return (
    <>
      <PageHead title="Submit a variant">
        A method with its parameters, trained and scored under the protocol of a benchmark over all its seeds. The same
        variant sent twice is run once.
      </PageHead>
      <form className="flex flex-wrap gap-3 items-end mb-6 border-b border-line pb-4">
        <label className="grid gap-1 text-soft min-w-0 max-w-full">
          Benchmark
          <select name="benchmark" defaultValue={benchmark?.key}>
            {benchmarks.nodes
              .filter((b) => b.state !== 'SUPERSEDED' && !b.reportedOnly)
              .map((b) => (
                <option key={b.key} value={b.key}>
                  {b.title} ({words(b.track === 'PREDICTIONS' ? b.track : b.slot)}
                  {b.state === 'DATA_MISSING' ? ', data missing' : ''})
                </option>
              ))}
          </select>
        </label>
        {benchmark?.track !== 'PREDICTIONS' && (
          <label className="grid gap-1 text-soft min-w-0 max-w-full">
            Method
            <select name="method" defaultValue={method?.key}>
              {ranked?.methods.map((m) => (
                <option key={m.key} value={m.key}>
                  {m.title}
                </option>
              ))}
            </select>
          </label>
        )}
        <button className="button">Choose</button>
      </form>
      {!benchmark && (
        <Notice tone="bad">
          There is no benchmark “{fields.benchmark}”. <TextLink href="/benchmarks">All benchmarks</TextLink>
        </Notice>
      )}
      {benchmark?.state === 'DATA_MISSING' && (
        <Notice tone="bad">{benchmark.stateMessage} A submission waits until a worker has it.</Notice>
      )}
      {benchmark?.reportedOnly && (
        <p className="text-soft">
          This board lists published numbers. They come in over the API (reportResults) or with touchstone import.
        </p>
      )}
      {benchmark?.track === 'PREDICTIONS' && !benchmark.reportedOnly && (
        <>
          <p className="text-soft mb-3">
            {PREDICTIONS_TEXT} Files are sent from the command line, which also says what they must look like.
          </p>
          <Snippet label="What the files look like" text={`npx touchstone score --formats ${benchmark.key}`} />
          <Snippet label="Send them" text={predictionsCommand(benchmark.key)} />
        </>
      )}
      {benchmark && method && input && estimate && (
        <LiveEstimate
          key={`${benchmark.key} ${method.key}`}
          initial={estimate}
          initialInput={input}
          types={method.parameters.map(({ name, type }) => ({ name, type }))}
          operation={print(estimateQuery)}
        >
          <VariantForm
            benchmark={benchmark}
            method={method}
            fields={fields}
            errors={errors}
            signedIn={await isSignedIn()}
          />
        </LiveEstimate>
      )}
    </>
  );
}

/** What the last attempt was refused for, carried in the address so that it works without JavaScript. */
function readErrors(text: string | undefined): FieldError[] {
  if (!text) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return [];
    return parsed.slice(0, 20).flatMap((item: unknown) => {
      if (typeof item !== 'object' || item === null || !('message' in item)) return [];
      const field = 'field' in item && typeof item.field === 'string' ? item.field : null;
      return [{ field, message: String(item.message).slice(0, 500) }];
    });
  } catch {
    return [];
  }
}
