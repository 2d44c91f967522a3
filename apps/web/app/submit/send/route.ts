import { randomUUID } from 'node:crypto';
import { readFields, toInput, type VariantFields } from '@/features/submit/input';
import { formQuery, submitMutation } from '@/features/submit/query';
import { ApiError, isSignedIn, request } from '@/lib/api/client';
import { sameOrigin } from '@/lib/origin';

const go = (location: string) => new Response(null, { status: 303, headers: { location } });

/** The form's target. Refused input goes back to the form with its fields and what was wrong with each. */
export async function POST(incoming: Request): Promise<Response> {
  if (!sameOrigin(incoming)) return new Response('wrong origin\n', { status: 403 });
  const fields = readFields(await incoming.formData());
  if (!(await isSignedIn())) return go(`/sign-in?${new URLSearchParams({ back: formAddress(fields) })}`);
  try {
    const { benchmark } = await request(formQuery, { key: fields.benchmark });
    const method = benchmark?.slots
      .flatMap((slot) => slot.methods)
      .find((candidate) => candidate.key === fields.method);
    const bad = numberErrors(fields);
    if (bad.length) return back(fields, bad);
    const { submitVariant } = await request(submitMutation, {
      input: { ...toInput(fields, method?.parameters ?? []), idempotencyKey: randomUUID() },
    });
    if (submitVariant.submission) return go(`/submissions/${submitVariant.submission.id}`);
    return back(fields, submitVariant.userErrors);
  } catch (error) {
    if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') return go('/sign-in?problem=token');
    if (error instanceof ApiError) return back(fields, [{ field: null, message: error.message }]);
    throw error;
  }
}

/** The API takes numbers here, so text that is none is named before it is lost. */
function numberErrors(fields: VariantFields): { field: string; message: string }[] {
  return (['learningRate', 'weightDecay'] as const)
    .filter((name) => fields[name].trim() !== '' && !Number.isFinite(Number(fields[name])))
    .map((name) => ({ field: name, message: `${name} “${fields[name]}” is not a number` }));
}

function formAddress({ params, ...plain }: VariantFields, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({ ...plain, ...more });
  for (const [name, value] of Object.entries(params)) query.set(`param.${name}`, value);
  return `/submit?${query}`;
}

function back(fields: VariantFields, errors: readonly { field?: string | null; message: string }[]): Response {
  return go(formAddress(fields, { errors: JSON.stringify(errors.map(({ field, message }) => ({ field, message }))) }));
}
