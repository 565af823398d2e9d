/*
 * The page for people who use a keyboard or a screen reader, a small screen, or need contrast.
 */
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { SENDERS, TAMPERINGS } from '../../packages/emulator/src/page/browser/choices.ts';
import { google } from './support/google.ts';
import { checksOf, describeInBrowser, open, settled, shows, textOf, verdictOf, WAIT } from './support/page.ts';

const SERVICE = 'https://orders.example.com';

describeInBrowser('the keyboard', () => {
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

describeInBrowser('the page', () => {
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
});

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
