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
    expect(await baseline.innerText()).toMatch(/0\.\d{4} to 0\.\d{4}, over (seeds|both)/);
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
      expect(text).toMatch(/0\.\d{4} to 0\.\d{4}, over (seeds|both)/);
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
