/** Subscriptions over graphql-ws, on the path of the queries and under the same limits. */
import type { Server } from 'node:http';
import { getOperationAST, GraphQLError, parse, specifiedRules, validate, type GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Platform } from '../platform.js';
import { authenticate, type Actor } from './auth.js';
import { createContext } from './context.js';
import { ApiError, toPublicError } from './errors.js';
import { LIMITS, limitRules, requireAffordable } from './limits.js';

interface Extra {
  actor: Actor | null;
}

const CLOSE_GRACE_MS = 500;

/** The token of `connectionParams`, as header value or bare. */
function authorization(params: Record<string, unknown> | undefined): string | undefined {
  const value = params?.['Authorization'] ?? params?.['authorization'];
  return typeof value === 'string' ? value : undefined;
}

export function serveSubscriptions(
  platform: Platform,
  schema: GraphQLSchema,
  httpServer: Server,
): { close(): Promise<void> } {
  const sockets = new WebSocketServer({ server: httpServer, path: '/graphql', maxPayload: 100_000 });
  const shown = (error: unknown) => new GraphQLError(...publicError(platform, error));
  const served = useServer<Record<string, unknown>, Partial<Extra>>(
    {
      schema,
      async onConnect(ctx) {
        try {
          ctx.extra.actor = await authenticate(platform.db, authorization(ctx.connectionParams));
          return true;
        } catch (error) {
          if (error instanceof ApiError) return false;
          throw error;
        }
      },
      onSubscribe(ctx, _id, payload) {
        try {
          if (Object.keys(ctx.subscriptions).length > LIMITS.subscriptions)
            throw new ApiError('RATE_LIMITED', `more than ${LIMITS.subscriptions} subscriptions on one socket`);
          const document = parse(payload.query, { maxTokens: LIMITS.tokens });
          const operation = getOperationAST(document, payload.operationName);
          if (operation?.operation !== 'subscription')
            throw new ApiError('BAD_INPUT', 'only subscriptions are served here; send queries and mutations by POST');
          const errors = validate(schema, document, [...specifiedRules, ...limitRules]);
          if (errors.length > 0) return [...errors];
          const variableValues = payload.variables ?? {};
          requireAffordable(schema, document, operation, variableValues);
          return {
            schema,
            document,
            operationName: payload.operationName,
            variableValues,
            contextValue: createContext(platform, ctx.extra.actor ?? null),
          };
        } catch (error) {
          return [error instanceof GraphQLError && !(error instanceof ApiError) ? error : shown(error)];
        }
      },
      onNext: (_ctx, _id, _payload, _args, result) =>
        result.errors ? { ...result, errors: result.errors.map(shown) } : undefined,
      onError: (_ctx, _id, _payload, errors) =>
        errors.map((error) => (error instanceof GraphQLError && error.originalError ? shown(error) : error)),
    },
    sockets,
  );
  return {
    async close() {
      const force = setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), CLOSE_GRACE_MS);
      await served.dispose();
      clearTimeout(force);
    },
  };
}

function publicError(platform: Platform, error: unknown): [string, { extensions: Record<string, unknown> }] {
  const { message, extensions } = toPublicError(error, platform.log);
  return [message, { extensions: { ...extensions } }];
}
