/** Relay connections: one generic pair of object types a node type, and pages of arrays or of keyset queries. */
import 'reflect-metadata';
import { Field, Int, ObjectType, type ClassType } from 'type-graphql';
import { decodeCursor, encodeCursor, pageSize, scopeOf, type KeyPart } from './cursor.js';

@ObjectType({ description: 'Where a page lies in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'More rows follow.' })
  hasNextPage: boolean;

  @Field(() => Boolean, { description: 'Rows lie before this page.' })
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first row of the page.' })
  startCursor: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last row of the page; pass it as `after`.' })
  endCursor: string | null;
}

export interface Page<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
  /** Asked only when the query selects it. */
  count(): Promise<number> | number;
}

/** Makes `<Node>Edge` and `<Node>Connection`. */
export function connectionOf<T extends object>(node: ClassType<T>): ClassType<Page<T>> {
  @ObjectType(`${node.name}Edge`, { description: `A ${node.name} with its place in the list.` })
  class Edge {
    @Field(() => String, { description: 'Opaque; bound to the sort and filter of the list.' })
    cursor: string;

    @Field(() => node, { description: `The ${node.name}.` })
    node: T;
  }

  @ObjectType(`${node.name}Connection`, { description: `A page of ${node.name} rows.` })
  class Connection {
    @Field(() => [Edge], { description: 'Rows with cursors.' })
    edges: Edge[];

    @Field(() => [node], { description: 'Rows alone.' })
    nodes: T[];

    @Field(() => PageInfo, { description: 'Where this page lies.' })
    pageInfo: PageInfo;

    count: () => Promise<number> | number;

    @Field(() => Int, { description: 'Rows in the whole list under the same filter.' })
    totalCount(): Promise<number> | number {
      return this.count();
    }
  }
  return Connection as unknown as ClassType<Page<T>>;
}

export interface PageArgs {
  readonly first?: number | null;
  readonly after?: string | null;
}

interface Keyset<R, T> {
  readonly rows: readonly R[];
  readonly size: number;
  readonly scope: string;
  readonly after?: string | null;
  key(row: R): readonly KeyPart[];
  node(row: R): T;
  count(): Promise<number> | number;
}

/** A page from `size + 1` rows that a keyset query fetched. */
export function keysetPage<R, T>({ rows, size, scope, after, key, node, count }: Keyset<R, T>): Page<T> {
  const edges = rows.slice(0, size).map((row) => ({ cursor: encodeCursor(scope, key(row)), node: node(row) }));
  const pageInfo: PageInfo = {
    hasNextPage: rows.length > size,
    hasPreviousPage: Boolean(after),
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return { edges, nodes: edges.map((e) => e.node), pageInfo, count };
}

/** A page of a list that lies in memory, in its own order, keyed by a unique text. */
export function arrayPage<T>(
  list: string,
  filter: unknown,
  items: readonly T[],
  key: (item: T) => string,
  args: PageArgs,
): Page<T> {
  const size = pageSize(args.first, 100);
  const scope = scopeOf(list, filter);
  const last = args.after ? decodeCursor(scope, args.after, 1)[0] : null;
  const start = last === null ? 0 : items.findIndex((item) => key(item) === last) + 1;
  return keysetPage({
    rows: items.slice(start, start + size + 1),
    size,
    scope,
    after: args.after,
    key: (item) => [key(item)],
    node: (item) => item,
    count: () => items.length,
  });
}
