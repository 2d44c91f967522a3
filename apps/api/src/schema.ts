/** The schema, from the decorated classes of modules/. */
import 'reflect-metadata';
import { createPubSub } from '@graphql-yoga/subscription';
import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { DateTime } from './lib/scalars.js';
import { AccountResolver } from './modules/account/account.resolver.js';
import { BenchmarkResolver } from './modules/benchmark/benchmark.resolver.js';
import { DatasetResolver } from './modules/dataset/dataset.resolver.js';
import { DifferenceResolver } from './modules/entry/difference.resolver.js';
import { EntryResolver, LeaderboardResolver } from './modules/entry/entry.resolver.js';
import { EventResolver } from './modules/event/event.resolver.js';
import { LabelsResolver } from './modules/labels/labels.resolver.js';
import { MethodResolver } from './modules/method/method.resolver.js';
import { MetricResolver } from './modules/metric/metric.resolver.js';
import { NodeResolver } from './modules/node/node.resolver.js';
import { PaperResolver } from './modules/paper/paper.resolver.js';
import { QueueResolver } from './modules/queue/queue.resolver.js';
import { ReportResolver } from './modules/report/report.resolver.js';
import { RunResolver } from './modules/run/run.resolver.js';
import { SearchResolver } from './modules/search/search.resolver.js';
import { ServerResolver } from './modules/server/server.resolver.js';
import { SubmissionResolver } from './modules/submission/submission.resolver.js';
import { UploadResolver } from './modules/upload/upload.resolver.js';

let built: Promise<GraphQLSchema> | undefined;

/** Built once a process. */
export function createSchema(): Promise<GraphQLSchema> {
  built ??= buildSchema({
    resolvers: [
      AccountResolver,
      BenchmarkResolver,
      DatasetResolver,
      DifferenceResolver,
      EntryResolver,
      EventResolver,
      LabelsResolver,
      LeaderboardResolver,
      MethodResolver,
      MetricResolver,
      NodeResolver,
      PaperResolver,
      QueueResolver,
      ReportResolver,
      RunResolver,
      SearchResolver,
      ServerResolver,
      SubmissionResolver,
      UploadResolver,
    ],
    scalarsMap: [{ type: Date, scalar: DateTime }],
    validate: false,
    // Demanded as soon as there is a subscription; ours bring streams of their own.
    pubSub: createPubSub(),
  });
  return built;
}

/** The SDL that is committed as schema.graphql: sorted, so that only meaning changes it. */
export function printSorted(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
