/*
 * The page for people in a real browser: Debian's package "chromium", or the executable that CHROMIUM names.
 */
import { createFakeGoogle } from '@id-token-guard/testing';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { SENDERS, TAMPERINGS } from '../../packages/testing/src/emulator/page/browser/choices.ts';
import { isChromiumInstalled, launchChromium } from './support/chromium.ts';
import { google, server, verify } from './support/google.ts';
import { startTarget } from './support/target.ts';

const isInstalled = isChromiumInstalled('the tests of the page in a browser');

const SERVICE = 'https://orders.example.com';
const GCLOUD_AUDIENCE = '32555940559.apps.googleusercontent.com';

let browser: Browser;

beforeAll(async () => {
  if (isInstalled) {
    browser = await launchChromium();
  }
}, 60_000);

afterAll(() => browser?.close());

describe.runIf(isInstalled)('a person', () => {
  test('picks a sender, types the audience, and sees that all checks pass', async () => {
    const page = await open();

    await page.getByLabel('Sender').selectOption('Cloud Tasks');
    await page.getByLabel('Sender').selectOption('Pub/Sub');
    await page.getByLabel('Audience', { exact: true }).fill(SERVICE);

    await shows(page.locator('#claims'), SERVICE);
    await shows(page.getByRole('status').first(), 'Accepted: all 8 checks pass.');
    expect(await checksOf(page)).toEqual([
      'Pass form',
      'Pass key',
      'Pass signature',
      'Pass claims',
      'Pass issuer',
      'Pass audience',
      'Pass time',
      'Pass caller',
    ]);
    const { claims } = await verify(await page.getByRole('textbox', { name: 'Token' }).inputValue(), SERVICE);
    expect(claims.email).toBe(await page.getByLabel('Identity').inputValue());
  });

  test('changes what the service accepts, and sees why it refuses and the fix', async () => {
    const page = await open();

    await page.getByLabel('Accepted audience').fill('https://api.example.com/');

    await shows(verdictOf(page), 'Refused: 401 audience_mismatch. The token was issued for another audience.');
    expect((await checksOf(page)).filter((check) => !check.startsWith('Pass'))).toEqual(['Fail audience']);
    await shows(page.locator('#checks li.failed'), 'they differ only by a trailing slash.');

    await page.getByLabel('Accepted audience').fill('https://api');
    await page.getByLabel('Accepted audience').fill('https://api.example.com');
    await shows(verdictOf(page), 'Accepted');

    await page.getByLabel('Allowed callers').fill('other@my-project.iam.gserviceaccount.com');
    await shows(verdictOf(page), 'Refused: 403 caller_not_allowed.');
  });

  test('lets the service accept URLs, which senders take for the audience', async () => {
    const page = await open();

    await page.getByLabel('URL of your service').fill('http://127.0.0.1:3000/push?key=1');
    await page.getByLabel('Audience', { exact: true }).fill('');
    await shows(page.locator('#claims'), 'http://127.0.0.1:3000/push?key=1');
    await shows(verdictOf(page), 'Accepted');
    await page.getByLabel('Accepted audience').fill('http://127.0.0.1:3000/push');
    await shows(page.locator('#checks li.failed'), 'they differ only by the query.');
    await page.getByLabel('And every URL below').check();

    await shows(verdictOf(page), 'Accepted');
  });

  test('leaves the service unsaid, and sees what is not checked', async () => {
    const page = await open();

    await page.getByLabel('Accepted audience').fill('');
    await page.getByLabel('Allowed callers').fill('');

    await shows(verdictOf(page), 'Undecided: not checked: audience, caller.');
    expect(await checksOf(page)).toEqual(expect.arrayContaining(['Skip audience', 'Skip caller']));
  });

  test('sees the fields of a sender, and no others', async () => {
    const page = await open();
    const shown: Record<string, string[]> = {};
    for (const [name, { title }] of Object.entries(SENDERS)) {
      await page.getByLabel('Sender').selectOption(title);
      const labels = await page.locator('#request label:visible').allInnerTexts();
      shown[name] = labels.filter((label) => !['Sender', 'URL of your service', 'Identity'].includes(label));
    }

    expect(shown).toEqual({
      pubSub: ['Audience', 'Payload'],
      cloudTasks: ['Audience'],
      cloudScheduler: ['Audience'],
      workflows: ['Audience'],
      eventarc: ['Audience'],
      chat: ['Audience'],
      metadataServer: ['Audience', 'Format'],
      impersonation: ['Audience', 'Include the e-mail', 'Include the number of the organization'],
      serviceAccountKey: ['Audience'],
      gcloudImpersonation: ['Audience', 'Include the e-mail'],
      gcloudUser: ['Workspace domain'],
      signInWithGoogle: ['Client id', 'Workspace domain', 'Nonce'],
    });
  });

  test('sees every sender accepted that tells its e-mail, and learns from those that do not', async () => {
    const page = await open();
    const verdicts: Record<string, string> = {};
    for (const [name, { title }] of Object.entries(SENDERS)) {
      await page.getByLabel('Sender').selectOption(title);
      await settled(page);
      verdicts[name] = (await textOf(verdictOf(page))).replace(/[.:].*/, '');
    }

    const { metadataServer, impersonation, gcloudImpersonation, gcloudUser, ...accepted } = verdicts;
    expect(new Set(Object.values(accepted))).toEqual(new Set(['Accepted']));
    expect([metadataServer, impersonation, gcloudImpersonation, gcloudUser]).toEqual(Array(4).fill('Refused'));
    await page.getByLabel('Sender').selectOption('gcloud, as oneself');
    await shows(page.locator('#checks li.failed'), GCLOUD_AUDIENCE);
    await page.getByLabel('Sender').selectOption('Virtual machine');
    await shows(page.locator('#checks li.failed'), 'format=full');
    await page.getByLabel('Format').selectOption('full');
    await shows(verdictOf(page), 'Accepted');
    await page.getByLabel('Licenses of the machine').check();
    await shows(page.locator('#claims'), 'google.compute_engine.license_id');
  });

  test('finds again what was typed, after a look at another sender', async () => {
    const page = await open();

    await page.getByLabel('Identity').fill('push@my-project.iam.gserviceaccount.com');
    await page.getByLabel('Audience', { exact: true }).fill(SERVICE);
    await page.getByLabel('Sender').selectOption('Sign in with Google');
    expect(await page.getByLabel('Identity').inputValue()).toBe('ada@example.com');
    expect(await page.getByLabel('Client id').inputValue()).toBe('1234567890-web.apps.googleusercontent.com');
    await page.getByLabel('Sender').selectOption('Cloud Scheduler');

    expect(await page.getByLabel('Identity').inputValue()).toBe('push@my-project.iam.gserviceaccount.com');
    expect(await page.getByLabel('Audience', { exact: true }).inputValue()).toBe(SERVICE);
  });

  test('spoils the token in each way, and sees how it is refused', async () => {
    const page = await open();
    const refusals = {
      expired: ['401 token_expired', 'Fail time'],
      claim_changed: ['401 signature_invalid', 'Fail signature'],
      key_unpublished: ['401 key_unknown', 'Fail key', 'Skip signature'],
      cut: ['401 token_malformed', 'Fail form', 'Skip key', 'Skip signature'],
    };
    for (const [name, title] of Object.entries(TAMPERINGS)) {
      const [refusal = '', ...unpassed] = refusals[name as keyof typeof TAMPERINGS];
      await page.getByRole('button', { name: title }).click();
      await shows(verdictOf(page), refusal);
      expect((await checksOf(page)).filter((check) => !check.startsWith('Pass'))).toEqual(unpassed);
      expect(await page.getByRole('button', { pressed: true }).allInnerTexts()).toEqual([
        expect.stringContaining(title),
      ]);
      await expect(verify(await page.getByRole('textbox', { name: 'Token' }).inputValue())).rejects.toMatchObject({
        code: refusal.slice(4),
      });
    }
    await page.getByRole('button', { pressed: true }).click();

    await shows(verdictOf(page), 'Accepted');
    expect(await page.getByRole('button', { pressed: true }).count()).toBe(0);
  });

  test('reads times in words', async () => {
    const page = await open();

    await page.getByRole('button', { name: 'Expire it' }).click();

    await shows(page.locator('#claims tr', { hasText: 'exp' }), 'hour ago');
    await shows(page.locator('#claims tr', { hasText: 'iat' }), 'hours ago');
  });

  test('copies the token, and a curl that works', async () => {
    const target = await startTarget();
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByLabel('URL of your service').fill(`${target.url}/push`);
    await settled(page);

    await page.getByRole('button', { name: 'Copy token' }).click();
    await shows(page.locator('#token-copied'), 'Copied');
    const token = await clipboardOf(page);
    await expect(verify(token)).resolves.toBeDefined();

    await page.getByRole('button', { name: 'Copy curl' }).click();
    await shows(page.locator('#curl-copied'), 'Copied');
    const curl = await clipboardOf(page);
    expect(curl).toContain(`curl --include '${target.url}/push' \\\n`);
    expect(curl).toContain(`--header 'authorization: Bearer ${token}' \\\n`);

    await page.getByRole('button', { name: 'Make a new token' }).click();
    await expect.poll(() => textOf(page.locator('#curl-copied')), WAIT).toBe('');
  });

  test('has the token selected where the browser does not let the page copy', async () => {
    const page = await open();
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));

    await page.getByRole('button', { name: 'Copy token' }).click();

    await shows(page.locator('#token-copied'), 'copy it with the keyboard');
    expect(await page.evaluate(() => String(getSelection()))).toMatch(/^ey/);
  });

  test('is told at the field what is wrong, and there is no token until it is mended', async () => {
    const page = await open();
    const identity = page.getByLabel('Identity');

    await identity.fill('ada@example.com');
    await shows(verdictOf(page), 'No token: The identity must be the e-mail of a service account');
    expect(await identity.getAttribute('aria-invalid')).toBe('true');
    await shows(page.locator('#email-problem'), 'The identity must be');
    expect(await identity.getAttribute('aria-describedby')).toContain('email-problem');
    expect(await page.getByRole('textbox', { name: 'Token' }).inputValue()).toBe('');
    expect(await checksOf(page)).toEqual([]);

    await identity.fill('push@my-project.iam.gserviceaccount.com');
    await shows(verdictOf(page), 'Accepted');
    expect(await identity.getAttribute('aria-invalid')).toBe('false');
    expect(await page.locator('.problem:visible').count()).toBe(0);
  });

  test('is told what would not let the service start', async () => {
    const page = await open();

    await page.getByLabel('Accepted audience').fill('*');

    await shows(verdictOf(page), 'Your service would not start: "audience" has no wildcards');
    expect(await page.getByLabel('Accepted audience').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('textbox', { name: 'Token' }).inputValue()).toMatch(/^ey/);
  });

  test('is told when the local Google has stopped', async () => {
    const stopped = await (await createFakeGoogle()).listen({ port: 0 });
    onTestFinished(() => stopped.close());
    const page = await open({}, stopped.url);
    await stopped.close();

    await page.getByRole('button', { name: 'Make a new token' }).click();

    await shows(verdictOf(page), 'No answer: is the local Google still running?');
    expect(await page.getByRole('textbox', { name: 'Token' }).inputValue()).toBe('');
  });

  test('is told of keys that have been withdrawn meanwhile, on coming back to the page', async () => {
    const page = await open();
    await google.rotateKeys({ withdrawOld: true });

    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

    await shows(verdictOf(page), 'Refused: 401 key_unknown.');
  });
});

describe.runIf(isInstalled)('the keyboard', () => {
  test('goes through everything in the order of reading, and shows where it is', async () => {
    const page = await open();
    const passed: string[] = [];
    for (let count = 0; count < 30; count++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 8) / 2);
        return {
          name: element === document.body ? '' : element.id || element.textContent,
          outline: `${outlineStyle} ${outlineWidth}`,
          isInSight: top !== null && (element.contains(top) || top.contains(element)),
        };
      });
      if (focused.name === '' || focused.name === passed[0]) {
        break;
      }
      passed.push(focused.name);
      expect(focused).toEqual({ name: focused.name, outline: 'solid 3px', isInSight: true });
    }

    expect(passed).toEqual([
      'sender',
      'url',
      'audience',
      'email',
      'payload',
      'Make a new token',
      ...Object.values(TAMPERINGS),
      'accepted-audience',
      'below',
      'callers',
      'Copy token',
      'token',
      'Copy curl',
      'curl',
      'keys',
    ]);
  });

  test('is enough: to pick, to type, to press, to submit', async () => {
    const page = await open();

    await tabTo(page, page.getByLabel('Sender'));
    await page.keyboard.type('Impersonation');
    await shows(verdictOf(page), 'Refused: 403');
    await tabTo(page, page.getByLabel('Include the e-mail'));
    await page.keyboard.press('Space');
    await shows(verdictOf(page), 'Accepted');
    await tabTo(page, page.getByRole('button', { name: 'Expire it' }));
    await page.keyboard.press('Enter');
    await shows(verdictOf(page), '401 token_expired');
    await page.keyboard.press('Enter');
    await shows(verdictOf(page), 'Accepted');
    await tabTo(page, page.getByLabel('Accepted audience'));
    await page.keyboard.type(SERVICE);
    await page.keyboard.press('Enter');
    await shows(verdictOf(page), '401 audience_mismatch');

    expect(new URL(page.url()).search).toBe('');
  });

  test('makes a new token with Enter in any field of the request', async () => {
    const page = await open();
    const kid = page.locator('#claims tr', { hasText: 'kid' }).locator('td');
    const before = await textOf(kid);
    await google.rotateKeys();

    await page.getByLabel('Identity').press('Enter');

    await expect.poll(() => textOf(kid), WAIT).not.toBe(before);
  });
});

describe.runIf(isInstalled)('the page', () => {
  test('asks nobody else for anything, and breaks no rule of its policy', async () => {
    const context = await browser.newContext({ serviceWorkers: 'block' });
    onTestFinished(() => context.close());
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

  test('needs no scrolling to the side, from 320 px on', async () => {
    const page = await open();
    await page.getByLabel('Audience', { exact: true }).fill(`https://${'a'.repeat(300)}.example.com`);
    await page.getByLabel('Accepted audience').fill(`https://${'b'.repeat(300)}.example.com`);
    await shows(page.locator('#checks li.failed'), 'bbb');
    for (const { title } of Object.values(SENDERS)) {
      await page.getByLabel('Sender').selectOption(title);
      await settled(page);
      for (const width of [320, 600, 1000, 1600]) {
        await page.setViewportSize({ width, height: 800 });

        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        expect(await cutOff(page)).toEqual([]);
      }
    }
  });

  test('puts the request beside the answer where there is room, and above it where there is none', async () => {
    const places = [];
    for (const width of [1280, 600]) {
      const page = await open({ viewport: { width, height: 800 } });
      const [request, checks] = await Promise.all([
        page.locator('#request').boundingBox(),
        page.locator('#service').boundingBox(),
      ]);
      places.push([(checks?.x ?? 0) > (request?.x ?? 0), (checks?.y ?? 0) > (request?.y ?? 0)]);
    }

    expect(places).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  test('is light or dark as the person likes it, and legible either way', async () => {
    const backgrounds = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open({ colorScheme });
      await page.getByRole('button', { name: 'Cut it' }).click();
      await page.getByLabel('Accepted audience').fill('https://other.example.com');
      await page.getByLabel('Allowed callers').fill('');
      await shows(page.locator('#checks'), 'no caller rule given');
      backgrounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
      expect(await illegible(page)).toEqual([]);
      await page.getByLabel('Identity').fill('nobody');
      await shows(verdictOf(page), 'No token');
      expect(await illegible(page)).toEqual([]);
    }

    expect(backgrounds).toEqual(['rgb(244, 245, 247)', 'rgb(22, 24, 28)']);
  });

  test('says results in words, not in colours alone', async () => {
    const page = await open({ forcedColors: 'active' });
    await page.getByLabel('Accepted audience').fill('https://other.example.com');
    await page.getByLabel('Allowed callers').fill('');

    await shows(verdictOf(page), 'Refused');
    expect(new Set((await checksOf(page)).map((check) => check.split(' ')[0]))).toEqual(
      new Set(['Pass', 'Fail', 'Skip']),
    );
  });

  test('names every field and button, and reads its verdict out', async () => {
    const page = await open();
    const snapshot = await page.locator('body').ariaSnapshot();

    for (const line of [
      'combobox "Sender"',
      'textbox "URL of your service"',
      'textbox "Audience"',
      'textbox "Identity"',
      'button "Make a new token"',
      'group "Spoil the token"',
      'form "What your service accepts"',
      'textbox "Accepted audience"',
      'checkbox "And every URL below: urlsUnder()"',
      'textbox "Allowed callers"',
      'region "Checks"',
      'table "What the token says"',
      'rowheader "aud"',
      'textbox "Token"',
      'textbox "The same request from a shell"',
    ]) {
      expect(snapshot).toContain(line);
    }
    expect(snapshot).toMatch(/- status:\s+- strong: "?Accepted/);
  });

  test('cannot be put into a frame of another page', async () => {
    const target = await startTarget((_, res) => {
      res.setHeader('content-type', 'text/html').end(`<iframe src="${server.url}"></iframe>`);
    });
    const page = await (await browser.newContext()).newPage();
    onTestFinished(() => page.context().close());
    const complaint = page.waitForEvent('console', { predicate: (message) => /frame-ancestors/.test(message.text()) });

    await page.goto(target.url);

    expect((await complaint).text()).toContain(server.url);
    expect(await page.frameLocator('iframe').locator('#verdict').count()).toBe(0);
  });
});

/** How long a browser may take on a machine that has other work. */
const WAIT = { timeout: 20_000 };

/** Opens the page, and waits for its first answer. */
async function open(options: BrowserContextOptions = {}, url: string = server.url): Promise<Page> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  await shows(verdictOf(page), 'Accepted');
  return page;
}

function verdictOf(page: Page): Locator {
  return page.locator('#verdict');
}

async function shows(locator: Locator, text: string): Promise<void> {
  await expect.poll(() => textOf(locator), WAIT).toContain(text);
}

async function textOf(locator: Locator): Promise<string> {
  return (await locator.textContent()) ?? '';
}

/** Such as `Fail audience`. */
async function checksOf(page: Page): Promise<string[]> {
  return page.locator('#checks li').evaluateAll((items) => {
    return items.map(
      (item) => `${item.querySelector('.result')?.textContent} ${item.querySelector('strong')?.textContent}`,
    );
  });
}

/** The answer to the last change has come. */
function settled(page: Page): Promise<void> {
  return page.locator('main[aria-busy=false]').waitFor();
}

function clipboardOf(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let count = 0; count < 30; count++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  expect.fail('The keyboard does not get there.');
}

/** Elements whose text does not fit and cannot be scrolled to. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const elements = Array.from(document.querySelectorAll<HTMLElement>('p, li, td, th, label, button, h1, h2'));
    return elements
      .filter((element) => element.offsetWidth > 0 && element.scrollWidth > element.clientWidth + 1)
      .map((element) => element.outerHTML);
  });
}

/** Texts whose contrast is below 4.5 to 1 (WCAG 2.2, success criterion 1.4.3). */
function illegible(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const luminance = (color: string) => {
      const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
        const channel = Number(part) / 255;
        return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const backgroundOf = (element: Element | null): string => {
      const color = element === null ? 'rgb(255, 255, 255)' : getComputedStyle(element).backgroundColor;
      return color === 'rgba(0, 0, 0, 0)' ? backgroundOf(element?.parentElement ?? null) : color;
    };
    const hasText = (element: Element) =>
      element.matches('input, select, textarea') ||
      Array.from(element.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    return Array.from(document.querySelectorAll<HTMLElement>('body *'))
      .filter((element) => element.offsetWidth > 0 && hasText(element))
      .map((element) => {
        const lights = [luminance(getComputedStyle(element).color), luminance(backgroundOf(element))].sort(
          (a, b) => b - a,
        );
        const [lighter = 0, darker = 0] = lights;
        return { element, contrast: (lighter + 0.05) / (darker + 0.05) };
      })
      .filter(({ contrast }) => !(contrast >= 4.5))
      .map(({ element, contrast }) => `${contrast.toFixed(2)} ${element.outerHTML}`);
  });
}
