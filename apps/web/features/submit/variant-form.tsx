import { errorOf, type FieldError, fieldName } from './errors';
import { Field } from './field';
import type { VariantFields } from './input';
import type { FormBenchmark, FormMethod, Parameter } from './query';

interface VariantFormProps {
  benchmark: FormBenchmark;
  method: FormMethod;
  fields: VariantFields;
  errors: readonly FieldError[];
  signedIn: boolean;
}

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
          <ParameterField
            key={parameter.name}
            parameter={parameter}
            value={fields.params[parameter.name]}
            error={errorOf(errors, `params.${parameter.name}`)}
          />
        ))}
      </fieldset>
      <fieldset className="grid gap-3 sm:grid-cols-3">
        <legend className="font-semibold mb-1">Division and common space</legend>
        <Field name="division" label="Division" error={errorOf(errors, 'division')}>
          {(attributes) => (
            <select {...attributes} defaultValue={fields.division}>
              <option value="">as the parameters say</option>
              <option value="PLATFORM_TUNED">platform tuned</option>
              <option value="PUBLISHED_DEFAULTS">published defaults</option>
              <option value="OPEN">open</option>
            </select>
          )}
        </Field>
        {(['learningRate', 'weightDecay'] as const).map((name) => (
          <Field
            key={name}
            name={name}
            label={name === 'learningRate' ? 'Learning rate' : 'Weight decay'}
            error={errorOf(errors, name)}
          >
            {(attributes) => (
              <input
                {...attributes}
                inputMode="decimal"
                defaultValue={fields[name]}
                placeholder={`default ${space[name]?.default ?? ''}`}
              />
            )}
          </Field>
        ))}
      </fieldset>
      {errors
        .filter((error) => !isShownAtField(error, method))
        .map((error) => (
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
  return ['division', 'learningRate', 'weightDecay', ...method.parameters.map((p) => `params.${p.name}`)].includes(
    fieldName(error),
  );
}

function rangeOf(p: Parameter): string {
  const low = p.minimum ?? p.exclusiveMinimum;
  const high = p.maximum ?? p.exclusiveMaximum;
  const sign = (value: number) => String(value).replace('-', '−');
  if (low !== null) {
    const from = `${p.minimum === null ? 'above' : high === null ? 'at least' : 'from'} ${sign(low)}`;
    return high === null ? from : `${from} ${p.maximum === null ? 'to below' : 'to'} ${sign(high)}`;
  }
  return high === null ? '' : `${p.maximum === null ? 'below' : 'at most'} ${sign(high)}`;
}

function ParameterField({
  parameter: p,
  value,
  error,
}: {
  parameter: Parameter;
  value: string | undefined;
  error: FieldError | undefined;
}) {
  const options = p.options ?? (p.type === 'boolean' ? [true, false] : null);
  return (
    <Field
      name={`param.${p.name}`}
      label={
        <>
          {p.title} <code className="text-soft">{p.name}</code>
        </>
      }
      hint={[rangeOf(p), p.unit].filter(Boolean).join(', ') || undefined}
      error={error}
    >
      {(attributes) =>
        options ? (
          <select {...attributes} defaultValue={value ?? String(p.default)}>
            {options.map((option) => (
              <option key={String(option)} value={String(option)}>
                {String(option)}
              </option>
            ))}
          </select>
        ) : (
          <input
            {...attributes}
            inputMode={p.type === 'string' ? undefined : 'decimal'}
            defaultValue={value}
            placeholder={`default ${String(p.default)}`}
          />
        )
      }
    </Field>
  );
}
