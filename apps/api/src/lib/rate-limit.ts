/** A leaky bucket a token or, without one, an address. */
import type { RequestHandler } from 'express';
import { hashSecret } from './auth.js';
import { ERROR_STATUS } from './errors.js';

interface Bucket {
  level: number;
  at: number;
}

const MAX_BUCKETS = 50_000;

/** Refuses with 429 and Retry-After once more than `perMinute` requests a minute come from one caller. */
export function rateLimit(perMinute: number): RequestHandler {
  const buckets = new Map<string, Bucket>();
  const perMs = perMinute / 60_000;
  return (request, response, next) => {
    const header = request.headers.authorization;
    const caller = header ? `token ${hashSecret(header)}` : `address ${request.ip ?? ''}`;
    const now = Date.now();
    const bucket = buckets.get(caller) ?? { level: 0, at: now };
    bucket.level = Math.max(0, bucket.level - (now - bucket.at) * perMs) + 1;
    bucket.at = now;
    if (!buckets.has(caller)) {
      if (buckets.size >= MAX_BUCKETS) buckets.delete(buckets.keys().next().value!);
      buckets.set(caller, bucket);
    }
    if (bucket.level <= perMinute) return next();
    const seconds = Math.ceil((bucket.level - perMinute) / perMs / 1000);
    bucket.level = perMinute;
    response
      .status(ERROR_STATUS.RATE_LIMITED)
      .set('Retry-After', String(Math.max(1, seconds)))
      .json({
        errors: [
          {
            message: `more than ${perMinute} requests a minute`,
            extensions: { code: 'RATE_LIMITED', allowed: `${perMinute} a minute` },
          },
        ],
      });
  };
}

/** TOUCHSTONE_RATE_LIMIT, requests a minute; default 6000. */
export function configuredRate(env: NodeJS.ProcessEnv = process.env): number {
  const value = Number(env['TOUCHSTONE_RATE_LIMIT'] ?? 6000);
  return Number.isFinite(value) && value >= 1 ? value : 6000;
}
