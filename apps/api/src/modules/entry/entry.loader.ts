import { schema } from '@touchstone/db';
import DataLoader from 'dataloader';
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { byId, grouped } from '../../lib/batch.js';
import { make } from '../../lib/make.js';
import { rowsOf } from '../../lib/sql.js';
import type { Platform } from '../../platform.js';
import type { benchmarkLoaders } from '../benchmark/benchmark.loader.js';
import type { Benchmark } from '../benchmark/benchmark.type.js';
import { positionsOf, type Board, type Position } from './entry.board.js';
import type { BoardResult } from '../../statistics/messages.js';
import { inferBoards } from './entry.inference.js';
import { Entry, type EntryRow } from './entry.type.js';

const { entries, events, summaries, submissions, users } = schema;

export const toEntry = (row: EntryRow, list: Partial<Pick<Entry, 'scoreKey' | 'shown' | 'position'>> = {}): Entry =>
  make(Entry, { row, scoreKey: null, shown: null, position: null, ...list });

export interface SeedScore {
  readonly entry_id: string;
  readonly key: string;
  readonly seed: number;
  readonly value: number;
}

export interface OutcomeRun {
  readonly wanted: string;
  readonly seed: number;
  readonly units: number | null;
  readonly blob: string | null;
  readonly unit_blob: string | null;
}

/** Key of `outcomeRuns`. */
export const outcomesOf = (entryId: string, scoreKey: string): string => `${entryId} ${scoreKey}`;

const wantedOf = (key: string) => ({ entry: key.slice(0, key.indexOf(' ')), score: key.slice(key.indexOf(' ') + 1) });

export function entryLoaders(platform: Platform, benchmark: ReturnType<typeof benchmarkLoaders>) {
  const { db } = platform;
  return {
    byId: byId(
      async (ids) =>
        (
          await db
            .select()
            .from(entries)
            .where(inArray(entries.id, [...ids]))
        ).map((row) => toEntry(row)),
      (entry) => entry.row.id,
    ),
    /** The 100 rows of each method that changed last. */
    ofMethod: grouped(
      async (keys) => {
        const back =
          sql<number>`row_number() over (partition by ${entries.methodKey} order by ${entries.updatedAt} desc)`.as(
            'back',
          );
        const recent = db
          .select({ id: entries.id, back })
          .from(entries)
          .where(and(inArray(entries.methodKey, [...keys]), eq(entries.withdrawn, false)))
          .as('recent');
        const rows = await db
          .select({ entry: entries })
          .from(entries)
          .innerJoin(recent, and(eq(recent.id, entries.id), sql`${recent.back} <= 100`))
          .orderBy(sql`${entries.updatedAt} desc`, entries.id);
        return rows.map(({ entry }) => toEntry(entry));
      },
      (entry) => entry.row.methodKey ?? '',
    ),
    /** By the primary score. */
    position: new DataLoader<EntryRow, Position | null, string>(
      async (rows) => {
        const boards = await benchmark.byId.loadMany([...new Set(rows.map((row) => row.benchmarkId))]);
        const known = boards.filter((b): b is Benchmark => b !== null && !(b instanceof Error));
        const positions = await positionsOf(
          db,
          known,
          rows.map((row) => row.id),
        );
        const byEntry = new Map(positions.map((p) => [p.id, p]));
        return rows.map((row) => byEntry.get(row.id) ?? null);
      },
      { cacheKeyFn: (row) => row.id },
    ),
    inference: new DataLoader<Board, BoardResult, string>((boards) => inferBoards(platform, boards), {
      cacheKeyFn: ({ benchmark: board, scoreKey }) => `${board.row.id} ${scoreKey}`,
    }),
    summaries: grouped(
      (ids) =>
        db
          .select()
          .from(summaries)
          .where(inArray(summaries.entryId, [...ids]))
          .orderBy(summaries.scoreKey),
      (row) => row.entryId,
    ),
    /** Scores by seed of the counting generation, every key. */
    seedScores: grouped(
      (ids) =>
        rowsOf<SeedScore>(
          db,
          sql`select r.entry_id, s.key, r.seed, s.value from runs r
            join entries e on e.id = r.entry_id and e.generation = r.generation join scores s on s.run_id = r.id
            where r.entry_id in ${[...ids]} and r.state = 'SUCCEEDED' order by r.entry_id, s.key, r.seed`,
        ),
      (row) => row.entry_id,
    ),
    /** Runs of the counting generation that have a score, with their stored outcomes of it, by seed. */
    outcomeRuns: grouped(
      (keys) =>
        rowsOf<OutcomeRun>(
          db,
          sql`select w.entry || ' ' || w.score as wanted, r.seed, o.units, o.blob, r.unit_blob
            from json_to_recordset(${JSON.stringify(keys.map(wantedOf))}::json) as w(entry uuid, score text)
            join entries e on e.id = w.entry
            join runs r on r.entry_id = e.id and r.generation = e.generation and r.state = 'SUCCEEDED'
            join scores s on s.run_id = r.id and s.key = w.score
            left join outcomes o on o.run_id = r.id and o.key = w.score order by w.entry, r.seed`,
        ),
      (row) => row.wanted,
    ),
    /** The newest events of each entry, newest first. */
    events: grouped(
      async (ids) => {
        const rank = sql<number>`row_number() over (partition by ${events.entryId} order by ${events.id} desc)`.as(
          'back',
        );
        const newest = db
          .select({ id: events.id, back: rank })
          .from(events)
          .where(inArray(events.entryId, [...ids]))
          .as('newest');
        const rows = await db
          .select({ event: events })
          .from(events)
          .innerJoin(newest, and(eq(newest.id, events.id), sql`${newest.back} <= 50`))
          .orderBy(sql`${events.id} desc`);
        return rows.map(({ event }) => event);
      },
      (event) => event.entryId ?? '',
    ),
    /** Who sent it first. */
    submitter: byId(
      (ids) =>
        db
          .selectDistinctOn([submissions.entryId], { entryId: submissions.entryId, name: users.name })
          .from(submissions)
          .innerJoin(users, eq(users.id, submissions.userId))
          .where(and(inArray(submissions.entryId, [...ids]), isNull(submissions.withdrawnAt)))
          .orderBy(submissions.entryId, submissions.id),
      (row) => row.entryId,
    ),
    /** Shipped runs that were run here too and gave equal bits. */
    rederived: byId(
      (ids) =>
        rowsOf<{ entry_id: string; n: number }>(
          db,
          sql`select entry_id, count(*)::int as n from runs where entry_id in ${[...ids]} and rederived_equal group by entry_id`,
        ),
      (row) => row.entry_id,
    ),
  };
}
