import type { ReactNode } from 'react';
import type { FieldError } from './errors';

interface FieldAttributes {
  readonly id: string;
  readonly name: string;
  readonly 'aria-invalid': true | undefined;
  readonly 'aria-describedby': string | undefined;
}

interface FieldProps {
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  error: FieldError | undefined;
  children: (attributes: FieldAttributes) => ReactNode;
}

/** Label, control, what is allowed, and what was wrong with the last attempt: the description of the control once there is one. */
export function Field({ name, label, hint, error, children }: FieldProps) {
  const id = `field-${name}`;
  const described = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  return (
    <div className="grid gap-1 content-start min-w-0">
      <label htmlFor={id}>{label}</label>
      {children({ id, name, 'aria-invalid': error ? true : undefined, 'aria-describedby': described })}
      {hint && (
        <span id={`${id}-hint`} className="text-soft text-[12px]">
          {hint}
        </span>
      )}
      {error && (
        <span id={`${id}-error`} role="alert" className="text-bad break-words">
          {error.message}
        </span>
      )}
    </div>
  );
}
