import { print } from 'graphql';
import type { Metadata } from 'next';
import { Notice, PageHead, TextLink } from '@/components/ui';
import { readErrors } from '@/features/submit/errors';
import { toInput, readFields } from '@/features/submit/input';
import { LiveEstimate } from '@/features/submit/live-estimate';
import { PredictionsPanel } from '@/features/submit/predictions-panel';
import { estimateQuery, formQuery } from '@/features/submit/query';
import { VariantForm } from '@/features/submit/variant-form';
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
  const sent = benchmark?.track === 'PREDICTIONS';
  const input =
    method && benchmark
      ? toInput({ ...fields, benchmark: benchmark.key, method: method.key }, method.parameters)
      : null;
  const estimate = input && (await request(estimateQuery, { input })).estimate;

  return (
    <>
      {sent ? (
        <PageHead title="Submit predictions">
          Files made elsewhere, scored here by the rules of the protocol. The same files sent again are the same row.
        </PageHead>
      ) : (
        <PageHead title="Submit a variant">
          A method with its parameters, trained and scored under the protocol of a benchmark over all its seeds. The
          same variant sent twice is run once.
        </PageHead>
      )}
      <form className="flex flex-wrap gap-3 items-end mb-6 border-b border-line pb-4">
        <label className="grid gap-1 text-soft min-w-0 max-w-full">
          Benchmark
          <select name="benchmark" defaultValue={benchmark?.key}>
            {(['TRAIN', 'PREDICTIONS'] as const).map((track) => (
              <optgroup key={track} label={track === 'TRAIN' ? 'Trained here' : 'Predictions'}>
                {benchmarks.nodes
                  .filter((b) => b.state !== 'SUPERSEDED' && !b.reportedOnly && b.track === track)
                  .map((b) => (
                    <option key={b.key} value={b.key}>
                      {b.title}
                      {track === 'TRAIN' && ` (${words(b.slot)})`}
                      {b.state === 'DATA_MISSING' && ', data missing'}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        </label>
        {!sent && (
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
        <Notice>{benchmark.stateMessage} A submission waits until a worker has it.</Notice>
      )}
      {benchmark?.reportedOnly && (
        <p className="text-soft">
          This board lists published numbers. They come in over the API (reportResults) or with touchstone import.
        </p>
      )}
      {benchmark && sent && !benchmark.reportedOnly && (
        <PredictionsPanel
          benchmark={benchmark}
          name={search.name ?? ''}
          note={search.note ?? ''}
          errors={errors}
          signedIn={await isSignedIn()}
        />
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
