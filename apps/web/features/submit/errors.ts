/** What a form was refused for, field by field. */

export interface FieldError {
  readonly field: string | null;
  readonly message: string;
}

/** `input.params.alpha` and `params.alpha` name the same field. */
export const fieldName = (error: FieldError): string => error.field?.replace(/^input\./, '') ?? '';

export const errorOf = (errors: readonly FieldError[], name: string): FieldError | undefined =>
  errors.find((error) => fieldName(error) === name);

/** What the last attempt was refused for, carried in the address so that it works without JavaScript. */
export function readErrors(text: string | undefined): FieldError[] {
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

/** One of the API's refusals as a form shows it: the failure, and what would have been accepted. */
export function toFieldError(
  error: { readonly field?: string | null; readonly message: string; readonly allowed?: string | null },
  file?: number,
): FieldError {
  const field = error.field ?? null;
  const ofFile = file !== undefined && /^input\.(fileName|bytes|sha256|uploads\b)/.test(field ?? '');
  return {
    field: ofFile ? `file.${file}` : field,
    message: error.allowed ? `${error.message}; allowed: ${error.allowed}` : error.message,
  };
}
