/** Any object by its global id, under the same rules as every other way to it. */
import { datasetDefinition, methodDefinition, metricRecord, paperRecord } from '../../lib/catalogue.js';
import type { Context } from '../../lib/context.js';
import { decodeId, type GlobalId } from '../../lib/ids.js';
import { findToken, toViewer } from '../account/account.service.js';
import { Dataset } from '../dataset/dataset.type.js';
import { findEvent } from '../event/event.service.js';
import { Method } from '../method/method.type.js';
import { Metric } from '../metric/metric.type.js';
import { Paper } from '../paper/paper.type.js';
import { findWorkers } from '../queue/queue.service.js';
import { findSubmission } from '../submission/submission.service.js';
import type { Node } from './node.type.js';

const wrap = <D, T>(definition: D | null, type: new (definition: D) => T): T | null =>
  definition === null ? null : new type(definition);

const FINDERS: Readonly<Record<string, (ctx: Context, key: string) => Node | null | Promise<Node | null>>> = {
  Paper: (_, key) => wrap(paperRecord(key), Paper),
  Method: (_, key) => wrap(methodDefinition(key), Method),
  Dataset: (_, key) => wrap(datasetDefinition(key), Dataset),
  Metric: (_, key) => wrap(metricRecord(key), Metric),
  Benchmark: (ctx, id) => ctx.loaders.benchmark.byId.load(id),
  Entry: (ctx, id) => ctx.loaders.entry.byId.load(id),
  Run: (ctx, id) => ctx.loaders.run.byId.load(id),
  Submission: findSubmission,
  Event: findEvent,
  Worker: async (ctx, id) => (await findWorkers(ctx, [id]))[0] ?? null,
  Viewer: (ctx, id) => (ctx.actor?.userId === id ? toViewer(ctx.actor) : null),
  ApiToken: findToken,
};

/** Null for what does not exist and for what the actor may not see, alike. Throws BAD_ID. */
export async function findNode(ctx: Context, { type, key }: GlobalId): Promise<Node | null> {
  return (await FINDERS[type]?.(ctx, key)) ?? null;
}

export function findNodes(ctx: Context, ids: readonly string[]): Promise<(Node | null)[]> {
  const decoded = ids.map((id, i) => decodeId(id, `ids[${i}]`));
  return Promise.all(decoded.map((id) => findNode(ctx, id)));
}
