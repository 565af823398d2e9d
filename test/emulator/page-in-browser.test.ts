import { listen } from '@id-token-guard/emulator';
import { createFakeGoogle } from '@id-token-guard/testing';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { SENDERS, TAMPERINGS } from '../../packages/emulator/src/page/browser/choices.ts';
import { google, verify } from './support/google.ts';
import { checksOf, describeInBrowser, open, settled, shows, textOf, verdictOf, WAIT } from './support/page.ts';
import { startTarget } from './support/target.ts';

const SERVICE = 'https://orders.example.com';
const GCLOUD_AUDIENCE = '32555940559.apps.googleusercontent.com';

describeInBrowser('a person', () => {
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
      firebaseTasks: [],
      apiGateway: ['Audience', 'Include the e-mail'],
      apigee: ['Audience', 'Include the e-mail'],
      vertexExtension: ['Audience'],
      chat: ['Audience', 'A standalone app, as they were before Workspace add-ons'],
      workspaceAddOn: ['Audience'],
      dialogflow: ['Audience'],
      uptimeCheck: ['Audience'],
      analytics: ['Audience'],
      metadataServer: ['Audience', 'Format'],
      impersonation: ['Audience', 'Include the e-mail', 'Include the number of the organization'],
      serviceAccountKey: ['Audience'],
      gcloudImpersonation: ['Audience', 'Include the e-mail'],
      githubActions: ['Audience', 'Include the e-mail'],
      agent: ['Audience'],
      gcloudUser: ['Workspace domain'],
      signInWithGoogle: ['Client id', 'Workspace domain', 'Nonce'],
      appsScript: ['Client id', 'Workspace domain'],
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

    const refused = Object.keys(verdicts).filter((name) => verdicts[name] !== 'Accepted');
    expect(refused).toEqual([
      'apiGateway',
      'apigee',
      'metadataServer',
      'impersonation',
      'gcloudImpersonation',
      'githubActions',
      'gcloudUser',
    ]);
    expect(new Set(refused.map((name) => verdicts[name]))).toEqual(new Set(['Refused']));
    await page.getByLabel('Sender').selectOption('gcloud, as oneself');
    await shows(page.locator('#checks li.failed'), GCLOUD_AUDIENCE);
    await page.getByLabel('Sender').selectOption('Virtual machine');
    await shows(page.locator('#checks li.failed'), 'format=full');
    await page.getByLabel('Format').selectOption('full');
    await shows(verdictOf(page), 'Accepted');
    await page.getByLabel('Licenses of the machine').check();
    await shows(page.locator('#claims'), 'google.compute_engine.license_id');
  });

  test('sees that Google Chat calls standalone apps from another account', async () => {
    const page = await open();

    await page.getByLabel('Sender').selectOption('Google Chat');
    expect(await page.getByLabel('Identity').inputValue()).toBe(
      'service-107128418443@gcp-sa-gsuiteaddons.iam.gserviceaccount.com',
    );
    await page.getByLabel('Allowed callers').fill('service-107128418443@gcp-sa-gsuiteaddons.iam.gserviceaccount.com');
    await page.getByLabel('A standalone app').check();

    expect(await page.getByLabel('Identity').inputValue()).toBe('chat@system.gserviceaccount.com');
    await shows(page.locator('#checks li.failed'), 'standalone Chat apps by chat@system.gserviceaccount.com.');
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
    const stopped = await listen(await createFakeGoogle(), { port: 0 });
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

function clipboardOf(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}
