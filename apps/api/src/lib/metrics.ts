/** Figures for Prometheus. */
import type { ApolloServerPlugin } from '@apollo/server';
import { sql } from 'drizzle-orm';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Platform } from '../platform.js';
import type { Context } from './context.js';
import { rowsOf } from './sql.js';

export function createMetrics(platform: Platform) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'touchstone_graphql_seconds',
    help: 'Time to answer a GraphQL operation.',
    labelNames: ['operation'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const errors = new Counter({
    name: 'touchstone_graphql_errors_total',
    help: 'GraphQL errors by code.',
    labelNames: ['code'],
    registers: [registry],
  });
  new Gauge({
    name: 'touchstone_runs',
    help: 'Runs by state.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const rows = await rowsOf<{ state: string; n: number }>(
        platform.db,
        sql`select state, count(*)::int as n from runs group by state`,
      ).catch(() => []);
      for (const { state, n } of rows) this.set({ state }, n);
    },
  });
  const plugin: ApolloServerPlugin<Context> = {
    async requestDidStart() {
      const end = seconds.startTimer();
      return {
        async willSendResponse({ operation, response }) {
          end({ operation: operation?.operation ?? 'refused' });
          if (response.body.kind !== 'single') return;
          for (const error of response.body.singleResult.errors ?? [])
            errors.inc({ code: String(error.extensions?.['code'] ?? 'UNKNOWN') });
        },
      };
    },
  };
  return { plugin, contentType: registry.contentType, text: () => registry.metrics(), close: () => registry.clear() };
}
