/*
 * The page for people in a real browser: Debian's package "chromium", or the executable that CHROMIUM names.
 */
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { isChromiumInstalled, launchChromium } from './chromium.ts';
import { server } from './google.ts';

const isInstalled = isChromiumInstalled('the tests of the page in a browser');

let browser: Browser;

beforeAll(async () => {
  if (isInstalled) {
    browser = await launchChromium();
  }
}, 60_000);

afterAll(() => browser?.close());

/** `describe` where there is a browser. */
export const describeInBrowser: typeof describe = describe.runIf(isInstalled) as typeof describe;

/** A browser that nobody has used yet, for one test. */
export async function newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  return context;
}

/** How long a browser may take on a machine that has other work. */
export const WAIT = { timeout: 20_000 };

/** Opens the page, and waits for its first answer. */
export async function open(options: BrowserContextOptions = {}, url: string = server.url): Promise<Page> {
  const page = await (await newContext(options)).newPage();
  await page.goto(url);
  await shows(verdictOf(page), 'Accepted');
  return page;
}

export function verdictOf(page: Page): Locator {
  return page.locator('#verdict');
}

export async function shows(locator: Locator, text: string): Promise<void> {
  await expect.poll(() => textOf(locator), WAIT).toContain(text);
}

export async function textOf(locator: Locator): Promise<string> {
  return (await locator.textContent()) ?? '';
}

/** Such as `Fail audience`. */
export async function checksOf(page: Page): Promise<string[]> {
  return page.locator('#checks li').evaluateAll((items) => {
    return items.map(
      (item) => `${item.querySelector('.result')?.textContent} ${item.querySelector('strong')?.textContent}`,
    );
  });
}

/** The answer to the last change has come. */
export function settled(page: Page): Promise<void> {
  return page.locator('main[aria-busy=false]').waitFor();
}
