import { buildSchema, parse, type OperationDefinitionNode } from 'graphql';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { arrayPage } from './connection.js';
import { decodeCursor, encodeCursor, pageSize, scopeOf } from './cursor.js';
import { ApiError, isDatabaseGone, showValue, toPublicError } from './errors.js';
import { decodeId, encodeId, idOf } from './ids.js';
import { operationCost } from './limits.js';
import { configuredRate, rateLimit } from './rate-limit.js';
import { startingWith } from './subscribe.js';

const UUID = '01900000-0000-7000-8000-000000000000';

describe('ids', () => {
  it('go there and back', () => {
    expect(decodeId(encodeId('Run', UUID))).toEqual({ type: 'Run', key: UUID });
    expect(decodeId(encodeId('Method', 'comp-sum'))).toEqual({ type: 'Method', key: 'comp-sum' });
    expect(idOf('Run', encodeId('Run', UUID))).toBe(UUID);
  });

  it.each([
    '',
    'x',
    encodeId('Run', 'comp-sum'),
    encodeId('Secret', UUID),
    encodeId('Method', "a' or 1=1"),
    'A'.repeat(10_000),
    '%%%',
  ])('refuse %s', (id) => {
    expect(() => decodeId(id)).toThrow(ApiError);
  });
});

describe('cursors', () => {
  const scope = scopeOf('runs', { field: 'SEED' });
  it('keep numbers to the last bit', () => {
    const key = [0.1 + 0.2, null, 'x', -0];
    expect(decodeCursor(scope, encodeCursor(scope, key), 4)).toEqual([0.1 + 0.2, null, 'x', 0]);
  });

  it.each([
    ['of another scope', encodeCursor(scopeOf('runs', { field: 'CREATED_AT' }), [1])],
    ['of another width', encodeCursor(scope, [1, 2])],
    ['with an object inside', Buffer.from(JSON.stringify([scope, { $ne: 1 }])).toString('base64url')],
    ['that are no JSON', 'zzzz'],
  ])('%s are refused', (_, cursor) => {
    expect(() => decodeCursor(scope, cursor, 1)).toThrow(expect.objectContaining({ code: 'BAD_CURSOR' }));
  });

  it('page an array whose last row has gone from its start', () => {
    const page = (after: string | null, items: string[]) =>
      arrayPage('list', null, items, (item) => item, { first: 2, after });
    const first = page(null, ['a', 'b', 'c']);
    expect(page(first.pageInfo.endCursor, ['a', 'b', 'c']).nodes).toEqual(['c']);
    expect(page(first.pageInfo.endCursor, ['a', 'c']).nodes).toEqual(['a', 'c']);
  });

  it('take 1 to 100 rows', () => {
    expect([pageSize(null, 20), pageSize(100, 20)]).toEqual([20, 100]);
    for (const size of [0, -1, 101]) expect(() => pageSize(size, 20)).toThrow('first must be 1 to 100');
  });
});

describe('errors', () => {
  const log = pino({ level: 'silent' });
  it('know a lost database by its codes, however deep', () => {
    const wrap = (cause: unknown) => new Error('Failed query', { cause });
    expect(isDatabaseGone(wrap(wrap(Object.assign(new Error(), { code: 'ECONNREFUSED' }))))).toBe(true);
    expect(isDatabaseGone(Object.assign(new Error('admin'), { code: '57P01' }))).toBe(true);
    expect(isDatabaseGone(Object.assign(new Error('duplicate key'), { code: '23505' }))).toBe(false);
  });

  it('hide what they do not know', () => {
    const shown = toPublicError(new Error('select * from tokens'), log);
    expect(shown.message).not.toContain('tokens');
    expect(shown.extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  });

  it('never echo a megabyte', () => {
    expect(showValue('x'.repeat(1e6))).toHaveLength(200);
    expect(showValue(Number.NaN)).toBe('NaN');
  });
});

describe('the cost of an operation', () => {
  const schema = buildSchema(
    'type Query { items(first: Int = 20): ItemConnection! all: [Item!]! } type ItemConnection { nodes: [Item!]! } type Item { name: String children: [Item!]! }',
  );
  const cost = (query: string, variables = {}) => {
    const document = parse(query);
    return operationCost(schema, document, document.definitions[0] as OperationDefinitionNode, variables);
  };
  it('multiplies by the rows asked for, by default or by variable', () => {
    expect(cost('{ items(first: 5) { nodes { name } } }')).toBe(1 + 5 * (1 + 1));
    expect(cost('{ items { nodes { name } } }')).toBe(1 + 20 * 2);
    expect(cost('query ($n: Int) { items(first: $n) { nodes { name } } }', { n: 3 })).toBe(1 + 3 * 2);
    expect(cost('{ all { children { name } } }')).toBe(1 + 10 * (1 + 10));
  });

  it('is found in time linear in the document, fragments of fragments included', () => {
    const levels = 30;
    const fragments = Array.from(
      { length: levels },
      (_, i) =>
        `fragment f${i} on Item { ${i + 1 < levels ? `a: children { ...f${i + 1} } b: children { ...f${i + 1} }` : 'name'} }`,
    );
    expect(cost(`{ all { ...f0 } } ${fragments.join(' ')}`)).toBeGreaterThan(1e30);
  });
});

describe('the rate limit', () => {
  it('refuses the caller who goes on, and nobody else', () => {
    const limit = rateLimit(3);
    const call = (authorization: string) => {
      const answered = { status: 200, retry: '' };
      const response = {
        status: (status: number) => Object.assign(response, (answered.status = status) && {}),
        set: (_name: string, value: string) => Object.assign(response, (answered.retry = value) && {}),
        json: () => response,
      };
      limit({ headers: { authorization } } as never, response as never, () => {});
      return answered;
    };
    expect([1, 2, 3].map(() => call('Bearer a').status)).toEqual([200, 200, 200]);
    expect(call('Bearer a')).toMatchObject({ status: 429, retry: expect.stringMatching(/^[1-9]\d*$/) });
    expect(call('Bearer b').status).toBe(200);
  });

  it('is set by TOUCHSTONE_RATE_LIMIT', () => {
    expect([
      configuredRate({ TOUCHSTONE_RATE_LIMIT: '7' }),
      configuredRate({}),
      configuredRate({ TOUCHSTONE_RATE_LIMIT: 'x' }),
    ]).toEqual([7, 6000, 6000]);
  });
});

describe('a stream with a first value', () => {
  it('ends at once even while it waits', async () => {
    let ended = false;
    const silent: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        return: () => {
          ended = true;
          return Promise.resolve({ value: undefined, done: true });
        },
      }),
    };
    const stream = startingWith('first', silent);
    expect(await stream.next()).toEqual({ value: 'first', done: false });
    void stream.next();
    await stream.return!();
    expect(ended).toBe(true);
  });
});
