import { type FieldError } from '@/features/submit/errors';
import { sendPlain } from '@/features/submit/send-plain';
import { MAX_PLAIN_FORM_BYTES } from '@/features/submit/upload-limits';
import { ApiError, isSignedIn, request } from '@/lib/api/client';
import { graphql } from '@/lib/api/graphql';
import { formatBytes } from '@/lib/format';
import { sameOrigin } from '@/lib/origin';

const viewerQuery = graphql(`
  query Viewer {
    viewer {
      id
    }
  }
`);

/** Room for the fields and the lines between the parts. */
const FIELDS_BYTES = 100_000;

const go = (location: string) => new Response(null, { status: 303, headers: { location } });
const formAddress = (fields: Readonly<Record<string, string>>) => `/submit?${new URLSearchParams(fields)}`;

function back(fields: Readonly<Record<string, string>>, errors: readonly FieldError[]): Response {
  return go(formAddress({ ...fields, errors: JSON.stringify(errors) }));
}

/** The form without JavaScript. Nothing is read before the sender is known and the length is bounded. */
export async function POST(incoming: Request): Promise<Response> {
  if (!sameOrigin(incoming)) return new Response('wrong origin\n', { status: 403 });
  // In the address, because the fields may not be read yet.
  const benchmark = new URL(incoming.url).searchParams.get('benchmark') ?? '';
  try {
    if (!(await isSignedIn()) || !(await request(viewerQuery)).viewer)
      return go(`/sign-in?${new URLSearchParams({ back: formAddress({ benchmark }) })}`);
    const length = Number(incoming.headers.get('content-length') ?? NaN);
    if (!(length <= MAX_PLAIN_FORM_BYTES + FIELDS_BYTES))
      return back({ benchmark }, [
        {
          field: 'file.0',
          message: `the files have more than ${formatBytes(MAX_PLAIN_FORM_BYTES)}, which is what a form without JavaScript carries`,
        },
      ]);
    return await receive(benchmark, await incoming.formData());
  } catch (error) {
    if (error instanceof ApiError) return back({ benchmark }, [{ field: null, message: error.message }]);
    throw error;
  }
}

async function receive(benchmark: string, form: FormData): Promise<Response> {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  const fields = { benchmark, name: text('name'), note: text('note') };
  const files = [...form].flatMap(([name, file]) => {
    const index = /^file\.(\d{1,2})$/.exec(name)?.[1];
    // A field that nobody filled in comes as an empty file without a name.
    return index !== undefined && typeof file !== 'string' && file.name !== '' ? [{ file, index: Number(index) }] : [];
  });
  if (files.length === 0) return back(fields, [{ field: 'file.0', message: 'choose a file' }]);
  try {
    const outcome = await sendPlain({ ...fields, files });
    return 'id' in outcome ? go(`/submissions/${outcome.id}`) : back(fields, outcome.errors);
  } catch (error) {
    if (error instanceof ApiError) return back(fields, [{ field: null, message: error.message }]);
    throw error;
  }
}
