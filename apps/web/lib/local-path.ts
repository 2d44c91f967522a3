/** `given` as a path on this site, or `fallback` where it would lead anywhere else, as `//elsewhere` and `/\elsewhere` do. */
export function localPath(given: unknown, fallback: string): string {
  if (typeof given !== 'string' || !given.startsWith('/')) return fallback;
  try {
    const here = 'http://site.invalid';
    const { origin, pathname, search, hash } = new URL(given, here);
    return origin === here && !pathname.startsWith('//') ? pathname + search + hash : fallback;
  } catch {
    return fallback;
  }
}
