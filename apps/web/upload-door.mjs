/**
 * The browser's way for a file, PUT /uploads/ID?signature=S: on to the signed address of the API as it comes. It stands before
 * the framework, whose requests take in a body as fast as it arrives: here the sender waits for the API, and nothing piles up.
 */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream/promises';

/** What the API takes of one file, in bytes. */
const MAX_BYTES = 2 ** 31 - 1;
const ADDRESS = /^\/uploads\/[\w-]{1,100}\?signature=[\w-]{1,100}$/;

const apiAddress = () =>
  (process.env.TOUCHSTONE_URL ?? 'http://127.0.0.1:4000').replace(/\/+$/, '').replace(/\/graphql$/, '');

function isSameOrigin({ headers }) {
  if (headers.origin === undefined) return headers['sec-fetch-site'] !== 'cross-site';
  try {
    return new URL(headers.origin).host === headers.host;
  } catch {
    return false;
  }
}

/** The cookie is no permission here, the signature is; it keeps strangers from using the site as a pipe. */
const isSignedIn = ({ headers }) => /(?:^|;\s*)touchstone_token=[^;\s]/.test(headers.cookie ?? '');

function refuse(request, response, status, code, message) {
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
  request.resume();
}

function forward(request, response, length) {
  const target = new URL(apiAddress() + request.url);
  const send = target.protocol === 'https:' ? requestHttps : requestHttp;
  const headers = { 'content-type': 'application/octet-stream', 'content-length': length };
  const outgoing = send(target, { method: 'PUT', headers });
  response.on('close', () => outgoing.destroy());
  outgoing.on('response', (answer) => {
    response.writeHead(answer.statusCode, { 'content-type': 'application/json' });
    // A refusal comes before the file has gone: what is still on its way is dropped.
    if (!request.readableEnded) {
      request.unpipe(outgoing);
      request.resume();
    }
    pipeline(answer, response).catch(() => response.destroy());
  });
  outgoing.on('error', () => {
    if (!response.headersSent) refuse(request, response, 502, 'UNREACHABLE', 'the API did not take the file');
  });
  request.on('error', () => outgoing.destroy());
  request.pipe(outgoing);
}

/** True where the request was a file, and is answered here. */
export function uploadDoor(request, response) {
  if (request.method !== 'PUT' || !request.url.startsWith('/uploads/')) return false;
  const length = Number(request.headers['content-length'] ?? NaN);
  if (!isSameOrigin(request))
    refuse(request, response, 403, 'WRONG_ORIGIN', 'files must come from a page of this site');
  else if (!isSignedIn(request)) refuse(request, response, 401, 'UNAUTHENTICATED', 'sign in first');
  else if (!ADDRESS.test(request.url)) refuse(request, response, 404, 'NOT_FOUND', 'no such upload');
  else if (!Number.isInteger(length))
    refuse(request, response, 411, 'BAD_REQUEST', 'say how long the file is (Content-Length)');
  else if (length > MAX_BYTES) refuse(request, response, 413, 'TOO_LARGE', `a file has at most ${MAX_BYTES} bytes`);
  else forward(request, response, length);
  return true;
}
