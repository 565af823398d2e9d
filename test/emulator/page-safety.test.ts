/*
 * The page shows what people type and what tokens say: none of it may run, and nothing may leave this machine.
 */
import { expect, test } from 'vitest';
import { SENDERS } from '../../packages/emulator/src/page/browser/choices.ts';
import { server } from './support/google.ts';
import { describeInBrowser, newContext, open, settled, shows, verdictOf } from './support/page.ts';
import { startTarget } from './support/target.ts';

describeInBrowser('the page', () => {
  test('asks nobody else for anything, and breaks no rule of its policy', async () => {
    const context = await newContext({ serviceWorkers: 'block' });
    const page = await context.newPage();
    const urls: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => urls.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));

    await page.goto(server.url);
    for (const { title } of Object.values(SENDERS)) {
      await page.getByLabel('Sender').selectOption(title);
      await settled(page);
    }

    expect(urls.length).toBeGreaterThan(20);
    expect(urls.filter((url) => new URL(url).origin !== server.url)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await context.storageState()).toEqual({ cookies: [], origins: [] });
  });

  test('shows what people type as text, whatever it is', async () => {
    const page = await open();
    const hostile = '<img/src=x/onerror=alert(1)>"\'&amp;<script>alert(2)</script>';
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });

    await page.getByLabel('Sender').selectOption('Sign in with Google');
    await page.getByLabel('Client id').fill(hostile);
    await page.getByLabel('Workspace domain').fill(hostile);
    await page.getByLabel('Nonce').fill(hostile);
    await page.getByLabel('URL of your service').fill(`http://127.0.0.1:3000/${hostile}`);
    await page.getByLabel('Accepted audience').fill(`${hostile}/`);
    await settled(page);
    for (const claim of ['aud', 'hd', 'nonce']) {
      await shows(page.locator(`#claims tr:has(th:text-is("${claim}")) code`), hostile);
    }
    await shows(page.locator('#checks li.failed .hint'), '<img/src=x/onerror=alert(1)>');

    await page.getByLabel('Allowed callers').fill(hostile);
    await shows(page.locator('#callers-problem'), '<img/src=x/onerror=alert(1)>');
    await shows(verdictOf(page), '<img/src=x/onerror=alert(1)>');

    expect(await page.locator('img, main script').count()).toBe(0);
    expect(dialogs).toEqual([]);
  });

  test('cannot be put into a frame of another page', async () => {
    const target = await startTarget((_, res) => {
      res.setHeader('content-type', 'text/html').end(`<iframe src="${server.url}"></iframe>`);
    });
    const page = await (await newContext()).newPage();
    const complaint = page.waitForEvent('console', { predicate: (message) => /frame-ancestors/.test(message.text()) });

    await page.goto(target.url);

    expect((await complaint).text()).toContain(server.url);
    expect(await page.frameLocator('iframe').locator('#verdict').count()).toBe(0);
  });
});
