/** Role × operation × state of the object: every cell is tried, and what is refused changes nothing. */
import { sha256 } from '@touchstone/eval/meta';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeId, encodeId } from '../../apps/api/src/lib/ids.js';
import { rowsOf } from '../../apps/api/src/lib/sql.js';
import { createSchema } from '../../apps/api/src/schema.js';
import { finishRuns, startTestServer, type TestServer } from '../../apps/api/src/testing.js';

const ROLES = [
  'nobody',
  'revoked',
  'expired',
  'stranger',
  'submitter',
  'submitter reading',
  'submitter administering',
  'worker',
  'owner',
] as const;
type Role = (typeof ROLES)[number];
const STATES = ['running', 'ended', 'withdrawn'] as const;
type State = (typeof STATES)[number];

interface Target {
  readonly submission: string;
  readonly run: string;
  readonly token: string;
  /** A file that the submitter has sent. */
  readonly upload: string;
}

/** 'ok', or the code of the refusal, be it an error or data. */
type Outcome = string;

interface Operation {
  /** GraphQL that acts on the target; `n` is new for every cell. */
  document(target: Target, n: number): string;
  expected(role: Role, state: State): Outcome;
}

const scoped = (scope: 'submit' | 'admin', role: Role): Outcome | null => {
  if (role === 'nobody') return 'UNAUTHENTICATED';
  const holders: Record<typeof scope, readonly Role[]> = {
    submit: ['stranger', 'submitter', 'submitter administering', 'owner'],
    admin: ['submitter administering', 'owner'],
  };
  return holders[scope].includes(role) ? null : 'FORBIDDEN';
};

const userErrors = 'userErrors { code }';

const MUTATIONS: Readonly<Record<string, Operation>> = {
  submitVariant: {
    document: (_, n) =>
      `submitVariant(input: { benchmark: "letter-retrieval", method: "contrastive", learningRate: ${0.001 + n * 1e-6} }) { submission { id } ${userErrors} }`,
    expected: (role) => scoped('submit', role) ?? 'ok',
  },
  submitVariants: {
    document: (_, n) =>
      `submitVariants(input: { benchmark: "letter-retrieval", method: "multi-similarity", grid: { alpha: [${10 + n * 1e-3}] } }) { submissions { id } ${userErrors} }`,
    expected: (role) => scoped('submit', role) ?? 'ok',
  },
  createUpload: {
    document: (_, n) =>
      `createUpload(input: { benchmark: "certified-accuracy", fileName: "log.tsv", bytes: 9, sha256: "${sha256(String(n))}" }) { upload { id } ${userErrors} }`,
    expected: (role) => scoped('submit', role) ?? 'ok',
  },
  submitPredictions: {
    document: ({ upload }) =>
      `submitPredictions(input: { benchmark: "certified-accuracy", name: "mine", uploads: ["${upload}"] }) { submission { id } ${userErrors} }`,
    expected: (role) => scoped('submit', role) ?? (role.startsWith('submitter') ? 'ok' : 'NOT_FOUND'),
  },
  acceptLabels: {
    document: ({ run }) => `acceptLabels(input: { run: "${run}" }) { queued ${userErrors} }`,
    expected: (role) => scoped('admin', role) ?? (role === 'owner' ? 'WRONG_TRACK' : 'FORBIDDEN'),
  },
  reportResults: {
    document: (_, n) =>
      `reportResults(input: { benchmark: "robustbench-cifar10-linf", name: "net ${n}", scores: [{ key: "clean_accuracy", value: 90 }], source: { title: "A paper", url: "https://example.org/paper" } }) { submission { id } ${userErrors} }`,
    expected: (role) => scoped('submit', role) ?? 'ok',
  },
  cancelRun: {
    document: ({ run }) => `cancelRun(input: { id: "${run}" }) { run { id } ${userErrors} }`,
    expected: (role, state) =>
      scoped('submit', role) ??
      (role === 'owner'
        ? state === 'running'
          ? 'ok'
          : 'RUN_ENDED'
        : role === 'stranger' || state === 'withdrawn'
          ? 'FORBIDDEN'
          : state === 'running'
            ? 'ok'
            : 'RUN_ENDED'),
  },
  rerunSubmission: {
    document: ({ submission }) => `rerunSubmission(input: { id: "${submission}" }) { submission { id } ${userErrors} }`,
    expected: (role, state) =>
      scoped('submit', role) ??
      (role === 'stranger'
        ? state === 'withdrawn'
          ? 'NOT_FOUND'
          : 'FORBIDDEN'
        : { running: 'STILL_RUNNING', ended: 'ok', withdrawn: 'WITHDRAWN' }[state]),
  },
  withdrawSubmission: {
    document: ({ submission }) =>
      `withdrawSubmission(input: { id: "${submission}" }) { submission { id } ${userErrors} }`,
    expected: (role, state) =>
      scoped('submit', role) ?? (role === 'stranger' ? (state === 'withdrawn' ? 'NOT_FOUND' : 'FORBIDDEN') : 'ok'),
  },
  createToken: {
    document: (_, n) => `createToken(input: { name: "t${n}" }) { token { id } ${userErrors} }`,
    expected: (role) => scoped('admin', role) ?? 'ok',
  },
  revokeToken: {
    document: ({ token }) => `revokeToken(input: { id: "${token}" }) { token { id } ${userErrors} }`,
    expected: (role) => scoped('admin', role) ?? 'ok',
  },
};

const seesOwn = (role: Role) => role.startsWith('submitter') || role === 'owner';
const reads = (role: Role): Outcome => (role === 'nobody' ? 'UNAUTHENTICATED' : role === 'worker' ? 'FORBIDDEN' : 'ok');

/** Queries whose answer depends on who asks; all others answer everybody alike. */
const QUERIES: Readonly<Record<string, Operation>> = {
  'node of a submission': {
    document: ({ submission }) => `node(id: "${submission}") { id }`,
    expected: (role, state) => (state !== 'withdrawn' || seesOwn(role) ? 'ok' : 'null'),
  },
  'nodes of a submission': {
    document: ({ submission }) => `nodes(ids: ["${submission}"]) { id }`,
    expected: (role, state) => (state !== 'withdrawn' || seesOwn(role) ? 'ok' : 'null'),
  },
  submission: {
    document: ({ submission }) => `submission(id: "${submission}") { id }`,
    expected: (role, state) => (state !== 'withdrawn' || seesOwn(role) ? 'ok' : 'null'),
  },
  'node of a token': {
    document: ({ token }) => `node(id: "${token}") { id }`,
    expected: (role) => (seesOwn(role) ? 'ok' : 'null'),
  },
  'viewer and tokens': {
    document: () => 'viewer { id tokens { prefix } }',
    expected: (role) => (role === 'nobody' ? 'null' : reads(role)),
  },
  'own submissions': { document: () => 'submissions(mine: true) { totalCount }', expected: reads },
  'own runs': { document: () => 'runs(where: { mine: true }) { totalCount }', expected: reads },
  'own rows': {
    document: () => 'leaderboard(benchmark: "letter-retrieval", where: { mine: true }) { totalCount }',
    expected: reads,
  },
};

const PUBLIC = [
  'serverInfo',
  'papers',
  'paper',
  'methods',
  'method',
  'datasets',
  'dataset',
  'metrics',
  'metric',
  'benchmarks',
  'benchmark',
  'run',
  'metricSeries',
  'difference',
  'estimate',
  'search',
  'queue',
  'events',
];

let server: TestServer;
const tokens = new Map<Role, string | null>();
let submitterToken = '';
let made = 0;

beforeAll(async () => {
  server = await startTestServer({ bare: true });
  const { issueToken } = await import('../../apps/api/src/lib/auth.js');
  const submitter = await server.member('submitter', ['read', 'submit']);
  const more = async (scopes: readonly ('read' | 'submit' | 'admin')[]) =>
    (await issueToken(server.platform.db, { userId: submitter.userId, name: 'more', scopes, expiresAt: null })).secret;
  submitterToken = submitter.token;
  tokens.set('nobody', null);
  tokens.set('expired', (await server.member('expired', ['read', 'submit', 'admin'], new Date(Date.now() - 1))).token);
  tokens.set('revoked', await revoked());
  tokens.set('stranger', (await server.member('stranger', ['read', 'submit'])).token);
  tokens.set('submitter', submitter.token);
  tokens.set('submitter reading', await more(['read']));
  tokens.set('submitter administering', await more(['read', 'submit', 'admin']));
  tokens.set('worker', (await server.member('worker', ['worker'])).token);
  tokens.set('owner', server.ownerToken);
});
afterAll(() => server?.close());

async function revoked(): Promise<string> {
  const { token, tokenId } = await server.member('revoked', ['read', 'submit', 'admin']);
  const id = encodeId('ApiToken', tokenId);
  await act(`mutation { revokeToken(input: { id: "${id}" }) { token { id } } }`, server.ownerToken);
  return token;
}

async function act<T>(document: string, token: string): Promise<T> {
  const { data, errors } = await server.query<T>(document, {}, token);
  expect(errors).toBeUndefined();
  return data!;
}

const kept = new Map<State, Promise<Target>>();

/** One target a state for every cell that must leave it as it is. */
function keptTarget(state: State): Promise<Target> {
  if (!kept.has(state)) kept.set(state, target(state));
  return kept.get(state)!;
}

/** A token that ended is refused whatever is asked, public reads included. */
const expectedOf = (operation: Operation, role: Role, state: State): Outcome =>
  role === 'revoked' || role === 'expired' ? 'UNAUTHENTICATED' : operation.expected(role, state);

/** A submission of its own variant in the given state, and a token of the submitter. */
async function target(state: State): Promise<Target> {
  const rate = 0.01 + ++made * 1e-6;
  const { submitVariant } = await act<{
    submitVariant: { submission: { id: string; entry: { id: string }; runs: { id: string }[] } };
  }>(
    `mutation { submitVariant(input: { benchmark: "letter-retrieval", method: "triplet", learningRate: ${rate} }) { submission { id entry { id } runs { id } } userErrors { message } } }`,
    submitterToken,
  );
  const { id, entry, runs } = submitVariant.submission;
  if (state === 'ended') await finishRuns(server.platform, decodeId(entry.id).key, (seed) => ({ map_at_r: seed / 10 }));
  if (state === 'withdrawn')
    await act(`mutation { withdrawSubmission(input: { id: "${id}" }) { userErrors { code } } }`, submitterToken);
  const { createToken } = await act<{ createToken: { token: { id: string } } }>(
    `mutation { createToken(input: { name: "target ${made}" }) { token { id } } }`,
    tokens.get('submitter administering')!,
  );
  return { submission: id, run: runs[0]!.id, token: createToken.token.id, upload: await sentFile() };
}

/** A file of the submitter's, content of its own each time. */
async function sentFile(): Promise<string> {
  const content = `idx\tlabel\tpredict\tradius\tcorrect\n${++made}\t1\t1\t0.5\t1\n`;
  const { createUpload } = await act<{ createUpload: { upload: { id: string; url: string } } }>(
    `mutation { createUpload(input: { benchmark: "certified-accuracy", fileName: "log.tsv", bytes: ${content.length}, sha256: "${sha256(content)}" }) { upload { id url } } }`,
    submitterToken,
  );
  expect((await fetch(createUpload.upload.url, { method: 'PUT', body: content })).status).toBe(201);
  return createUpload.upload.id;
}

async function outcome(kind: 'query' | 'mutation', document: string, role: Role): Promise<Outcome> {
  const { data, errors } = await server.query<
    Record<string, null | readonly unknown[] | { userErrors?: { code: string }[] }>
  >(`${kind} { it: ${document} }`, {}, tokens.get(role)!);
  if (errors) return String(errors[0]!.extensions['code']);
  const it = data!['it'];
  if (it === null || it === undefined || (Array.isArray(it) && it[0] === null)) return 'null';
  return ('userErrors' in it && it.userErrors?.[0]?.code) || 'ok';
}

async function fingerprint(): Promise<unknown> {
  const [row] = await rowsOf<object>(
    server.platform.db,
    sql`select (select count(*)::int from submissions) as submissions, (select count(*)::int from submissions where withdrawn_at is not null) as withdrawn,
      (select count(*)::int from runs) as runs, (select count(*)::int from runs where state = 'CANCELLED' or cancel_requested) as cancelled,
      (select count(*)::int from entries) as entries, (select count(*)::int from events) as events, (select count(*)::int from tokens) as tokens,
      (select count(*)::int from tokens where revoked_at is not null) as revoked, (select count(*)::int from uploads) as uploads`,
  );
  return row;
}

const cells = (operations: Readonly<Record<string, Operation>>) =>
  Object.entries(operations).flatMap(([name, operation]) =>
    STATES.flatMap((state) => ROLES.map((role) => [name, state, role, operation] as const)),
  );

describe('the matrix', () => {
  it('has a row for every field of the schema', async () => {
    const schema = await createSchema();
    expect(Object.keys(MUTATIONS).sort()).toEqual(Object.keys(schema.getMutationType()!.getFields()).sort());
    const covered = [...PUBLIC, 'node', 'nodes', 'submission', 'submissions', 'runs', 'leaderboard', 'viewer'];
    expect(covered.sort()).toEqual(Object.keys(schema.getQueryType()!.getFields()).sort());
  });

  it.each(cells(MUTATIONS))('%s on what is %s by %s', async (_, state, role, operation) => {
    const expected = expectedOf(operation, role, state);
    const aim = await (expected === 'ok' ? target(state) : keptTarget(state));
    const before = await fingerprint();
    expect(await outcome('mutation', operation.document(aim, ++made), role)).toBe(expected);
    if (expected !== 'ok') expect(await fingerprint()).toEqual(before);
  });

  it.each(cells(QUERIES))('%s that is %s by %s', async (_, state, role, operation) => {
    expect(await outcome('query', operation.document(await keptTarget(state), ++made), role)).toBe(
      expectedOf(operation, role, state),
    );
  });
});
