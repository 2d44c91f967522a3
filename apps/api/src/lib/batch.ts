/** DataLoaders over queries that answer for many keys at once. */
import DataLoader from 'dataloader';

/** One row a key, null where there is none. */
export function byId<T>(
  fetch: (ids: readonly string[]) => Promise<readonly T[]>,
  id: (row: T) => string,
): DataLoader<string, T | null> {
  return new DataLoader(async (ids) => {
    const found = new Map((await fetch(ids)).map((row) => [id(row), row]));
    return ids.map((key) => found.get(key) ?? null);
  });
}

/** Many rows a key, in the order in which the query gives them. */
export function grouped<T>(
  fetch: (keys: readonly string[]) => Promise<readonly T[]>,
  key: (row: T) => string,
): DataLoader<string, T[]> {
  return new DataLoader(async (keys) => {
    const groups = new Map<string, T[]>(keys.map((k) => [k, []]));
    for (const row of await fetch(keys)) groups.get(key(row))?.push(row);
    return keys.map((k) => groups.get(k) ?? []);
  });
}
