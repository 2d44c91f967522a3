/** The workers' door to the API: JSON over HTTP, a worker token, every report fenced by its attempt. */
import { pipeline } from 'node:stream/promises';
import { schema } from '@touchstone/db';
import { eq } from 'drizzle-orm';
import express, { type NextFunction, type Request, type RequestHandler, type Response, type Router } from 'express';
import type { ZodType } from 'zod';
import { BlobError } from '../jobs/blobs.js';
import { type Fence, fenced, finishRun, predictionFile, type ResultReport, ReportRefused } from '../jobs/finish.js';
import type { WorkerRow } from '../jobs/queue-state.js';
import { endAttempt, handBack } from '../jobs/runs.js';
import { storeSeries } from '../jobs/series.js';
import { findWorker, heartbeat, leave, registerWorker, settle, storeLog } from '../jobs/workers.js';
import { authenticate, requireScope } from '../lib/auth.js';
import { ApiError, ERROR_STATUS, isDatabaseGone } from '../lib/errors.js';
import type { Platform } from '../platform.js';
import * as protocol from './protocol.js';

const { LIMITS } = protocol;

const STATUS: Readonly<Record<string, number>> = {
  STALE_ATTEMPT: 409,
  RUN_UNKNOWN: 404,
  RESULT_INVALID: 422,
  WORKER_UNKNOWN: 404,
  BAD_BODY: 400,
  BLOB_MISSING: 404,
  STORAGE_FULL: 507,
  ...ERROR_STATUS,
};

class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

function parsed<T>(type: ZodType<T>, value: unknown, what: string): T {
  const result = type.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new Refused('BAD_BODY', `${[what, ...issue.path].join('.')}: ${issue.message}`);
}

interface Caller {
  readonly worker: WorkerRow;
  readonly request: Request;
  readonly response: Response;
}

/** Routes below the path where it is mounted; they parse their own bodies. */
export function workerRouter(platform: Platform): Router {
  const router = express.Router();
  const json = (limit: string) => express.json({ limit, strict: true });

  const signedIn = async (request: Request) =>
    requireScope(await authenticate(platform.db, request.headers.authorization), 'worker');

  const route = <T>(
    path: string,
    limit: string,
    body: ZodType<T>,
    handle: (caller: Caller, body: T) => Promise<unknown>,
  ) => {
    const handler: RequestHandler = async (request, response) => {
      const actor = await signedIn(request);
      const { worker: id } = parsed(protocol.workerParams, { worker: request.params['worker'] }, 'path');
      const worker = await findWorker(platform.db, id, actor.tokenId);
      if (!worker) throw new Refused('WORKER_UNKNOWN', 'this server knows no such worker: register again');
      const answer = await handle({ worker, request, response }, parsed(body, request.body ?? {}, 'body'));
      if (!response.headersSent && !response.destroyed) response.json(answer ?? {});
    };
    router.post(path, json(limit), handler);
  };

  const fenceOf = ({ worker, request }: Caller, attempt: number): Fence => {
    const { run } = parsed(protocol.runParams, request.params, 'path');
    return { workerId: worker.id, runId: run, attempt };
  };

  router.post('/register', json(LIMITS.smallBody), async (request, response) => {
    const actor = await signedIn(request);
    const worker = await registerWorker(platform, actor, parsed(protocol.registerBody, request.body, 'body'));
    platform.log.info({ worker: worker.name, refusal: worker.refusal }, 'worker registered');
    response.json({ workerId: worker.id, refusal: worker.refusal } satisfies protocol.RegisterAnswer);
  });

  route('/:worker/claim', LIMITS.smallBody, protocol.claimBody, async ({ worker, response }, body) => {
    const { datasets } = body;
    if (datasets.join() !== worker.datasets.join())
      await platform.db.update(schema.workers).set({ datasets }).where(eq(schema.workers.id, worker.id));
    if (worker.refusal !== null || worker.state === 'DRAINING') return { run: null } satisfies protocol.ClaimAnswer;
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const able = { ...worker, datasets, registry: worker.registry as protocol.RegisterBody['registry'] };
    const claimed = await platform.dispatcher.claim(able, body.waitMs, gone.signal);
    if (!claimed) return { run: null } satisfies protocol.ClaimAnswer;
    const { run, request, tuning } = claimed;
    if (gone.signal.aborted) {
      await settle(platform, { workerId: worker.id, runId: run.id, attempt: run.attempt }, (tx, locked) =>
        handBack(tx, locked, `worker ${worker.name} went away before it received it`),
      );
      return undefined;
    }
    platform.bus.publish('run', run.id);
    return { run: { id: run.id, attempt: run.attempt, request, tuning } } satisfies protocol.ClaimAnswer;
  });

  route('/:worker/heartbeat', LIMITS.smallBody, protocol.heartbeatBody, ({ worker }, body) =>
    heartbeat(platform, worker, body),
  );

  route('/:worker/leave', LIMITS.smallBody, protocol.claimBody.partial(), ({ worker }) => leave(platform, worker));

  route('/:worker/runs/:run/log', LIMITS.batchBody, protocol.logBody, async (caller, body) => {
    const fence = fenceOf(caller, body.attempt);
    await platform.db.transaction(async (tx) => {
      await fenced(tx, fence);
      await storeLog(tx, fence.runId, body);
    });
    platform.bus.publish('run', fence.runId);
  });

  route('/:worker/runs/:run/series', LIMITS.batchBody, protocol.seriesBody, async (caller, body) => {
    const { runId, attempt, ...rest } = fenceOf(caller, body.attempt);
    await platform.db.transaction(async (tx) => {
      await fenced(tx, { runId, attempt, ...rest });
      await storeSeries(tx, { runId, attempt, chunk: body.chunk }, body.points);
    });
    platform.bus.publish('run', runId);
  });

  route('/:worker/runs/:run/result', LIMITS.resultBody, protocol.resultBody, async (caller, { attempt, ...report }) => {
    return await finishRun(platform, fenceOf(caller, attempt), report as unknown as ResultReport);
  });

  route(
    '/:worker/runs/:run/fail',
    LIMITS.smallBody,
    protocol.failBody,
    async (caller, { attempt, reason, message }) => {
      const { run } = await settle(platform, fenceOf(caller, attempt), (tx, locked) =>
        endAttempt(tx, locked, reason, message),
      );
      return { state: run.state };
    },
  );

  route('/:worker/runs/:run/file', LIMITS.smallBody, protocol.fileBody, async (caller, { attempt, file }) => {
    const { sha256 } = await predictionFile(platform, fenceOf(caller, attempt), file);
    const { bytes, content } = await platform.blobs.open(sha256);
    caller.response.set({ 'Content-Type': 'application/octet-stream', 'Content-Length': String(bytes) });
    // A worker that goes away in the middle asks again.
    await pipeline(content, caller.response).catch(() => undefined);
    return undefined;
  });

  route(
    '/:worker/runs/:run/hand-back',
    LIMITS.smallBody,
    protocol.handBackBody,
    async (caller, { attempt, message }) => {
      const { run } = await settle(platform, fenceOf(caller, attempt), (tx, locked) => handBack(tx, locked, message));
      return { state: run.state };
    },
  );

  router.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    const { code, message } = publicError(error, platform);
    response.status(STATUS[code] ?? 500).json({ error: { code, message } } satisfies protocol.Refusal);
  });
  return router;
}

function publicError(error: unknown, platform: Platform): { code: string; message: string } {
  if (error instanceof BlobError) return { code: 'BLOB_MISSING', message: error.message };
  if (error instanceof Refused || error instanceof ReportRefused || error instanceof ApiError)
    return { code: error.code, message: error.message };
  const type = (error as { type?: unknown }).type;
  if (type === 'entity.too.large')
    return { code: 'PAYLOAD_TOO_LARGE', message: 'the body is larger than this route takes' };
  if (type === 'entity.parse.failed') return { code: 'BAD_BODY', message: 'the body is not JSON' };
  if (isDatabaseGone(error))
    return { code: 'SERVICE_UNAVAILABLE', message: 'the database is not available; try again shortly' };
  if (isStorageFull(error))
    return { code: 'STORAGE_FULL', message: "the server's disk is full; the report was not stored" };
  platform.log.error({ err: error }, 'worker protocol: unexpected error');
  return { code: 'INTERNAL', message: 'internal error' };
}

/** ENOSPC from the folder of blobs, or PostgreSQL's class 53100 from the database. */
export function isStorageFull(error: unknown): boolean {
  for (let e = error, depth = 0; e instanceof Error && depth < 6; e = e.cause, depth++)
    if (['ENOSPC', 'EDQUOT', '53100'].includes(String((e as { code?: unknown }).code))) return true;
  return false;
}
