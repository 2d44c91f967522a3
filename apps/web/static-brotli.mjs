import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';

const compress = promisify(brotliCompress);
const CHUNK = /^\/_next\/static\/(?:[\w~-][\w.~-]*\/)*[\w~-][\w.~-]*\.js$/;

/**
 * Next compresses with gzip only; the scripts of a build never change, so each is packed with Brotli once and kept.
 * The answer is a function that serves such a script and resolves to true, or to false where Next should answer.
 */
export function brotliScripts(folder) {
  const packed = new Map();
  return async (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    if (request.method !== 'GET' || !CHUNK.test(path) || !/\bbr\b/.test(String(request.headers['accept-encoding'])))
      return false;
    if (!packed.has(path))
      packed.set(
        path,
        readFile(join(folder, '.next', path.slice('/_next/'.length)))
          .then((bytes) => compress(bytes))
          .catch(() => packed.delete(path) && null),
      );
    const body = await packed.get(path);
    if (!body) return false;
    response.writeHead(200, {
      'content-type': 'application/javascript; charset=UTF-8',
      'content-encoding': 'br',
      'content-length': body.length,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
    });
    response.end(body);
    return true;
  };
}
