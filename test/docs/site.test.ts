/*
 * The documentation site builds, its links lead somewhere, and people can read it on a phone.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { isChromiumInstalled, launchChromium } from '../emulator/support/chromium.ts';
import { documents } from './support/documents.ts';
import { buildSite } from './support/site.ts';

// Browsers take their time where other tests run beside them.
vi.setConfig({ testTimeout: 60_000 });

const { pages, url } = await buildSite();

test('every document is a page, but for those of the repository itself', () => {
  const own = documents.filter(({ path }) => path.startsWith('.'));

  // One page more: what hosts answer with 404.
  expect(pages.size).toBe(documents.length - own.length + 1);
});

test('every page is in the sidebar', () => {
  const [sidebar = ''] = /<aside class="VPSidebar".*?<\/aside>/s.exec(pages.get('/') ?? '') ?? [];
  const linked = new Set(Array.from(sidebar.matchAll(/<a [^>]*href="(\/[^"#]*)"/g), ([, href]) => href));

  expect([...pages.keys()].filter((page) => page !== '/404' && !linked.has(page))).toEqual([]);
});

test('links between pages lead to pages, and to headings that are there', () => {
  const dead = [...pages].flatMap(([page, html]) =>
    Array.from(html.matchAll(/<a [^>]*href="(\/[^"]*|#[^"]+)"/g), ([, href = '']) => href)
      .filter((href) => href !== '#VPContent')
      .filter((href) => {
        const [path = '', anchor] = decodeURI(href).split('#');
        const target = path === '' ? html : pages.get(path);
        return target === undefined || (anchor !== undefined && !target.includes(` id="${anchor}"`));
      })
      .map((href) => `${page}: ${href}`),
  );

  expect(dead).toEqual([]);
});

const isInstalled = isChromiumInstalled('the tests of the documentation in a browser');
let browser: Browser;
beforeAll(async () => {
  if (isInstalled) {
    browser = await launchChromium();
  }
}, 60_000);
afterAll(() => browser?.close());

const guides = [...pages.keys()].filter((page) => page.startsWith('/guides/')).slice(-1);
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describe.runIf(isInstalled)('on a phone', () => {
  test.each([
    '/',
    ...guides,
    '/keys',
    '/senders',
    '/command-line',
    '/local-google-page',
    '/reference/core',
    '/security',
  ])('%s is no wider than the screen, and nothing goes wrong', async (path) => {
    const { page, faults } = await open(path, PHONE);

    const { shown, needed } = await page.evaluate(() => ({
      shown: document.documentElement.clientWidth,
      needed: document.documentElement.scrollWidth,
    }));
    expect({ shown, needed }).toEqual({ shown: 390, needed: 390 });
    expect(faults).toEqual([]);
  });

  test('the menu leads to another page', async () => {
    const { page, faults } = await open('/', PHONE);

    await page.getByRole('button', { name: 'Menu', exact: true }).tap();
    await page.locator('.VPSidebar').getByRole('link', { name: "Google's keys" }).tap();
    await page.waitForURL(`${url}/keys`);

    await page.getByRole('heading', { name: "Google's keys" }).waitFor();
    expect(faults).toEqual([]);
  });
});

describe.runIf(isInstalled)('in a browser', () => {
  test('the search finds a refusal by its code', async () => {
    const { page, faults } = await open('/');

    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('searchbox').fill('audience_mismatch');
    await page.locator('.result').first().click();
    await page.locator('.VPLocalSearchBox').waitFor({ state: 'detached' });

    expect(await page.locator('.vp-doc').textContent()).toContain('audience_mismatch');
    expect(faults).toEqual([]);
  });

  test('a diagram is drawn, in colours that follow those of the system', async () => {
    const fills: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, faults } = await open('/keys', { colorScheme });
      const state = page.locator('.diagram svg text', { hasText: /^stale$/ });
      fills.push(await state.evaluate((text) => getComputedStyle(text).fill));
      expect(await page.locator('.diagram polyline').count()).toBe(7);
      expect(faults).toEqual([]);
    }

    expect(new Set(fills).size).toBe(2);
  });
});

/** Faults are what goes wrong from now on: errors in the console, exceptions, requests to other hosts, 404. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => /^(data:|http:\/\/127\.0\.0\.1:)/.test(request.url()) || faults.push(request.url()));
  page.on('response', (response) => response.status() >= 400 && faults.push(`${response.status()} ${response.url()}`));
  await page.goto(url + path);
  await page.waitForFunction(() => '__vue_app__' in (document.querySelector('#app') ?? {}));
  return { page, faults };
}
