/** Whether a state-changing request comes from this site's own pages. Browsers send Origin with every POST. */
export function sameOrigin(request: Request): boolean {
  const origin = request.headers.get('origin');
  const host = request.headers.get('host');
  if (origin === null) return request.headers.get('sec-fetch-site') !== 'cross-site';
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}

/** This site's address as the reader's browser knows it. */
export function siteAddress(headers: Pick<Headers, 'get'>): string {
  return `${headers.get('x-forwarded-proto') ?? 'http'}://${headers.get('x-forwarded-host') ?? headers.get('host') ?? '127.0.0.1:3000'}`;
}
