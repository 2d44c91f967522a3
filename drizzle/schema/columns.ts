/** Column shapes that every table shares. PostgreSQL 15 and PGlite both accept them. */
import { customType, timestamp, uuid } from 'drizzle-orm/pg-core';

/** UUIDv7 made in the application, so that ids sort by creation. */
export const id = () => uuid('id').primaryKey();

export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });

export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  toDriver: (value) => value,
  fromDriver: (value) => new Uint8Array(value),
});
