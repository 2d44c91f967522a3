/** The site in a real browser: what strangers see, with and without JavaScript, by keyboard, narrow, light and dark. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, launch, newContext, present, site, token, violations } from './browser.js';
import { freePort } from './process-tree.js';

const board = '/leaderboards/letter-retrieval?division=published_defaults';
const form = '/submit?benchmark=letter-retrieval&method=multi-similarity';
const JS_BUDGET = 120_000;

let browser: Browser;
let pages: Record<string, string>;

/** Every kind of page, those of records by the first record of their kind. */
async function listPages(): Promise<Record<string, string>> {
  const found = await ask<{
    methods: { nodes: { key: string }[] };
    metrics: { nodes: { key: string }[] };
    papers: { nodes: { key: string }[] };
    datasets: { nodes: { key: string; state: string }[] };
    leaderboard: { nodes: { id: string; reference: string | null; runs: { id: string }[] }[] };
  }>(`{
    methods { nodes { key } } metrics { nodes { key } } papers { nodes { key } } datasets { nodes { key state } }
    leaderboard(benchmark: "letter-retrieval", division: PUBLISHED_DEFAULTS, first: 10) { nodes { id reference runs { id } } }
  }`);
  const [first, second] = found.leaderboard.nodes.filter((row) => row.reference !== 'UNTRAINED');
  const dataset = found.datasets.nodes.find((d) => d.state === 'MISSING') ?? found.datasets.nodes[0];
  return {
    home: '/',
    leaderboard: board,
    'leaderboard in its opening division': '/leaderboards/letter-classification',
    benchmarks: '/benchmarks',
    'benchmarks of predictions': '/benchmarks?track=predictions',
    'benchmarks sought in vain': '/benchmarks?track=predictions&q=zzzzzz',
    benchmark: '/benchmarks/letter-retrieval',
    'benchmark of predictions': '/benchmarks/certified-accuracy',
    'benchmark of predictions without its labels': '/benchmarks/kitti-tracking',
    methods: '/methods',
    method: '/methods/multi-similarity',
    datasets: '/datasets',
    dataset: `/datasets/${dataset?.key}`,
    metrics: '/metrics',
    metric: `/metrics/${found.metrics.nodes[0]?.key}`,
    'metric with a wide formula': '/metrics/kitti_ap',
    'metric by a score key of a board': '/metrics/nll?board=uci-yacht',
    'metrics with words': '/metrics?q=recall',
    papers: '/papers',
    kernels: '/kernels',
    paper: `/papers/${found.papers.nodes[0]?.key}`,
    entry: `/entries/${first?.id}`,
    run: `/runs/${first?.runs[0]?.id}`,
    'compare chooser': '/compare',
    comparison: `/compare?a=${second?.id}&b=${first?.id}`,
    submit: form,
    'submit with errors': `${form}&param.alpha=-1&errors=${encodeURIComponent('[{"field":"params.alpha","message":"too small"}]')}`,
    'submit predictions': '/submit?benchmark=certified-accuracy',
    'submit predictions with errors': `/submit?benchmark=kitti-object&errors=${encodeURIComponent('[{"field":"file.0","message":"choose a file"}]')}`,
    submissions: '/submissions',
    queue: '/queue',
    account: '/account',
    'sign-in': '/sign-in',
    'sign-in link': '/sign-in?code=used',
    explorer: '/explorer',
    search: '/search?q=similarity',
    'search without a hit': '/search?q=zzzzzz',
    'not found': '/nowhere',
  };
}
const NAMES = [
  'home',
  'leaderboard',
  'leaderboard in its opening division',
  'benchmarks',
  'benchmarks of predictions',
  'benchmarks sought in vain',
  'benchmark',
  'benchmark of predictions',
  'benchmark of predictions without its labels',
  'methods',
  'method',
  'datasets',
  'dataset',
  'metrics',
  'metric',
  'metric with a wide formula',
  'metric by a score key of a board',
  'metrics with words',
  'papers',
  'paper',
  'entry',
  'run',
  'compare chooser',
  'comparison',
  'submit',
  'submit with errors',
  'submit predictions',
  'submit predictions with errors',
  'submissions',
  'queue',
  'account',
  'sign-in',
  'sign-in link',
  'explorer',
  'search',
  'search without a hit',
  'not found',
];

const context = (options: BrowserContextOptions = {}, signedIn = false) => newContext(browser, options, signedIn);

beforeAll(async () => {
  if (!present) return;
  pages = await listPages();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
});

describe.skipIf(!present)('every page', () => {
  let visitor: BrowserContext;
  beforeAll(async () => {
    visitor = await context({}, true);
  });
  afterAll(() => visitor?.close());

  it.each(NAMES)('%s: found, quiet, from here alone, accessible in light and dark, 360 px wide', async (name) => {
    const path = pages[name] ?? '';
    const page = await visitor.newPage();
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' && !(name === 'not found' && message.text().includes('404')))
        problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== site)
        problems.push(`asks ${request.url()}`);
    });
    const response = await page.goto(site + path);
    expect(response?.status(), path).toBe(name === 'not found' ? 404 : 200);
    if (name === 'explorer') await page.locator('.graphiql-container').waitFor();
    expect(await page.title()).toMatch(/Touchstone$/);
    problems.push(...(await violations(page)).map((v) => `light ${v}`));
    await page.emulateMedia({ colorScheme: 'dark' });
    if (name === 'explorer') {
      await page.reload();
      await page.locator('.graphiql-container').waitFor();
    }
    problems.push(...(await violations(page, ['color-contrast'])).map((v) => `dark ${v}`));
    await page.setViewportSize({ width: 360, height: 780 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (wide > 0) problems.push(`scrolls sideways by ${wide} px at 360 px`);
    await page.close();
    expect(problems).toEqual([]);
  });
});

describe.skipIf(!present)('a leaderboard', () => {
  it('is walked by keyboard, with a skip link and visible focus', async () => {
    const visitor = await context();
    const page = await visitor.newPage();
    await page.goto(site + board);
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        return {
          text: element.textContent ?? '',
          href: element.getAttribute('href') ?? '',
          outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
          visible: box.width > 1 && box.height > 1,
        };
      });
    await page.keyboard.press('Tab');
    expect(await focused()).toMatchObject({ href: '#main', visible: true });
    await page.keyboard.press('Enter');
    const seen: string[] = [];
    for (let i = 0; i < 60 && !seen.at(-1)?.startsWith('/entries/'); i++) {
      await page.keyboard.press('Tab');
      const here = await focused();
      expect(here, `focus on ${here.text}`).toMatchObject({ outlined: true, visible: true });
      seen.push(here.href);
    }
    expect(seen.at(-1)).toMatch(/^\/entries\//);
    expect(seen, 'the skip link passes over the header').not.toContain('/methods');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/entries\//);
    await visitor.close();
  });

  it('weighs at most 120 kB of JavaScript, compressed, and its scripts run under the policy', async () => {
    const visitor = await context();
    const page = await visitor.newPage();
    const sizes: Promise<number>[] = [];
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script')
        sizes.push(
          response
            .finished()
            .then(() => response.request().sizes())
            .then(({ responseBodySize }) => responseBodySize),
        );
    });
    const response = await page.goto(site + board);
    expect(response?.headers()['content-security-policy']).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/);
    await page.getByRole('button', { name: 'Copy: Command line' }).waitFor();
    await page.waitForLoadState('networkidle');
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    console.log(
      `JavaScript of the leaderboard page: ${(total / 1000).toFixed(1)} kB compressed in ${sizes.length} files`,
    );
    expect(sizes.length).toBeGreaterThan(0);
    expect(total).toBeLessThanOrEqual(JS_BUDGET);
    await visitor.close();
  });
});

describe.skipIf(!present)('without JavaScript', () => {
  it('a leaderboard is read and a bad submission is answered at its field', async () => {
    const visitor = await context({ javaScriptEnabled: false });
    const page = await visitor.newPage();
    await page.goto(site + board);
    const baseline = page.getByRole('row').filter({ hasText: 'is the baseline' });
    await expect.poll(() => baseline.count()).toBe(1);
    expect(await baseline.innerText()).toMatch(/0\.\d{4} to 0\.\d{4}/);
    const head = page.getByRole('columnheader').filter({ hasText: 'Mean and 95 % interval' });
    expect(await head.innerText()).toMatch(/over seeds( and test examples)?\b/);
    expect(await page.getByRole('row').filter({ hasText: 'untrained' }).count()).toBeGreaterThan(0);

    await page.goto(`${site}/sign-in`);
    await page.getByLabel('Token').fill(token);
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/submissions$/);
    const cookie = (await visitor.cookies()).find((c) => c.name === 'touchstone_token');
    expect(cookie).toMatchObject({ httpOnly: true });
    expect(['Lax', 'Strict']).toContain(cookie?.sameSite);

    await page.goto(site + form);
    await page.locator('[name="param.alpha"]').fill('-1');
    await page.getByRole('main').getByRole('button', { name: 'Submit' }).click();
    await page.waitForURL(/errors=/);
    const field = page.locator('[name="param.alpha"]');
    expect(await field.inputValue()).toBe('-1');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const described = await field.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${described}"]`).innerText()).toContain('-1');
    await visitor.close();
  });
});

interface BoardNode {
  id: string;
  label: string;
  rank: number | null;
  rankLow: number | null;
  rankHigh: number | null;
  tieGroups: number[];
}

/** A board as the API tells it. */
async function boardOf(key: string, division: string): Promise<{ nodes: BoardNode[]; resolution: number | null }> {
  const { leaderboard } = await ask<{ leaderboard: { nodes: BoardNode[]; resolution: number | null } }>(
    `{ leaderboard(benchmark: "${key}", division: ${division}, first: 100) {
      resolution nodes { id label rank rankLow rankHigh tieGroups } } }`,
  );
  return leaderboard;
}

describe.skipIf(!present)('what chance leaves open', () => {
  let visitor: BrowserContext;
  beforeAll(async () => {
    visitor = await context({ javaScriptEnabled: false, viewport: { width: 360, height: 780 } });
  });
  afterAll(() => visitor?.close());

  it('stands beside each rank: its interval, its bars, and with which ranks it is tied', async () => {
    const page = await visitor.newPage();
    await page.goto(site + board);
    const { nodes, resolution } = await boardOf('letter-retrieval', 'PUBLISHED_DEFAULTS');
    const ranked = nodes.filter((row) => row.rank !== null);
    const size = (group: number) => ranked.filter((row) => row.tieGroups.includes(group)).length;
    for (const row of ranked) {
      const cell = page
        .locator('tr', { has: page.locator(`a[href="/entries/${row.id}"]`) })
        .locator('td')
        .first();
      const text = (await cell.textContent()) ?? '';
      expect(text).toContain(`between ${row.rankLow}–${row.rankHigh}`);
      const shared = row.tieGroups.filter((group) => size(group) > 1);
      expect(await cell.locator('[data-tie-lane]').count()).toBe(shared.length);
      expect(text.includes('cannot be told apart from ranks')).toBe(shared.length > 0);
    }
    const bars = await page.locator('[data-tie-lane] > i').evaluateAll((all) =>
      all.map((bar) => {
        const { width, height } = bar.getBoundingClientRect();
        return { width, tall: height > 10, colour: getComputedStyle(bar).backgroundColor };
      }),
    );
    expect(bars.length).toBeGreaterThan(0);
    for (const bar of bars) expect(bar).toEqual({ width: 3, tall: true, colour: bars[0]?.colour });
    expect(await page.getByRole('main').textContent()).toContain(
      `differences below ${resolution?.toFixed(4)} cannot be seen here`,
    );
    await page.close();
  });

  it('keeps its bars when the order is turned round, and draws none for a row without company', async () => {
    const page = await visitor.newPage();
    const bars = page.locator('[data-tie-lane]');
    await page.goto(site + board);
    const count = await bars.count();
    await page.goto(`${site}${board}&dir=asc`);
    expect(await bars.count()).toBe(count);
    await page.goto(`${site}${board}&method=triplet`);
    expect(await page.getByRole('row').filter({ hasText: 'triplet' }).count()).toBeGreaterThan(0);
    expect(await bars.count()).toBe(0);
    await page.close();
  });

  it('is drawn and said for a pair, and the other way round', async () => {
    const page = await visitor.newPage();
    const { nodes } = await boardOf('letter-retrieval', 'PUBLISHED_DEFAULTS');
    const [a, b] = [nodes.find((row) => row.rank === 1), nodes.find((row) => row.rank === 5)];
    await page.goto(`${site}/compare?a=${a?.id}&b=${b?.id}`);
    const main = page.getByRole('main');
    const said = (await main.textContent()) ?? '';
    expect(said).toMatch(
      /(is better by 0\.\d{4}|Not separable: the difference is \+0\.\d{4}), 95 % interval .+; p [=<] 0\.\d{3}\./,
    );
    expect(said).toMatch(/5 seeds/);
    expect(said).toMatch(/\d+ would find a difference of this size|no number of seeds would do/);
    await page.getByRole('img', { name: /^Difference \+0\.\d{4}, interval .*; below 0\.\d{4} nothing/ }).waitFor();
    expect(await page.getByRole('region', { name: 'By seed' }).getByRole('row').count()).toBe(7);
    const classes = page.getByRole('region', { name: 'By class' }).getByRole('row');
    const examples = page.getByRole('region', { name: 'Worst examples' }).getByRole('row');
    if ((await classes.count()) === 0) expect(said).toMatch(/no per-example outcomes|no classes/);
    else expect([await classes.count(), await examples.count()]).toEqual([14, 21]);
    await page.getByRole('link', { name: 'Swap' }).click();
    await page.getByRole('img', { name: /^Difference −0\.\d{4}/ }).waitFor();
    await page.close();
  });

  it('is not claimed for a published number, whose source is linked', async () => {
    const made = await ask<{ reportResults: { userErrors: unknown[] } }>(`mutation { reportResults(input: {
      benchmark: "robustbench-imagenet-linf", name: "Somebody2024", scores: [{ key: "autoattack_accuracy", value: 50.5 }],
      source: { title: "A paper", url: "https://papers.example/1", year: 2024 } }) { userErrors { message } } }`);
    expect(made.reportResults.userErrors).toEqual([]);
    const page = await visitor.newPage();
    await page.goto(`${site}/leaderboards/robustbench-imagenet-linf`);
    const row = page.getByRole('row').filter({ hasText: 'Somebody2024' });
    expect(await row.innerText()).toMatch(/○\s*reported/);
    expect(await row.getByRole('link', { name: 'A paper' }).getAttribute('href')).toBe('https://papers.example/1');
    expect(await page.locator('[data-tie-lane]').count()).toBe(0);
    expect(await page.getByRole('main').textContent()).toContain('Which of them can be told apart is not known');
    await row.getByRole('link', { name: 'Somebody2024' }).click();
    await page.waitForURL(/\/entries\//);
    expect(await page.getByRole('main').textContent()).toContain('published without per-example outcomes');
    await page.close();
  });

  it('is in the files: ends, what they cover, units and rank interval', async () => {
    const file = async (format: string) =>
      (await fetch(`${site}/leaderboards/letter-retrieval/export?format=${format}&division=published_defaults`)).text();
    const [head, first] = (await file('csv')).split('\r\n').map((line) => line.split(','));
    const value = (column: string) => first?.[head?.indexOf(column) ?? -1];
    const [row] = (await boardOf('letter-retrieval', 'PUBLISHED_DEFAULTS')).nodes;
    expect([value('rank_low'), value('rank_high')]).toEqual([String(row?.rankLow), String(row?.rankHigh)]);
    expect(value('over')).toMatch(/^(SEEDS|BOTH)$/);
    expect(Number(value('low'))).toBeLessThan(Number(value('mean')));
    expect(Number(value('high'))).toBeGreaterThan(Number(value('mean')));
    expect(await file('latex')).toContain('rank\\_low & rank\\_high');
  });
});

describe.skipIf(!present)('the main job', () => {
  it(
    'signs in by the link, submits own parameters, watches, and finds the row with its interval',
    { timeout: 240_000 },
    async () => {
      const visitor = await context();
      const page = await visitor.newPage();
      await page.goto(process.env.TOUCHSTONE_E2E_SIGNIN ?? '');
      await page.getByRole('button', { name: 'Sign in with this link' }).click();
      await page.waitForURL(/\/(submissions$|sign-in\?problem)/);
      // A server that somebody else started may have had its link used.
      if (page.url().includes('problem'))
        await visitor.addCookies([{ name: 'touchstone_token', value: token, url: site, httpOnly: true }]);

      await page.goto(site + form);
      await page.locator('[name="param.alpha"]').fill('2.5');
      const estimate = page.getByRole('region', { name: 'Estimate' });
      await estimate.getByText('open', { exact: true }).waitFor();
      expect(await estimate.innerText()).toMatch(/5, of which \d new/);
      await page.getByText('-p alpha=2.5').waitFor();
      await page.getByRole('main').getByRole('button', { name: 'Submit', exact: true }).click();
      await page.waitForURL(/\/submissions\/.+/);

      const runs = page.getByRole('region', { name: 'Runs' });
      await expect.poll(() => runs.getByText('succeeded').count(), { timeout: 200_000, interval: 500 }).toBe(5);
      await page.getByRole('link', { name: 'See it on the leaderboard' }).click();
      await page.waitForURL(/\/leaderboards\//);
      const row = page.getByRole('row').filter({ hasText: 'alpha 2.5' });
      const text = await row.innerText();
      expect(text).toMatch(/0\.\d{4} to 0\.\d{4}/);
      expect(text).toMatch(/[+−]?0\.\d{4}\s+[+−]?0\.\d{4} to [+−]?0\.\d{4}/);
      expect(await row.getByRole('img', { name: /^difference/ }).count()).toBe(1);
      expect(await page.getByRole('row').filter({ hasText: 'untrained' }).count()).toBeGreaterThan(0);

      await row.getByRole('link').click();
      await page.waitForURL(/\/entries\//);
      await page.getByRole('region', { name: 'Runs' }).getByRole('link').first().click();
      await page.waitForURL(/\/runs\//);
      await page.getByRole('img', { name: /^Loss from step/ }).waitFor();
      await visitor.close();
    },
  );
});

describe('the door to the API', () => {
  const post = (headers: Record<string, string>, path = '/graphql', body = '{"query":"{ serverInfo { version } }"}') =>
    fetch(site + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'manual',
    });

  it('answers its own pages and refuses another origin', async () => {
    expect((await post({ origin: site })).status).toBe(200);
    expect((await post({ origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await post({ origin: 'null' })).status).toBe(403);
  });

  it.each([
    '/submit/send',
    '/submit/predictions',
    '/sign-in/exchange',
    '/actions/cancel',
    '/account/token',
    '/sign-out',
    '/theme',
  ])('refuses a form from another origin at %s', async (path) => {
    const form = { origin: 'https://elsewhere.example', 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post(form, path, 'id=x')).status).toBe(403);
  });

  it('is read with a token that has ended, and asks for a new one to submit', async () => {
    const headers = { cookie: 'touchstone_token=tst_of_another_installation' };
    const page = await fetch(`${site}/leaderboards/letter-retrieval`, { headers });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('multi-similarity');
    const body = new URLSearchParams({ benchmark: 'letter-retrieval', method: 'triplet' });
    const sent = await fetch(`${site}/submit/send`, { method: 'POST', headers, body, redirect: 'manual' });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/sign-in?problem=token']);
  });

  it('lets nobody frame a page or sniff its type', async () => {
    const { headers } = await fetch(site);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('while the API is away', () => {
  it('a page says so with status 503, and nothing of the inside', async () => {
    const [port, nobody] = [await freePort(), await freePort()];
    const server = fork(fileURLToPath(new URL('../../apps/web/server.mjs', import.meta.url)), ['-p', String(port)], {
      env: { ...process.env, TOUCHSTONE_URL: `http://127.0.0.1:${nobody}` },
      silent: true,
    });
    try {
      await new Promise((done) => server.once('message', done));
      const answer = await fetch(`http://127.0.0.1:${port}/benchmarks`);
      const text = await answer.text();
      expect(answer.status).toBe(503);
      expect(text).toContain('The API does not answer');
      expect(text).not.toMatch(/ECONNREFUSED|node_modules|at async/);
    } finally {
      server.kill('SIGTERM');
    }
  });
});
