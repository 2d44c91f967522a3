/** A real browser for the tests of the site, and what axe says of a page. */
import { existsSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

export const present = existsSync(CHROMIUM);
if (!present) {
  const line = `skipped: browser tests, because ${CHROMIUM} is absent`;
  if (process.env.TOUCHSTONE_REQUIRE?.split(',').includes('chromium')) throw new Error(line);
  console.warn(line);
}

export const site = (process.env.TOUCHSTONE_E2E_WEB ?? '').replace(/\/$/, '');
export const token = process.env.TOUCHSTONE_E2E_TOKEN ?? '';

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });

/** A visitor of their own: nothing is shared with another context. */
export async function newContext(
  browser: Browser,
  options: BrowserContextOptions = {},
  signedIn = false,
): Promise<BrowserContext> {
  const made = await browser.newContext({ viewport: { width: 1280, height: 860 }, colorScheme: 'light', ...options });
  made.setDefaultTimeout(30_000);
  if (signedIn) await made.addCookies([{ name: 'touchstone_token', value: token, url: site, httpOnly: true }]);
  return made;
}

export async function violations(page: Page, rules?: string[]): Promise<string[]> {
  // GraphiQL's tabs nest a button in a tab and Monaco colours its own text: both are theirs, on one page.
  const axe = new AxeBuilder({ page }).exclude('.graphiql-tab').exclude('.monaco-editor');
  const found = await (rules ? axe.withRules(rules) : axe).analyze();
  return found.violations.flatMap((v) =>
    v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} ${n.failureSummary ?? ''}`),
  );
}

/** One GraphQL operation at the API itself, as the owner. */
export async function ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const answer = await fetch(`${process.env.TOUCHSTONE_E2E_API}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await answer.json()) as { data: T; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
