/** Opens the one database of an installation: embedded PGlite in its folder, or PostgreSQL by address. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres';
import { migrate as migratePg } from 'drizzle-orm/node-postgres/migrator';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import pg from 'pg';
import { lockFolder } from './folder-lock.js';
import * as schema from './schema/index.js';

/** Serves both engines, and a transaction of either: what a service takes is `Database`, whoever opened it. */
export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;

export interface OpenOptions {
  /** Folder of the installation; PGlite lives in `<home>/db`. */
  readonly home: string;
  /** postgres:// address, or null for PGlite. */
  readonly databaseUrl: string | null;
  /** Told of connections that broke while idle; the pool replaces them. */
  readonly onConnectionError?: (error: Error) => void;
}

export interface OpenDatabase {
  readonly db: Database;
  /** "PGlite 0.5.x (PostgreSQL …)" or "PostgreSQL 15.x". */
  readonly name: string;
  readonly engine: 'pglite' | 'postgres';
  close(): Promise<void>;
}

const here = dirname(fileURLToPath(import.meta.url));

/** The migrations lie beside the sources, one level above the compiled files. */
function migrationsFolder(): string {
  const found = [join(here, 'migrations'), join(here, '..', 'migrations')].find((folder) =>
    existsSync(join(folder, 'meta', '_journal.json')),
  );
  if (!found) throw new Error(`the database migrations are missing beside ${here}`);
  return found;
}

/** PostgreSQL cannot be reached or refuses us. The message never holds the password. */
export class DatabaseUnreachableError extends Error {
  override readonly name = 'DatabaseUnreachableError';
  readonly code = 'DATABASE_UNREACHABLE';
  constructor(databaseUrl: string, cause: unknown) {
    const { host, pathname } = new URL(databaseUrl);
    const reason = cause instanceof Error ? cause.message || (cause as { code?: string }).code : String(cause);
    super(`the database ${pathname.slice(1)} at ${host} (DATABASE_URL) cannot be used: ${reason}`, { cause });
  }
}

async function openPglite(home: string): Promise<OpenDatabase> {
  const folder = join(home, 'db');
  const lock = await lockFolder(home);
  try {
    const client = await PGlite.create(folder);
    const db = drizzlePglite({ client, schema });
    await migratePglite(db, { migrationsFolder: migrationsFolder() });
    const { rows } = await client.query<{ v: string }>(`select current_setting('server_version') as v`);
    return {
      db,
      name: `PGlite (PostgreSQL ${rows[0]?.v ?? 'unknown'})`,
      engine: 'pglite',
      close: async () => {
        try {
          await client.exec('CHECKPOINT');
          await client.close();
        } finally {
          lock.release();
        }
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** One migrator at a time when several servers share a database: an arbitrary constant of ours. */
const MIGRATION_LOCK = 7_306_001;

async function openPostgres(databaseUrl: string, onConnectionError: (error: Error) => void): Promise<OpenDatabase> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 30_000,
    query_timeout: 35_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    application_name: 'touchstone',
  });
  pool.on('error', onConnectionError);
  // A connection that breaks while checked out emits on itself; without a listener that would end the process.
  pool.on('connect', (client) => client.on('error', onConnectionError));
  const client = await pool.connect().catch(async (error: unknown) => {
    await pool.end();
    throw new DatabaseUnreachableError(databaseUrl, error);
  });
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migratePg(drizzlePg({ client, schema }), { migrationsFolder: migrationsFolder() });
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    const { rows } = await client.query<{ v: string }>(`select current_setting('server_version') as v`);
    client.release();
    return {
      db: drizzlePg({ client: pool, schema }),
      name: `PostgreSQL ${rows[0]?.v.split(' ')[0] ?? ''}`,
      engine: 'postgres',
      close: () => pool.end(),
    };
  } catch (error) {
    client.release(true);
    await pool.end();
    throw error;
  }
}

/**
 * Opens and migrates. PGlite is opened under an exclusive lock of the home folder: throws FolderInUseError when another
 * process has it. PostgreSQL errors are those of the driver.
 */
export async function openDatabase(options: OpenOptions): Promise<OpenDatabase> {
  if (options.databaseUrl) return await openPostgres(options.databaseUrl, options.onConnectionError ?? (() => {}));
  return await openPglite(options.home);
}

/** Answers when the database does; for readiness. */
export async function ping(db: Database): Promise<void> {
  await db.execute(sql`select 1`);
}
