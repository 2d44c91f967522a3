/** The commands that speak to a server, and the Python client, against a server that was started as a person starts it. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from './server.js';
import { execute, type Invocation, repository, touchstone as run } from './touchstone.js';

let server: Server;
let config: string;
beforeAll(async () => {
  config = mkdtempSync(join(tmpdir(), 'touchstone-config-'));
  server = await startServer();
}, 300_000);
afterAll(async () => {
  await server?.stop();
  rmSync(config, { recursive: true, force: true });
});

const environment = (): Record<string, string> => ({
  TOUCHSTONE_URL: server.url,
  XDG_CONFIG_HOME: config,
  TOUCHSTONE_HOME: join(config, 'nothing'),
});
const touchstone = (args: string[], extra: Invocation = {}) =>
  run(args, { ...extra, env: { ...environment(), ...extra.env } });
const asOwner = (...args: string[]) => touchstone(args, { env: { TOUCHSTONE_TOKEN: server.token } });

interface Submission {
  id: string;
  variantHash: string;
  runs: { id: string; seed: number; state: string; scores: { key: string; value: number }[] }[];
}

describe('login', () => {
  it('keeps a good token privately and refuses a bad one', async () => {
    expect(await touchstone(['login'], { input: 'tst_wrong\n' })).toMatchObject({ code: 4 });
    expect(await touchstone(['login'], { input: `${server.token}\n` })).toMatchObject({ code: 0 });
    expect(statSync(join(config, 'touchstone/token')).mode & 0o777).toBe(0o600);
    expect((await touchstone(['status'])).stdout).toContain('signed in: owner');
    rmSync(join(config, 'touchstone'), { recursive: true });
    expect((await touchstone(['status'])).stdout).toContain('signed in: no');
  });

  it("is not needed where the owner's token lies on this machine", async () => {
    expect((await touchstone(['status'], { env: { TOUCHSTONE_HOME: server.home } })).stdout).toContain(
      'signed in: owner',
    );
  });
});

describe('submit and what follows', () => {
  it('submit, watch, status, logs, leaderboard, compare', async () => {
    const sent = await asOwner('submit', '-b', 'digits-smoke', '-m', 'focal', '-p', 'gamma=3', '--json');
    expect(sent.code).toBe(0);
    const submission = JSON.parse(sent.stdout) as Submission;
    const watched = await asOwner('watch', submission.id);
    expect(watched.code).toBe(0);
    expect(watched.stderr).toContain('seed 4: succeeded');
    expect((await asOwner('status', submission.id)).stdout.match(/SUCCEEDED/g)).toHaveLength(5);
    const run = submission.runs[0]?.id ?? '';
    expect((await asOwner('logs', '-f', run)).code).toBe(0);

    const local = await touchstone([
      'run',
      '-b',
      'digits-smoke',
      '-m',
      'focal',
      '-p',
      'gamma=3',
      '--seeds',
      '1',
      '--json',
    ]);
    const here = JSON.parse(local.stdout) as { variantHash: string; runs: { scores: Record<string, number> }[] };
    expect(here.variantHash).toBe(submission.variantHash);
    const there = JSON.parse((await asOwner('status', run, '--json')).stdout) as Submission['runs'][number];
    expect(there.scores.find(({ key }) => key === 'accuracy')?.value).toBe(here.runs[0]?.scores['accuracy']);

    await asOwner('submit', '-b', 'digits-smoke', '--watch');
    const board = await touchstone(['leaderboard', 'digits-smoke']);
    expect(board.stdout).toContain('focal (gamma 3)');
    const csv = await touchstone(['leaderboard', 'digits-smoke', '--csv']);
    const [header = '', ...rows] = csv.stdout.trimEnd().split('\r\n');
    expect(header.split(',').slice(0, 4)).toEqual(['benchmark', 'version', 'division', 'rank']);
    expect(rows.length).toBeGreaterThanOrEqual(2);
    const latex = await touchstone(['leaderboard', 'digits-smoke', '--latex']);
    expect(latex.stdout).toContain('95 \\% interval');
    const json = async <T>(...args: string[]): Promise<T> =>
      JSON.parse((await touchstone([...args, '--json'])).stdout) as T;
    const { rows: entries } = await json<{ rows: { id: string; label: string; division: string }[] }>(
      'leaderboard',
      'digits-smoke',
    );
    const baseline = entries.find(
      ({ label, division }) => label === 'cross-entropy' && division === 'PUBLISHED_DEFAULTS',
    );
    const compared = await json<{ n: number; mean: number; seeds: { difference: number }[] }>(
      'compare',
      'focal (gamma 3)',
      baseline?.id ?? '',
      '-b',
      'digits-smoke',
    );
    expect(compared.n).toBe(5);
    expect(compared.mean).toBeCloseTo(compared.seeds.reduce((sum, { difference }) => sum + difference, 0) / 5, 12);
  });

  it('sends one submission for one idempotency key, and the same runs for the same variant', async () => {
    const send = async (key: string) =>
      JSON.parse(
        (await asOwner('submit', '-b', 'digits-smoke', '-m', 'label-smoothing', '--idempotency-key', key, '--json'))
          .stdout,
      ) as Submission;
    const [first, again, other] = [await send('k1'), await send('k1'), await send('k2')];
    expect(again.id).toBe(first.id);
    expect(other.id).not.toBe(first.id);
    expect(other.runs.map(({ id }) => id).sort()).toEqual(first.runs.map(({ id }) => id).sort());
  });

  it('sends predictions, waits for their score and says which line is wrong', async () => {
    const good = join(config, 'log.tsv');
    const bad = join(config, 'bad.tsv');
    const head = 'idx\tlabel\tpredict\tradius\tcorrect\n';
    writeFileSync(good, `${head}0\t1\t1\t0.5\t1\n1\t1\t2\t0.5\t0\n`);
    writeFileSync(bad, `${head}0\t1\t1\tfar\t1\n`);
    const send = (file: string, name: string, ...more: string[]) =>
      asOwner('submit-predictions', 'certified-accuracy', '--predictions', file, '--name', name, ...more);
    const scored = await send(good, 'net', '--wait', '--json');
    expect(scored).toMatchObject({ code: 0 });
    expect((JSON.parse(scored.stdout) as Submission).runs[0]?.scores).toContainEqual({
      key: 'certified_accuracy_at_0.25',
      value: 0.5,
    });
    expect((await touchstone(['leaderboard', 'certified-accuracy'])).stdout).toContain('net');
    const own = await asOwner('accept-labels', (JSON.parse(scored.stdout) as Submission).runs[0]!.id);
    expect(own.code).not.toBe(0);
    expect(own.stderr).toContain('the labels come with the predictions');
    const refused = await send(bad, 'broken', '--wait');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('BAD_FILE: bad.tsv, line 2, column radius');
    expect((await send(config, 'folder')).code).toBe(2);
    expect((await send(good, 'net', '--url', server.url)).code).toBe(0);
    const unsigned = ['submit-predictions', 'certified-accuracy', '--predictions', good, '--name', 'x'];
    expect((await touchstone(unsigned)).code).toBe(4);
  });

  it('cancel ends what has not ended', async () => {
    const { stdout } = await asOwner('submit', '-b', 'letter-retrieval', '-m', 'triplet', '-p', 'margin=0.3', '--json');
    const { id } = JSON.parse(stdout) as Submission;
    expect((await asOwner('cancel', id)).code).toBe(0);
    expect((await asOwner('watch', id)).code).toBe(1);
  });

  it('a dry run stores nothing', async () => {
    const count = async () =>
      JSON.parse((await touchstone(['leaderboard', 'letter-retrieval', '--json'])).stdout).rows.length as number;
    const before = await count();
    const { code, stdout } = await asOwner(
      'submit',
      '-b',
      'letter-retrieval',
      '-m',
      'supervised-contrastive',
      '-p',
      'temperature=0.07',
      '--dry-run',
    );
    expect(code).toBe(0);
    expect(stdout).toContain('division OPEN');
    expect(await count()).toBe(before);
  });
});

describe('bad input', () => {
  it.each<[string[], string, number]>([
    [['leaderboard', 'nope'], 'UNKNOWN_BENCHMARK', 3],
    [['watch', 'nope'], 'BAD_ID', 3],
    [['submit', '-b', 'nope'], 'UNKNOWN_BENCHMARK', 3],
    [['submit', '-b', 'digits-smoke', '-m', 'nope'], 'UNKNOWN_METHOD', 3],
    [['submit', '-b', 'digits-smoke', '-m', 'focal', '-p', 'gamma=99'], 'PARAM_RANGE', 4],
    [['submit', '-b', 'digits-smoke', '-m', 'focal', '-p', 'gamma=NaN'], 'PARAM_TYPE', 4],
    [['submit', '-b', 'digits-smoke', '--seeds', '1000000'], 'SEEDS_RANGE', 4],
    [['compare', 'nope', 'focal', '-b', 'digits-smoke'], 'NOT_FOUND', 3],
  ])('%j', async (args, code, exit) => {
    const { stdout, stderr, ...ended } = await asOwner(...args);
    expect(stderr).toMatch(new RegExp(`^error ${code}: .+\\n$`));
    expect(ended.code).toBe(exit);
    expect(stdout).toBe('');
  });

  it('no token may read and not submit', async () => {
    expect(await touchstone(['leaderboard', 'digits-smoke'])).toMatchObject({ code: 0 });
    expect(await touchstone(['submit', '-b', 'digits-smoke'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('UNAUTHENTICATED'),
    });
  });

  it('a server that answers something else is unreachable, not a crash', async () => {
    expect(await touchstone(['status', '--url', `${server.url}/nowhere`])).toMatchObject({ stdout: '' });
  });
});

describe('python client', () => {
  const python = (script: string) => {
    const path = join(config, 'script.py');
    writeFileSync(
      path,
      `import sys\nsys.path.insert(0, ${JSON.stringify(join(repository, 'python'))})\nimport touchstone_client as touchstone\n${script}`,
    );
    return execute('python3', [path], { env: { ...environment(), TOUCHSTONE_TOKEN: server.token } });
  };

  it('lists the benchmarks of a track, sends predictions in pieces and waits for their score', async () => {
    const { code, stdout, stderr } = await python(`
import hashlib, os, tempfile, tracemalloc
folder = tempfile.mkdtemp()
def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path
def caught(call, kind):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError("nothing was raised")
client = touchstone.login(${JSON.stringify(server.url)}, ${JSON.stringify(server.token)})

train, sent = client.benchmarks("train"), touchstone.benchmarks("predictions")
assert {row["track"] for row in train} == {"train"} and {row["track"] for row in sent} == {"predictions"}
assert len(client.benchmarks()) == len(train) + len(sent)
board = next(row for row in sent if row["key"] == "certified-accuracy")
assert board["state"] == "READY" and board["primary"] == "certified_accuracy_at_0.25", board
assert ".tsv" in board["files"][0]["formats"] and "radius" in board["files"][0]["example"], board
assert caught(lambda: client.benchmarks("both"), touchstone.Refused).allowed == "train or predictions"

head = "idx\\tlabel\\tpredict\\tradius\\tcorrect\\n"
log = write("python.tsv", head + "0\\t1\\t1\\t0.5\\t1\\n1\\t1\\t2\\t0.5\\t0\\n2\\t1\\t1\\t0.1\\t1\\n")
submission = touchstone.submit_predictions("certified-accuracy", [log], name="by python", note="three examples")
done = client.wait(submission["id"], timeout=120, poll=0.2)
scores = {score["key"]: score["value"] for score in done["runs"][0]["scores"]}
assert abs(scores["certified_accuracy_at_0.25"] - 1 / 3) < 1e-12, scores
row = next(row for row in client.leaderboard("certified-accuracy") if row["label"] == "by python")
assert row["claim"] == "SUBMITTED" and row["variantHash"] == submission["variantHash"], row

bad = client.submit_predictions("certified-accuracy", [write("bad.tsv", head + "0\\t1\\t1\\tfar\\t1\\n")], name="broken")
failed = caught(lambda: client.wait(bad["id"], timeout=120, poll=0.2), touchstone.RunsFailed)
assert "BAD_FILE" in str(failed) and "bad.tsv, line 2, column radius" in failed.submission["runs"][0]["message"], str(failed)

send = lambda *paths, **more: client.submit_predictions("certified-accuracy", paths, **dict({"name": "x"}, **more))
assert caught(lambda: send(folder), touchstone.Refused).code == "BAD_FILE"
assert caught(lambda: send(os.path.join(folder, "absent.tsv")), touchstone.Refused).field == "files"
assert caught(lambda: client.submit_predictions("certified-accuracy", log, name="x"), touchstone.Refused).code == "PARAM_TYPE"
assert caught(lambda: send(log, name=" "), touchstone.Refused).field == "input.name"
assert caught(lambda: send(), touchstone.Refused).field == "input.uploads"
assert caught(lambda: client.submit_predictions("digits-smoke", [log], name="x"), touchstone.Refused).code == "WRONG_TRACK"
assert caught(lambda: client.submit_predictions("nope", [log], name="x"), touchstone.NotFound).code == "UNKNOWN_BENCHMARK"
empty = caught(lambda: send(write("empty.tsv", "")), touchstone.Refused)
assert empty.field == "input.bytes" and empty.value == "0", vars(empty)

large = write("large.tsv", head + "0\\t1\\t1\\t0.5\\t1\\n" * 2000000)
tracemalloc.start()
client.upload("certified-accuracy", large)
peak = tracemalloc.get_traced_memory()[1]
assert peak < 8e6 < os.path.getsize(large), (peak, os.path.getsize(large))
print("fine")
`);
    expect({ code, stdout: stdout.trim(), stderr }).toEqual({ code: 0, stdout: 'fine', stderr: '' });
  });

  it('submits, waits and reads the board', async () => {
    const { code, stdout, stderr } = await python(`
touchstone.login(${JSON.stringify(server.url)}, ${JSON.stringify(server.token)})
submission = touchstone.submit_variant("digits-smoke", "focal", params={"gamma": 4}, slots={"layer": {"method": "gelu"}})
done = touchstone.wait(submission["id"], timeout=120, poll=0.2)
assert [run["state"] for run in done["runs"]] == ["SUCCEEDED"] * 5, done
rows = touchstone.leaderboard("digits-smoke")
assert all(isinstance(row, dict) for row in rows)
row = next(row for row in rows if row["variantHash"] == submission["variantHash"])
assert row["n"] == 5 and row["low"] < row["mean"] < row["high"] and row["over"] == "BOTH", row
assert row["method"] == "focal" and row["params"] == {"gamma": 4}, row
print("fine")
`);
    expect({ code, stdout: stdout.trim(), stderr }).toEqual({ code: 0, stdout: 'fine', stderr: '' });
  });

  it('raises typed errors with code, field, value and what is allowed', async () => {
    const { code, stdout, stderr } = await python(`
client = touchstone.Client()
def caught(call, kind):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError("nothing was raised")
error = caught(lambda: client.submit_variant("digits-smoke", "focal", {"gamma": 99}), touchstone.Refused)
assert error.code == "PARAM_RANGE" and "gamma" in error.field and error.value == "99", vars(error)
error = caught(lambda: client.submit_variant("digits-smoke", "focal", {"gamma": float("nan")}), touchstone.Refused)
assert error.code == "PARAM_TYPE"
assert caught(lambda: client.leaderboard("nope"), touchstone.NotFound).code == "UNKNOWN_BENCHMARK"
assert caught(lambda: client.submission("nope"), touchstone.NotFound)
assert caught(lambda: touchstone.login(client.url, "tst_wrong"), touchstone.Refused)
assert caught(lambda: touchstone.Client("http://127.0.0.1:9").leaderboard("x"), touchstone.Unreachable)
same = [client.submit_variant("digits-smoke", "focal", idempotency_key="py")["id"] for _ in range(2)]
assert same[0] == same[1]
error = caught(lambda: client.wait(client.submit_variant("letter-classification", "ps-kd", {"alphaT": 0.613})["id"], timeout=0.3, poll=0.1), touchstone.TimedOut)
print("fine")
`);
    expect({ code, stdout: stdout.trim(), stderr }).toEqual({ code: 0, stdout: 'fine', stderr: '' });
  });

  it('is Python 3.8, and imports nothing but the standard library', async () => {
    const { code, stdout, stderr } = await execute('python3', [
      '-c',
      `
import ast, sys
tree = ast.parse(open("python/touchstone_client.py").read(), feature_version=(3, 8))
names = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
names |= {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
print(sorted(names - set(getattr(sys, "stdlib_module_names", names))))
`,
    ]);
    expect({ code, stdout: stdout.trim(), stderr }).toEqual({ code: 0, stdout: '[]', stderr: '' });
  });
});
