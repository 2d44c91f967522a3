/** From the fields of the form to the API's input, the same for the plain POST, the estimate on the server and the one in the browser. */

export interface VariantFields {
  readonly benchmark: string;
  readonly method: string;
  readonly division: string;
  readonly learningRate: string;
  readonly weightDecay: string;
  /** By parameter name, as typed. */
  readonly params: Readonly<Record<string, string>>;
}

export interface ParameterType {
  readonly name: string;
  readonly type: string;
}

type Division = 'PLATFORM_TUNED' | 'PUBLISHED_DEFAULTS' | 'OPEN';

export interface SubmitInput {
  benchmark: string;
  method: string;
  params: Record<string, unknown>;
  division: Division | null;
  learningRate: number | null;
  weightDecay: number | null;
}

/** What is typed goes on as it is where it is no number: the API's error then names it. */
function typed(text: string, type: string): unknown {
  const trimmed = text.trim();
  if (type === 'boolean') return trimmed === 'true' ? true : trimmed === 'false' ? false : trimmed;
  if (type === 'number' || type === 'integer')
    return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
  return trimmed;
}

function numberOrNull(text: string): number | null {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}

export function toInput(fields: VariantFields, types: readonly ParameterType[]): SubmitInput {
  const params: Record<string, unknown> = {};
  for (const { name, type } of types) {
    const text = fields.params[name];
    if (text !== undefined && text.trim() !== '') params[name] = typed(text, type);
  }
  const division =
    fields.division === 'PLATFORM_TUNED' || fields.division === 'PUBLISHED_DEFAULTS' || fields.division === 'OPEN'
      ? fields.division
      : null;
  return {
    benchmark: fields.benchmark,
    method: fields.method,
    params,
    division,
    learningRate: numberOrNull(fields.learningRate),
    weightDecay: numberOrNull(fields.weightDecay),
  };
}

/** From a form's or an address's fields; parameters are named `param.alpha`. */
export function readFields(entries: Iterable<readonly [string, unknown]>): VariantFields {
  const plain: Record<string, string> = {};
  const params: Record<string, string> = {};
  for (const [name, value] of entries) {
    if (typeof value !== 'string') continue;
    if (name.startsWith('param.')) params[name.slice('param.'.length)] = value;
    else plain[name] = value;
  }
  return {
    benchmark: plain.benchmark ?? '',
    method: plain.method ?? '',
    division: plain.division ?? '',
    learningRate: plain.learningRate ?? '',
    weightDecay: plain.weightDecay ?? '',
    params,
  };
}
