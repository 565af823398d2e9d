/*
 * The page for people, from the side of the server: who gets it, what it is made of, and whom it serves.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { installPackages } from '../runtimes/installed-packages.ts';
import { AUDIENCE, post, SENDER, server } from './support/google.ts';
import { raw } from './support/raw-http.ts';

const BROWSER_ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';

describe('GET /', () => {
  test.each([
    ['Chromium and Safari', BROWSER_ACCEPT],
    ['Firefox', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
    ['a text browser', 'text/html, text/plain;q=0.5'],
    ['whoever writes in capitals', 'TEXT/HTML;Q=0.9, */*;Q=0.1'],
  ])('is the page for %s', async (_, accept) => {
    const answer = await raw({ path: '/', headers: { accept } });

    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'metadata-flavor': 'Google',
        vary: 'Accept, Metadata-Flavor',
      },
      body: expect.stringMatching(/^<!doctype html>/),
    });
  });

  test.each<[string, Record<string, string>]>([
    ['a client library, which sends Metadata-Flavor', { 'metadata-flavor': 'Google' }],
    [
      'the library for Java, which asks for text/html as Java does',
      { 'metadata-flavor': 'Google', accept: 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2' },
    ],
    ['a browser with Metadata-Flavor', { 'metadata-flavor': '', accept: BROWSER_ACCEPT }],
    ['curl and fetch', { accept: '*/*' }],
    ['a request that does not say what it takes', {}],
    ['a client of APIs', { accept: 'application/json, text/plain, */*' }],
    ['who would rather have text', { accept: 'text/html;q=0.5, text/plain' }],
    ['who wants no HTML', { accept: 'text/html;q=0' }],
    ['who takes any text', { accept: 'text/*' }],
  ])('is that of the metadata server for %s', async (_, headers) => {
    const answer = await raw({ path: '/', headers });

    expect(answer).toMatchObject({
      status: 200,
      headers: { 'metadata-flavor': 'Google' },
      body: 'computeMetadata/\n',
    });
  });
});

describe('what the page is made of', () => {
  test('comes with a policy under which nothing else runs and nothing else is asked', async () => {
    const html = await pageOf(server.url);
    const paths = linksOf(html);

    expect(paths).toHaveLength(4);
    for (const path of ['/', ...paths.filter((each) => each.startsWith('/page/'))]) {
      const { status, headers } = await raw({ path, headers: { accept: BROWSER_ACCEPT } });
      expect({ path, status, headers }).toMatchObject({
        path,
        status: 200,
        headers: {
          'content-security-policy':
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cross-origin-resource-policy': 'same-origin',
          'cache-control': 'no-store',
        },
      });
    }
  });

  test('has nothing inline, and links nothing but this server', async () => {
    const html = await pageOf(server.url);

    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]* src=)/i);
    expect(linksOf(html).filter((link) => !/^\/[^/]/.test(link))).toEqual([]);
    expect((await raw({ path: '/page/style.css' })).body).not.toMatch(/url\(|@import/);
  });

  test('has one script, which is JavaScript, and no other file', async () => {
    await expectScript(server.url);
    for (const path of ['/page', '/page/', '/page/script.ts', '/page/browser/main.ts', '/page/..%2Fapp.ts']) {
      expect(await raw({ path })).toMatchObject({ status: 404, body: 'Not Found' });
    }
  });

  test('is all there where the package is installed, on the oldest Node.js that it supports', async () => {
    const installed = await installPackages();
    onTestFinished(() => installed.remove());
    const node = fileURLToPath(new URL('../runtimes/node_modules/node-20/bin/node', import.meta.url));
    const script = `
      import { startLocalGoogle } from '@id-token-guard/emulator';
      console.log((await startLocalGoogle({ port: 0 })).url);`;
    const child = spawn(node, ['--input-type=module', '--eval', script], {
      cwd: installed.directory,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill());
    const [line] = await once(child.stdout, 'data');

    await expectScript(String(line).trim());
  }, 120_000);
});

describe('the endpoints of the page', () => {
  const requests = [
    ['GET', '/', ''],
    ['GET', '/page/style.css', ''],
    ['POST', '/page/mint', JSON.stringify({ sender: 'pubSub', email: SENDER, url: AUDIENCE })],
    ['POST', '/page/explain', JSON.stringify({ token: 'a.b.c' })],
  ] as const;

  test.each<Record<string, string>>([
    { origin: 'https://evil.example.com' },
    { origin: 'null' },
    { origin: 'https://evil.example.com', 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'cross-site' },
    { host: 'evil.example.com' },
  ])('are not for pages of other sites: %j', async (headers) => {
    for (const [method, path, body] of requests) {
      const answer = await raw({ method, path, headers: { accept: BROWSER_ACCEPT, ...headers } }, body);

      expect([path, answer.status, answer.body]).toEqual([path, 403, expect.stringMatching(/^The fake Google /)]);
    }
  });

  test('are for the page, by every name of this machine, and say nothing that lets others read', async () => {
    for (const host of [new URL(server.url).host, `localhost:${new URL(server.url).port}`]) {
      for (const [method, path, body] of requests) {
        const headers = { host, accept: BROWSER_ACCEPT, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
        const answer = await raw({ method, path, headers }, body);

        expect([path, answer.status]).toEqual([path, 200]);
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      }
    }
  });

  test.each(['[]', 'null', '{', '"text"'])('takes no other body than a JSON object: %s', async (body) => {
    for (const path of ['/page/mint', '/page/explain']) {
      const answer = await post(path, body);

      expect([answer.status, await answer.json()]).toEqual([
        400,
        { field: '', error: 'The body must be a JSON object.' },
      ]);
    }
  });
});

async function pageOf(url: string): Promise<string> {
  return (await fetch(url, { headers: { accept: BROWSER_ACCEPT } })).text();
}

function linksOf(html: string): string[] {
  return Array.from(html.matchAll(/ (?:src|href)="([^"]*)"/g), ([, link = '']) => link);
}

/** The page loads one script, with nothing in it that only TypeScript has, and nothing that it imports. */
async function expectScript(url: string): Promise<void> {
  expect(linksOf(await pageOf(url)).filter((link) => /\.[jt]s$/.test(link))).toEqual(['/page/script.js']);
  const answer = await fetch(`${url}/page/script.js`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
  const text = await answer.text();
  expect(text).toContain("ask('/page/mint'".replaceAll("'", '"'));
  expect(text).not.toMatch(/^(import|export) |: string[,;) ]/m);
}
