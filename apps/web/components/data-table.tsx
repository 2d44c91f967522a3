import type { ReactNode } from 'react';
import { TableFrame } from '@/components/ui';

export interface Column<T> {
  readonly head: ReactNode;
  readonly cell: (row: T) => ReactNode;
  /** Figures, set flush right. */
  readonly numeric?: boolean;
  /** Left out on a narrow screen, so that the columns that decide fit. */
  readonly fold?: boolean;
  readonly headClassName?: string;
  readonly cellClassName?: string;
}

interface Props<T> {
  /** Names the region the table scrolls in. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string | number;
  readonly rowClassName?: (row: T) => string | undefined;
}

/** A plain table: one row a record, one cell a column. */
export function DataTable<T>({ label, columns, rows, rowKey, rowClassName }: Props<T>) {
  return (
    <TableFrame label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column, i) => (
              <th key={i} scope="col" className={classes(column, column.headClassName)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className={rowClassName?.(row)}>
              {columns.map((column, i) => (
                <td key={i} className={classes(column, column.cellClassName)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function classes({ numeric, fold }: Column<never>, own: string | undefined): string | undefined {
  return [numeric && 'num', fold && 'max-sm:hidden', own].filter(Boolean).join(' ') || undefined;
}
