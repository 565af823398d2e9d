/*
 * testGuard in use: with vitest against an app on Hono and one on Express, with node:test in a process of its own, and
 * against apps with the mistakes that people make, where it must fail.
 */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { computeInstance, GOOGLE_JWKS_URL, serviceAccount, workspaceDomain } from '@id-token-guard/core';
import { requireGoogleIdToken as expressGuard } from '@id-token-guard/express';
import { requireGoogleIdToken as honoGuard } from '@id-token-guard/hono';
import {
  createFakeGoogle,
  type DefineSuite,
  type DefineTest,
  type GuardAnswer,
  testGuard,
} from '@id-token-guard/testing';
import express from 'express';
import { Hono } from 'hono';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { apps, audience, claims, google } from './test-guard-apps.ts';

const guardOptions = () => ({ audience, callers: serviceAccount(claims.email), keys: google.keySet() });

const hono = new Hono().use(honoGuard(guardOptions())).post('/push', (c) => c.body(null, 204));
testGuard('POST /push on Hono', (headers) => hono.request('/push', { method: 'POST', headers }), {
  google,
  audience,
  claims,
  describe,
  test,
});

const server = createServer(express().use(expressGuard(guardOptions()), (_req, res) => res.json({ done: true })));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => new Promise((resolve) => server.close(resolve)));
const { port } = server.address() as AddressInfo;
testGuard('GET / on Express', (headers) => fetch(`http://127.0.0.1:${port}/`, { headers }), {
  google,
  audience,
  claims,
  describe,
  test,
});

const header = 'x-serverless-authorization';
const serverless = new Hono().use(honoGuard({ ...guardOptions(), header })).get('/', (c) => c.text('done'));
testGuard('an app that reads X-Serverless-Authorization', (headers) => serverless.request('/', { headers }), {
  google,
  audience,
  claims,
  header,
  describe,
  test,
});

const optionalGuard = honoGuard({ ...guardOptions(), optional: true });
const optional = new Hono().use(optionalGuard).get('/', (c) => c.json({ caller: c.get('googleIdToken')?.caller }));
testGuard('an app whose guard is optional', (headers) => optional.request('/', { headers }), {
  google,
  audience,
  claims,
  optional: true,
  describe,
  test,
});

const ACCEPTED = 'accepts a good token of an allowed caller';
const REFUSED = [
  'refuses with 401 token_missing',
  'refuses with 400 request_invalid',
  'refuses with 401 token_malformed',
  'refuses with 401 algorithm_unsupported',
  'refuses with 401 key_unknown',
  'refuses with 401 signature_removed',
  'refuses with 401 signature_invalid',
  'refuses with 401 claim_invalid',
  'refuses with 401 issuer_mismatch',
  'refuses with 401 audience_mismatch',
  'refuses with 401 token_expired',
  'refuses with 401 token_not_yet_valid',
  'refuses with 403 caller_not_allowed',
  'refuses with 503 keys_unavailable',
];

describe('testGuard with node:test', () => {
  const report = runNodeTests();

  test('makes the process fail, since most of these apps are not guarded', async () => {
    expect((await report).exitCode).toBe(1);
  });

  test('registers one test that accepts and one per error code that refuses', async () => {
    const { suites } = await report;

    expect([...suites.keys()]).toStrictEqual(Object.keys(apps).map((name) => `${name}: guarded by Google ID tokens`));
    for (const tests of suites.values()) {
      expect(tests.map(({ name }) => name)).toStrictEqual([ACCEPTED, ...REFUSED]);
    }
  });

  test.each<[keyof typeof apps, string[]]>([
    ['a guarded app', []],
    ['an unguarded app', REFUSED],
    [
      'an app that only decodes tokens',
      [
        'refuses with 401 algorithm_unsupported',
        'refuses with 401 key_unknown',
        'refuses with 401 signature_removed',
        'refuses with 401 signature_invalid',
        'refuses with 503 keys_unavailable',
      ],
    ],
    ['an app that checks the audience and not the caller', ['refuses with 403 caller_not_allowed']],
    ['an app that answers 401 where keys cannot be had', ['refuses with 503 keys_unavailable']],
    ['an app that answers 200 to stop retries', REFUSED],
    ['an app that answers without headers', REFUSED],
    ['an app with a fixed list of keys', ['refuses with 503 keys_unavailable']],
    [
      'an app with another audience',
      [
        ACCEPTED,
        'refuses with 401 token_expired',
        'refuses with 401 token_not_yet_valid',
        'refuses with 403 caller_not_allowed',
        'refuses with 503 keys_unavailable',
      ],
    ],
    ['an app that lets nobody in', [ACCEPTED]],
  ])('%s fails exactly these: %j', async (app, failing) => {
    const tests = (await report).suites.get(`${app}: guarded by Google ID tokens`) ?? [];

    expect(tests.filter(({ ok }) => !ok).map(({ name }) => name)).toStrictEqual(failing);
  });
});

describe('the message of a failed test', () => {
  test('says what was expected, what came, and what an unguarded app lacks', async () => {
    await expect(failure('an unguarded app', 'refuses with 401 token_missing')).resolves.toBe(
      [
        'The app did not refuse this request as it must: no token.',
        '  expected: status 401',
        '  expected: a JSON body with "code": "token_missing"',
        '  expected: WWW-Authenticate: Bearer …, without error=',
        '  answered: 200 {"done":true}',
        'Is the guard mounted, and before this route?',
      ].join('\n'),
    );
  });

  test('tells who only decodes tokens that signatures are there to be verified', async () => {
    await expect(failure('an app that only decodes tokens', 'refuses with 401 signature_invalid')).resolves.toMatch(
      /: a token whose claims were changed after signing\..*Does the app verify the signature, or only decode/s,
    );
  });

  test('tells who checks no caller that the audience proves nothing', async () => {
    const app = 'an app that checks the audience and not the caller';

    await expect(failure(app, 'refuses with 403 caller_not_allowed')).resolves.toMatch(
      /answered: 200 \{"done":true\}\nWhoever asks Google for a token chooses its audience/,
    );
  });

  test('tells who answers 401 to an outage that the token may be good', async () => {
    const app = 'an app that answers 401 where keys cannot be had';

    await expect(failure(app, 'refuses with 503 keys_unavailable')).resolves.toMatch(
      /expected: status 503\n {2}answered: 401 .*The token may be good, so the sender must try again/s,
    );
  });

  test('asks for audience, caller and keys where a good token was refused', async () => {
    await expect(failure('an app with another audience', ACCEPTED)).resolves.toMatch(
      /^The app refused a good token .*answered: 401 \{.*"audience_mismatch"\}, WWW-Auth.*Is "audience" the one/s,
    );
  });

  test('tells whose keys were kept away by an earlier outage that its checks are not the fault', async () => {
    const app = new Hono().use(honoGuard(guardOptions())).get('/', (c) => c.text('done'));
    const { tests, options } = collect();
    testGuard('app', (headers) => app.request('/', { headers }), { google, audience, claims, ...options });
    google.answerWith('outage');
    await app.request('/', { headers: { authorization: `Bearer ${await google.idToken({ aud: audience })}` } });
    google.answerWith('ok');

    for (const name of [ACCEPTED, 'refuses with 401 token_expired']) {
      await expect(tests.get(name)?.()).rejects.toThrow(
        /answered: 503 \{.*"keys_unavailable"\}\nThe app had no keys\. Either .*, or .* outage left its key set in its back-off: .*$/,
      );
    }
  });

  test('tells whose guard is not optional what is missing', async () => {
    const { tests, options } = collect();
    testGuard('a route', requestsTo('a guarded app'), { google, audience, claims, optional: true, ...options });

    await expect(tests.get('lets a request without a token pass')?.()).rejects.toThrow(
      'Has the guard of this route the option "optional: true"?',
    );
    await expect(tests.get('refuses with 401 token_missing')?.()).resolves.toBeUndefined();
  });

  async function failure(app: keyof typeof apps, name: string): Promise<string> {
    const { tests, options } = collect();
    testGuard(app, requestsTo(app), { google, audience, claims, ...options });
    const error: unknown = await tests
      .get(name)?.()
      .catch((thrown: unknown) => thrown);
    return error instanceof Error ? error.message : 'The test passed.';
  }
});

describe('what send() resolves to', () => {
  const shapes: [string, (response: Response) => Promise<GuardAnswer>][] = [
    ['a Response', async (response) => response],
    [
      'headers as an object, in any case, and the parsed body',
      async (response) => ({
        status: response.status,
        headers: Object.fromEntries([...response.headers].map(([name, value]) => [name.toUpperCase(), value])),
        body: await response.json(),
      }),
    ],
    [
      'headers as lists, as in headersDistinct, and the body as text',
      async (response) => ({
        status: response.status,
        headers: Object.fromEntries([...response.headers].map(([name, value]) => [name, [value]])),
        body: await response.text(),
      }),
    ],
    ['a status alone', async ({ status }) => ({ status })],
  ];

  test.each(shapes)('may be %s: a guarded app passes', async (_, shape) => {
    const { tests, options } = collect();
    const send = requestsTo('a guarded app');
    testGuard('app', async (headers) => shape(await send(headers)), { google, audience, claims, ...options });

    for (const run of tests.values()) {
      await run();
    }
    expect(tests.size).toBe(1 + REFUSED.length);
  });

  test.each(shapes)('may be %s: an unguarded app fails', async (_, shape) => {
    const { tests, options } = collect();
    const send = requestsTo('an unguarded app');
    testGuard('app', async (headers) => shape(await send(headers)), { google, audience, claims, ...options });

    for (const name of REFUSED) {
      await expect(tests.get(name)?.()).rejects.toThrow(/^The app did not refuse/);
    }
  });

  test('must have a status', async () => {
    const { tests, options } = collect();
    const send = async () => ({ statusCode: 200 }) as unknown as GuardAnswer;
    testGuard('app', send, { google, audience, claims, ...options });

    await expect(tests.get(ACCEPTED)?.()).rejects.toThrow(
      new TypeError('send() must resolve to a Response or to { status, headers?, body? }.'),
    );
  });
});

test('Google answers again after the test with the outage, also where the app fails it', async () => {
  for (const app of ['a guarded app', 'an app with a fixed list of keys'] as const) {
    const { tests, options } = collect();
    testGuard(app, requestsTo(app), { google, audience, claims, ...options });

    await tests
      .get('refuses with 503 keys_unavailable')?.()
      .catch(() => undefined);

    expect((await google.fetch(GOOGLE_JWKS_URL)).status).toBe(200);
  }
});

test('tests may run in any order: the outage does not leave the app without keys', async () => {
  const { tests, options } = collect();
  const app = new Hono().use(honoGuard(guardOptions())).get('/', (c) => c.text('done'));
  testGuard('app', (headers) => app.request('/', { headers }), { google, audience, claims, ...options });

  for (const run of [...tests.values()].reverse()) {
    await run();
  }
  expect(tests.size).toBe(1 + REFUSED.length);
});

test('the hostile tokens go by the clock of the fake Google, which the app may share', async () => {
  const now = () => Date.UTC(2020, 0, 1);
  const google = await createFakeGoogle({ now });
  const options = { audience, callers: serviceAccount(claims.email), keys: google.keySet(), now };
  const app = new Hono().use(honoGuard(options)).get('/', (c) => c.text('done'));
  const { tests, options: runner } = collect();
  testGuard('app', (headers) => app.request('/', { headers }), { google, audience, claims, ...runner });

  for (const run of tests.values()) {
    await run();
  }
  expect(tests.size).toBe(1 + REFUSED.length);
});

test.each([
  ['a Workspace domain', workspaceDomain('example.com'), () => google.from.gcloudUser({ hostedDomain: 'example.com' })],
  [
    'a virtual machine',
    computeInstance({ projectId: 'my-project' }),
    () => google.from.metadataServer({ audience, format: 'full' }),
  ],
])('the stranger shares nothing with the allowed caller, be that %s', async (_, callers, caller) => {
  const { hd, google: instance, email } = (await caller()).claims;
  const app = new Hono().use(honoGuard({ ...guardOptions(), callers })).get('/', (c) => c.text('done'));
  const { tests, options } = collect();
  const allowed = { email, email_verified: true, hd, google: instance };
  testGuard('app', (headers) => app.request('/', { headers }), { google, audience, claims: allowed, ...options });

  await tests.get(ACCEPTED)?.();
  await tests.get('refuses with 403 caller_not_allowed')?.();
});

describe('where testGuard gets describe and test from', () => {
  test.each(['test', 'it'])('takes the global ones, as jest has them: describe and %s', (name) => {
    const { tests, options } = collect();
    setGlobals({ describe: options.describe, [name]: options.test });

    testGuard('app', requestsTo('a guarded app'), { google, audience });

    expect([...tests.keys()]).toStrictEqual([ACCEPTED, ...REFUSED]);
  });

  test('says what to import where there are none', () => {
    expect(() => testGuard('app', requestsTo('a guarded app'), { google, audience })).toThrow(
      new TypeError(
        'testGuard() needs "describe" and "test" of your test runner, such as import { describe, test } from \'vitest\' or \'node:test\'.',
      ),
    );
  });

  function setGlobals(globals: Record<string, unknown>): void {
    Object.assign(globalThis, globals);
    onTestFinished(() => {
      for (const name of Object.keys(globals)) {
        Reflect.deleteProperty(globalThis, name);
      }
    });
  }
});

test.each([
  [
    { google: undefined },
    'testGuard(): "google" must be a fake Google, a promise of one, or a function that gives one: createFakeGoogle().',
  ],
  [{ audience: undefined }, 'testGuard(): "audience" must be the audience that the app expects.'],
  [{ audience: '' }, 'testGuard(): "audience" must be the audience that the app expects.'],
])('options with %o are a TypeError before anything is registered', (wrong, message) => {
  const { tests, options } = collect();
  const wrongOptions = { google, audience, ...options, ...wrong } as Parameters<typeof testGuard>[2];

  expect(() => testGuard('app', requestsTo('a guarded app'), wrongOptions)).toThrow(new TypeError(message));
  expect(tests.size).toBe(0);
});

/** A test runner that only collects. */
function collect() {
  const tests = new Map<string, () => Promise<void>>();
  const describe: DefineSuite = (_, define) => define();
  const test: DefineTest = (name, run) => tests.set(name, run);
  return { tests, options: { describe, test } };
}

function requestsTo(app: keyof typeof apps) {
  return (headers: Readonly<Record<string, string>>): Promise<Response> =>
    apps[app](new Request('https://api.example.com/', { headers }));
}

interface NodeReport {
  readonly exitCode: number;
  readonly suites: ReadonlyMap<string, { name: string; ok: boolean }[]>;
}

/** Runs the file with node:test, and reads its report (TAP 14). */
async function runNodeTests(): Promise<NodeReport> {
  const file = fileURLToPath(new URL('test-guard-node.ts', import.meta.url));
  const { stdout, code } = await promisify(execFile)(process.execPath, ['--test-reporter=tap', file]).then(
    ({ stdout }) => ({ stdout, code: 0 }),
    (error: { stdout: string; code: number }) => error,
  );
  const suites: [string, { name: string; ok: boolean }[]][] = [];
  for (const line of stdout.split('\n')) {
    const suite = /^# Subtest: (.*)$/.exec(line)?.[1];
    if (suite !== undefined) {
      suites.push([suite, []]);
    }
    const [, not, name] = /^ {4}(not )?ok \d+ - (.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      suites.at(-1)?.[1].push({ name, ok: not === undefined });
    }
  }
  return { exitCode: code, suites: new Map(suites) };
}
