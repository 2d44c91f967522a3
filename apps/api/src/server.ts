/** The HTTP server: GraphQL and its subscriptions, sign-in, health, figures, and the workers' protocol. */
import 'reflect-metadata';
import { createServer, type Server } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import { ping } from '@touchstone/db';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { authenticate, exchangeCode } from './lib/auth.js';
import { createContext, type Context } from './lib/context.js';
import { toPublicError } from './lib/errors.js';
import { limitRules, LIMITS } from './lib/limits.js';
import { createMetrics } from './lib/metrics.js';
import { httpStatusPlugin, limitPlugin } from './lib/plugins.js';
import { configuredRate, rateLimit } from './lib/rate-limit.js';
import { serveSubscriptions } from './lib/sockets.js';
import { uploadHandler } from './modules/upload/upload.router.js';
import { UPLOAD_LIFE_MS } from './modules/upload/upload.service.js';
import type { Platform } from './platform.js';
import { createSchema } from './schema.js';
import { workerRouter } from './worker/router.js';

export interface Api {
  readonly app: Express;
  /** Not listening yet. */
  readonly httpServer: Server;
  /** Ends open sockets and requests. The platform stays open. */
  close(): Promise<void>;
}

const failure = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] });

/** Bodies that cannot be read are the caller's fault and are answered in the shape of GraphQL errors. */
function bodyErrors(platform: Platform): ErrorRequestHandler {
  return (error: { status?: number; message: string }, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error.status === 413)
      return void response
        .status(413)
        .json(failure('PAYLOAD_TOO_LARGE', `the body is larger than ${LIMITS.body} bytes`));
    if (error.status && error.status < 500)
      return void response.status(error.status).json(failure('BAD_REQUEST', error.message));
    const shown = toPublicError(error, platform.log);
    response.status(shown.extensions?.['code'] === 'SERVICE_UNAVAILABLE' ? 503 : 500).json({ errors: [shown] });
  };
}

function health(app: Express, platform: Platform): void {
  app.get('/livez', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', async (_request, response) => {
    const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('timeout')), 2000).unref());
    const answer = await Promise.race([ping(platform.db), late]).then(
      () => ({ code: 200, status: 'ok' }),
      () => ({ code: 503, status: 'the database does not answer' }),
    );
    response.status(answer.code).json({ status: answer.status });
  });
}

function signIn(app: Express, platform: Platform): void {
  app.post('/auth/exchange', rateLimit(30), express.json({ limit: 10_000 }), async (request, response) => {
    const code = (request.body as { code?: unknown } | undefined)?.code;
    const session = typeof code === 'string' && code.length <= 200 ? await exchangeCode(platform, code) : null;
    if (session) response.set('Cache-Control', 'no-store').json(session);
    else
      response
        .status(401)
        .json(failure('UNAUTHENTICATED', 'the sign-in code is unknown, spent or older than ten minutes'));
  });
}

export async function createApi(platform: Platform): Promise<Api> {
  const schema = await createSchema();
  const app = express();
  app.disable('x-powered-by');
  // The site speaks for its visitors from this machine; their addresses count for rate limits.
  app.set('trust proxy', 'loopback');
  app.use((_request, response, next) => {
    response.set({
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    });
    next();
  });
  // A large file over a slow line may take as long as its address is good for; Node's default ends it after five minutes.
  const httpServer = createServer({ requestTimeout: UPLOAD_LIFE_MS }, app);
  const metrics = createMetrics(platform);
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: LIMITS.tokens },
    maxRecursiveSelections: true,
    validationRules: limitRules,
    formatError: (formatted, error) => toPublicError(error, platform.log, formatted),
    plugins: [ApolloServerPluginLandingPageDisabled(), limitPlugin(), httpStatusPlugin(), metrics.plugin],
    logger: {
      debug: () => {},
      info: () => {},
      warn: (message) => platform.log.warn(message),
      error: (message) => platform.log.error(message),
    },
  });
  await apollo.start();
  const sockets = serveSubscriptions(platform, schema, httpServer);

  health(app, platform);
  app.get('/metrics', async (_request, response) => void response.type(metrics.contentType).send(await metrics.text()));
  signIn(app, platform);
  app.use('/worker', workerRouter(platform));
  app.put('/uploads/:id', rateLimit(600), uploadHandler(platform));
  app.use(
    '/graphql',
    rateLimit(configuredRate()),
    express.json({ limit: LIMITS.body }),
    expressMiddleware(apollo, {
      context: async ({ req }) =>
        createContext(
          platform,
          await authenticate(platform.db, req.headers.authorization),
          `${req.protocol}://${req.host}`,
        ),
    }),
  );
  app.use((request, response) => void response.status(404).json(failure('NOT_FOUND', `nothing is at ${request.path}`)));
  app.use(bodyErrors(platform));

  return {
    app,
    httpServer,
    async close() {
      await sockets.close();
      await apollo.stop();
      metrics.close();
      if (!httpServer.listening) return;
      await new Promise<void>((resolve) => {
        httpServer.close(() => resolve());
        httpServer.closeAllConnections();
      });
    },
  };
}
