import type { VariantFields } from './input';
import type { FormBenchmark, FormMethod, Parameter } from './query';

export interface FieldError {
  readonly field: string | null;
  readonly message: string;
}

interface VariantFormProps {
  benchmark: FormBenchmark;
  method: FormMethod;
  fields: VariantFields;
  errors: readonly FieldError[];
  signedIn: boolean;
}

/** `input.params.alpha` and `params.alpha` name the same field. */
const errorOf = (errors: readonly FieldError[], name: string) => errors.find((error) => error.field?.replace(/^input\./, '') === name);

export function VariantForm({ benchmark, method, fields, errors, signedIn }: VariantFormProps) {
  const space = benchmark.space as { learningRate?: { default: number }; weightDecay?: { default: number } };
  return (
    <form action="/submit/send" method="post" className="grid gap-4 content-start min-w-0">
      <input type="hidden" name="benchmark" value={benchmark.key} />
      <input type="hidden" name="method" value={method.key} />
      <p className="text-soft max-w-[64ch]">{method.summary}</p>
      <fieldset className="grid gap-3 sm:grid-cols-2">
        <legend className="font-semibold mb-1">Parameters</legend>
        {method.parameters.length === 0 && <p className="text-soft">{method.title} has none.</p>}
        {method.parameters.map((parameter) => (
          <ParameterField key={parameter.name} parameter={parameter} value={fields.params[parameter.name]} error={errorOf(errors, `params.${parameter.name}`)} />
        ))}
      </fieldset>
      <fieldset className="grid gap-3 sm:grid-cols-3">
        <legend className="font-semibold mb-1">Division and common space</legend>
        <label className="grid gap-1 content-start">
          Division
          <select name="division" defaultValue={fields.division} aria-invalid={errorOf(errors, 'division') ? true : undefined}>
            <option value="">as the parameters say</option>
            <option value="PLATFORM_TUNED">platform tuned</option>
            <option value="PUBLISHED_DEFAULTS">published defaults</option>
            <option value="OPEN">open</option>
          </select>
          <Problem error={errorOf(errors, 'division')} />
        </label>
        {(['learningRate', 'weightDecay'] as const).map((name) => (
          <label key={name} className="grid gap-1 content-start">
            {name === 'learningRate' ? 'Learning rate' : 'Weight decay'}
            <input name={name} inputMode="decimal" defaultValue={fields[name]} placeholder={`default ${space[name]?.default ?? ''}`} aria-invalid={errorOf(errors, name) ? true : undefined} />
            <Problem error={errorOf(errors, name)} />
          </label>
        ))}
      </fieldset>
      {errors.filter((error) => !isShownAtField(error, method)).map((error) => (
        <p key={error.message} role="alert" className="text-bad">
          {error.message}
        </p>
      ))}
      <div>
        <button className="button button-primary">Submit</button>
        {!signedIn && <span className="text-soft ml-3">You will be asked to sign in first.</span>}
      </div>
    </form>
  );
}

function isShownAtField(error: FieldError, method: FormMethod): boolean {
  const name = error.field?.replace(/^input\./, '');
  return ['division', 'learningRate', 'weightDecay', ...method.parameters.map((p) => `params.${p.name}`)].includes(name ?? '');
}

function Problem({ error }: { error: FieldError | undefined }) {
  return error ? (
    <span role="alert" className="text-bad break-words">
      {error.message}
    </span>
  ) : null;
}

function ParameterField({ parameter: p, value, error }: { parameter: Parameter; value: string | undefined; error: FieldError | undefined }) {
  const name = `param.${p.name}`;
  const low = p.minimum ?? p.exclusiveMinimum;
  const high = p.maximum ?? p.exclusiveMaximum;
  const range = low !== null && high !== null ? `${low} to ${high}` : low !== null ? `${p.exclusiveMinimum !== null ? 'above' : 'at least'} ${low}` : high !== null ? `at most ${high}` : '';
  const options = p.options ?? (p.type === 'boolean' ? [true, false] : null);
  return (
    <label className="grid gap-1 content-start">
      <span>
        {p.title} <code className="text-soft">{p.name}</code>
      </span>
      {options ? (
        <select name={name} defaultValue={value ?? String(p.default)} aria-invalid={error ? true : undefined}>
          {options.map((option) => (
            <option key={String(option)} value={String(option)}>
              {String(option)}
            </option>
          ))}
        </select>
      ) : (
        <input name={name} inputMode={p.type === 'string' ? undefined : 'decimal'} defaultValue={value} placeholder={`default ${String(p.default)}`} aria-invalid={error ? true : undefined} />
      )}
      {(range || p.unit) && (
        <span className="text-soft text-[12px]">
          {[range, p.unit].filter(Boolean).join(', ')}
        </span>
      )}
      <Problem error={error} />
    </label>
  );
}
