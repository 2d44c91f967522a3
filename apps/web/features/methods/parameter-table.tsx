import { DataTable } from '@/components/data-table';
import type { Method } from './query';

/** The parameters of a method, their defaults and what they may be. */
export function ParameterTable({ parameters }: { parameters: Method['parameters'] }) {
  return (
    <DataTable
      label="Parameters"
      rows={parameters}
      rowKey={(p) => p.name}
      columns={[
        { head: 'Name', cell: (p) => <code>{p.name}</code> },
        {
          head: 'Meaning',
          cell: (p) => (
            <>
              {p.title}
              {p.unit ? `, ${p.unit}` : ''}
            </>
          ),
        },
        { head: 'Default', cell: (p) => <code>{JSON.stringify(p.default)}</code> },
        { head: 'Range', cellClassName: 'whitespace-nowrap', cell: (p) => range(p) },
        { head: 'Source of the default', fold: true, cell: (p) => p.source ?? '–' },
      ]}
    />
  );
}

function range(p: Method['parameters'][number]): string {
  if (p.options?.length) return p.options.map(String).join(', ');
  const low = p.exclusiveMinimum !== null ? `(${p.exclusiveMinimum}` : p.minimum !== null ? `[${p.minimum}` : '(−∞';
  const high = p.exclusiveMaximum !== null ? `${p.exclusiveMaximum})` : p.maximum !== null ? `${p.maximum}]` : '∞)';
  return `${low}, ${high}`;
}
