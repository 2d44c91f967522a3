/** Files of predictions through the site: the form with and without JavaScript, what it refuses, and the way of a large file. */
import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, launch, newContext, present, site, token, violations } from './browser.js';

const form = '/submit?benchmark=certified-accuracy';
const HEAD = 'idx\tlabel\tpredict\tradius\tcorrect\n';
const log = (name: string, text: string) => ({
  name,
  mimeType: 'text/tab-separated-values',
  buffer: Buffer.from(text),
});
/** Two of four examples are right at radius 0.25; the number of the test makes the files differ. */
const good = (name: string, tag: number) =>
  log(name, `${HEAD}${tag}\t1\t1\t0.5\t1\n1\t1\t1\t0.3\t1\n2\t1\t2\t0.5\t0\n3\t1\t1\t0.1\t1\n`);
const bad = log('bad.tsv', `${HEAD}0\t1\t1\tfar\t1\n`);

let browser: Browser;
beforeAll(async () => {
  if (present) browser = await launch();
});
afterAll(async () => {
  await browser?.close();
});

const button = (page: Page) => page.getByRole('button', { name: 'Submit predictions' });

async function scored(page: Page, row: string): Promise<void> {
  await page.waitForURL(/\/submissions\/.+/);
  const reached = async () => {
    if (await page.getByText('succeeded').count()) return 'succeeded';
    await page.waitForTimeout(500);
    await page.reload();
    return 'not yet';
  };
  await expect.poll(reached, { timeout: 90_000, interval: 250 }).toBe('succeeded');
  expect(await page.getByRole('main').innerText()).toMatch(/Certified accuracy at radius 0\.25\s+0\.5000/);
  await page.getByRole('link', { name: 'See it on the leaderboard' }).click();
  await page.waitForURL(/\/leaderboards\/certified-accuracy/);
  expect(await page.getByRole('row').filter({ hasText: row }).innerText()).toContain('0.5000');
  await page.goBack();
  await page.getByRole('link', { name: 'All its scores' }).click();
  await page.waitForURL(/\/entries\//);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain(row);
  expect(await page.getByRole('main').innerText()).toMatch(/average_certified_radius|Average certified radius/);
}

describe.skipIf(!present)('predictions in a browser', () => {
  it('signs a stranger in and back, sends a file and shows its score', { timeout: 180_000 }, async () => {
    const visitor = await newContext(browser);
    const page = await visitor.newPage();
    const problems: string[] = [];
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== site) problems.push(request.url());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${site}/benchmarks?track=predictions`);
    await page.getByRole('link', { name: 'Certified accuracy of randomised smoothing' }).first().click();
    if (page.url().includes('/leaderboards/')) await page.goto(`${site}/benchmarks/certified-accuracy`);
    await page.getByRole('link', { name: 'Submit predictions' }).click();
    await page.getByRole('link', { name: 'Sign in to send files' }).waitFor();
    problems.push(...(await violations(page)));
    await page.getByRole('link', { name: 'Sign in to send files' }).click();
    await page.getByLabel('Token').fill(token);
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/submit\?benchmark=certified-accuracy/);

    await page.getByLabel('Name of the row').fill('net by form');
    await page.getByLabel(/^File: certification log/).setInputFiles(good('form.tsv', 0));
    await page.getByLabel('Note').fill('sent by a test');
    const put = page.waitForResponse((response) => response.request().method() === 'PUT');
    await button(page).click();
    expect((await put).status()).toBe(201);
    await scored(page, 'net by form');
    expect(problems).toEqual([]);
    await visitor.close();
  });

  it('says at the field what is wrong, sends a file once, and shows where a malformed one is broken', async () => {
    const visitor = await newContext(browser, {}, true);
    const page = await visitor.newPage();
    await page.goto(site + form);
    const files = page.getByLabel(/^File: certification log/);
    await page.getByLabel('Name of the row').fill('broken net');
    await button(page).click();
    await page.getByText('choose a file').waitFor();
    expect(await files.getAttribute('aria-invalid')).toBe('true');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('field-file.0');

    await files.setInputFiles({ ...bad, name: 'bad;name.tsv' });
    await button(page).click();
    await page.getByText('fileName is no plain file name').waitFor();
    expect(await page.locator('[id="field-file.0-error"]').innerText()).toContain('letters, digits');
    await files.setInputFiles({ ...bad, buffer: Buffer.alloc(0) });
    await button(page).click();
    await page.getByText('bad.tsv is empty').waitFor();

    let sent = 0;
    page.on('request', (request) => {
      if (request.method() === 'PUT') sent++;
    });
    await files.setInputFiles(bad);
    await page.getByLabel('Name of the row').fill('   ');
    await button(page).click();
    await page.locator('[id="field-name-error"]').waitFor();
    await page.getByLabel('Name of the row').fill('broken net');
    await button(page).click();
    await page.waitForURL(/\/submissions\/.+/);
    expect(sent).toBe(1);

    const alert = page.getByRole('main').getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/bad\.tsv, line 2, column radius.*far/s);
    await page.getByText(/takes$/).click();
    const problems = await violations(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    problems.push(...(await violations(page, ['color-contrast'])));
    await page.setViewportSize({ width: 360, height: 780 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    expect(problems).toEqual([]);
    await page.getByRole('link', { name: 'Send a mended file' }).click();
    expect(await page.getByLabel('Name of the row').inputValue()).toBe('broken net');
    await visitor.close();
  });

  it('works without JavaScript', { timeout: 180_000 }, async () => {
    const visitor = await newContext(browser, { javaScriptEnabled: false }, true);
    const page = await visitor.newPage();
    await page.goto(site + form);
    await page.getByLabel('Name of the row').fill('plain net');
    await button(page).click();
    await page.waitForURL(/errors=/);
    expect(await page.getByLabel('Name of the row').inputValue()).toBe('plain net');
    const files = page.getByLabel(/^File: certification log/);
    expect(await files.getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('main').innerText()).toContain('Without JavaScript a form carries at most');
    await files.setInputFiles(good('plain.tsv', 7));
    await button(page).click();
    await scored(page, 'plain net');

    await page.goto(`${site}/benchmarks`);
    await page
      .getByRole('navigation', { name: 'Tracks' })
      .getByRole('link', { name: /Predictions/ })
      .click();
    await page.getByLabel('Words to find').fill('kitti tracking');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.waitForURL(/track=predictions&q=kitti\+tracking/);
    expect(
      await page
        .getByRole('main')
        .getByRole('link', { name: /^KITTI/ })
        .count(),
    ).toBe(2);
    await visitor.close();
  });
});

describe('the way of a file through the site', () => {
  const cookie = `touchstone_token=${token}`;
  const announce = async (content: Buffer): Promise<string> => {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const input = { benchmark: 'certified-accuracy', fileName: 'large.tsv', bytes: content.length, sha256 };
    const { createUpload } = await ask<{ createUpload: { upload: { url: string } } }>(
      'mutation($input: CreateUploadInput!) { createUpload(input: $input) { upload { url } } }',
      { input },
    );
    const { pathname, search } = new URL(createUpload.upload.url);
    return site + pathname + search;
  };
  const put = (address: string, body: Buffer, headers: Record<string, string> = {}) =>
    fetch(address, { method: 'PUT', body: new Uint8Array(body), headers: { origin: site, cookie, ...headers } });

  it('takes what is larger than a page may hold, whole, and once', async () => {
    const content = randomBytes(40_000_000);
    const address = await announce(content);
    const answer = await put(address, content);
    expect([answer.status, await answer.json()]).toEqual([
      201,
      { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') },
    ]);
    const again = await put(address, content);
    expect(again.status).toBe(409);
    expect(JSON.stringify(await again.json())).toContain('UPLOAD_USED');
  });

  it('refuses strangers, other origins, forged addresses and other content', async () => {
    const content = randomBytes(1000);
    const address = await announce(content);
    expect((await put(address, content, { cookie: '' })).status).toBe(401);
    expect((await put(address, content, { origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await put(address.replace(/signature=.{4}/, 'signature=AAAA'), content)).status).toBe(403);
    expect((await put(address, content.subarray(1))).status).toBe(400);
    const other = await put(address, randomBytes(1000));
    expect([other.status, JSON.stringify(await other.json())]).toEqual([
      400,
      expect.stringContaining('UPLOAD_MISMATCH'),
    ]);
  });

  it('does not begin on a file above the limit', async () => {
    const status = await new Promise<number | undefined>((done, fail) => {
      const request = httpRequest(`${site}/uploads/x?signature=y`, {
        method: 'PUT',
        headers: { origin: site, cookie, 'content-length': 2 ** 31 },
      });
      request.on('response', (response) => {
        done(response.statusCode);
        request.destroy();
      });
      request.on('error', fail);
      request.write('x');
    });
    expect(status).toBe(413);
  });

  it('refuses a plain form above its limit and one of a stranger, whatever it holds', async () => {
    const send = (bytes: number, headers: Record<string, string>) => {
      const body = new FormData();
      body.set('name', 'x');
      body.set('file.0', new File([new Uint8Array(bytes)], 'large.tsv'));
      return fetch(`${site}/submit/predictions?benchmark=certified-accuracy`, {
        method: 'POST',
        body,
        headers,
        redirect: 'manual',
      });
    };
    const large = await send(33_000_000, { origin: site, cookie });
    expect(large.status).toBe(303);
    expect(decodeURIComponent(large.headers.get('location') ?? '')).toContain('more+than+32.0+MB');
    const stranger = await send(10, { origin: site });
    expect(stranger.headers.get('location')).toMatch(/^\/sign-in\?back=%2Fsubmit%3Fbenchmark%3Dcertified-accuracy/);
    const ended = await send(10, { origin: site, cookie: 'touchstone_token=tst_of_another_installation' });
    expect(ended.headers.get('location')).toMatch(/^\/sign-in\?back=/);
  });

  it('leads nobody who signs in to another site', async () => {
    const back = async (given: string) => {
      const body = new URLSearchParams({ token, back: given });
      const answer = await fetch(`${site}/sign-in/exchange`, {
        method: 'POST',
        body,
        headers: { origin: site },
        redirect: 'manual',
      });
      return answer.headers.get('location');
    };
    expect(await back(form)).toBe(form);
    expect(await back('/\\elsewhere.example')).toBe('/submissions');
    expect(await back('https://elsewhere.example')).toBe('/submissions');
  });
});
