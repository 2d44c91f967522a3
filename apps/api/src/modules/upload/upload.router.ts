/** PUT /uploads/:id: the content of one announced file, streamed into the store. The signed address is the permission. */
import { finished } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { schema } from '@touchstone/db';
import { and, eq, gt } from 'drizzle-orm';
import type { Request, RequestHandler, Response } from 'express';
import { BlobError } from '../../jobs/blobs.js';
import { type Pace, paced, UPLOAD_PACE } from '../../lib/body-time.js';
import type { Platform } from '../../platform.js';
import { isStorageFull } from '../../worker/router.js';
import { isSignedBy, type UploadRow } from './upload.signature.js';

const { uploads } = schema;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How long the rest of a body that nobody wants may hold the connection. */
const LINGER_MS = 2_000;

class UploadRefused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The upload of a genuine address, whatever became of it since. */
async function genuine({ db }: Platform, request: Request): Promise<UploadRow> {
  const id = String(request.params['id']);
  const signature = request.query['signature'];
  const [row] = UUID.test(id) ? await db.select().from(uploads).where(eq(uploads.id, id)) : [];
  // An unknown id and a wrong signature are answered alike: nobody learns which ids exist.
  if (!row || typeof signature !== 'string' || !(await isSignedBy(db, row, signature)))
    throw new UploadRefused(403, 'FORBIDDEN', 'the address is not one that this server signed');
  if (row.expiresAt.getTime() <= Date.now())
    throw new UploadRefused(410, 'UPLOAD_EXPIRED', `the address expired at ${row.expiresAt.toISOString()}`);
  return row;
}

function checkLength(request: Request, { bytes }: UploadRow): void {
  const declared = request.headers['content-length'];
  if (declared !== undefined && Number(declared) !== bytes)
    throw new UploadRefused(
      400,
      'UPLOAD_MISMATCH',
      `${declared} bytes are on their way; ${bytes} were announced in createUpload`,
    );
  if (request.headers['content-encoding'] !== undefined)
    throw new UploadRefused(415, 'UPLOAD_MISMATCH', 'a Content-Encoding is not accepted: send the file as it is');
}

/** From here on the address is spent, whatever comes of it. */
async function claim({ db }: Platform, { id }: UploadRow): Promise<void> {
  const [mine] = await db
    .update(uploads)
    .set({ state: 'RECEIVING' })
    .where(and(eq(uploads.id, id), eq(uploads.state, 'ISSUED'), gt(uploads.expiresAt, new Date())))
    .returning({ id: uploads.id });
  if (!mine) throw new UploadRefused(409, 'UPLOAD_USED', 'the address was used before: ask createUpload for another');
}

async function receive(platform: Platform, request: Request, pace: Pace): Promise<UploadRow> {
  const row = await genuine(platform, request);
  checkLength(request, row);
  await claim(platform, row);
  let state = 'REFUSED';
  try {
    await platform.blobs.receive(paced(request, pace), { bytes: row.bytes, sha256: row.sha256 }, 'predictions');
    state = 'STORED';
  } finally {
    await platform.db.update(uploads).set({ state }).where(eq(uploads.id, row.id));
  }
  return row;
}

function refusal(error: unknown, platform: Platform): UploadRefused {
  if (error instanceof UploadRefused) return error;
  if (error instanceof BlobError) return new UploadRefused(400, 'UPLOAD_MISMATCH', error.message);
  if (isStorageFull(error)) return new UploadRefused(507, 'STORAGE_FULL', "the server's disk is full");
  platform.log.error({ err: error }, 'upload: unexpected error');
  return new UploadRefused(500, 'INTERNAL', 'internal error');
}

export function uploadHandler(platform: Platform, pace: Pace = UPLOAD_PACE): RequestHandler {
  return async (request: Request, response: Response) => {
    try {
      const { bytes, sha256 } = await receive(platform, request, pace);
      response.status(201).json({ bytes, sha256 });
    } catch (error) {
      if (!response.destroyed) await answerRefusal(request, response, refusal(error, platform));
    }
  };
}

/** Answers at once, then drops what still comes: closing on a sender who writes would lose the answer on its way. */
async function answerRefusal(request: Request, response: Response, { status, code, message }: UploadRefused) {
  const body = Buffer.from(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
  response.status(status).set({
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(body.length),
  });
  response.write(body);
  if (!request.readableEnded && !request.destroyed) {
    request.resume();
    const linger = new AbortController();
    const rest = finished(request, { signal: linger.signal }).catch(() => undefined);
    await Promise.race([rest, setTimeout(LINGER_MS, undefined, { ref: false })]);
    linger.abort();
  }
  response.end();
}
