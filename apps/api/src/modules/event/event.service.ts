import { schema } from '@touchstone/db';
import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import { keysetPage, type Page, type PageArgs } from '../../lib/connection.js';
import type { Context } from '../../lib/context.js';
import { decodeCursor, pageSize, scopeOf } from '../../lib/cursor.js';
import { make } from '../../lib/make.js';
import { requireBenchmark } from '../benchmark/benchmark.service.js';
import { Event, type EventRow } from './event.type.js';

const { events } = schema;

export const toEvent = (row: EventRow): Event => make(Event, { row });

/** Newest first. Throws UNKNOWN_BENCHMARK, BAD_INPUT, BAD_CURSOR. */
export async function listEvents(
  ctx: Context,
  args: PageArgs & { readonly benchmark?: string | null },
): Promise<Page<Event>> {
  const { db } = ctx.platform;
  const size = pageSize(args.first, 20);
  const benchmark = args.benchmark ? await requireBenchmark(ctx, args.benchmark) : null;
  const where = benchmark ? eq(events.benchmarkId, benchmark.row.id) : undefined;
  const scope = scopeOf('events', { benchmark: benchmark?.row.id ?? null });
  const after = args.after ? String(decodeCursor(scope, args.after, 1)[0]) : null;
  const rows = await db
    .select()
    .from(events)
    .where(and(where, after ? lt(events.id, sql`${after}::uuid`) : undefined))
    .orderBy(desc(events.id))
    .limit(size + 1);
  return keysetPage({
    rows,
    size,
    scope,
    after: args.after,
    key: (row) => [row.id],
    node: toEvent,
    count: async () => {
      const [counted] = await db
        .select({ n: sql<number>`count(*)::int` })
        .from(events)
        .where(where);
      return counted?.n ?? 0;
    },
  });
}

export async function findEvent(ctx: Context, id: string): Promise<Event | null> {
  const [row] = await ctx.platform.db
    .select()
    .from(events)
    .where(inArray(events.id, [id]));
  return row ? toEvent(row) : null;
}
