import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anyCaller, createGoogleIdTokenVerifier, createGoogleKeySet } from '@id-token-guard/core';
import { listen } from '@id-token-guard/emulator';
import { createFakeGoogle } from '@id-token-guard/testing';
import { decodeJwt } from 'jose';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { cli } from './support/cli.ts';

const AUDIENCE = 'https://api.example.com/push?a=1';
const SENDER = 'sender@my-project.iam.gserviceaccount.com';
const ADD_ON = 'service-107128418443@gcp-sa-gsuiteaddons.iam.gserviceaccount.com';
const VM = 'vm@my-project.iam.gserviceaccount.com';
const COMMON = ['aud', 'azp', 'exp', 'iat', 'iss', 'sub'];
const WITH_EMAIL = [...COMMON, 'email', 'email_verified'];

const google = await createFakeGoogle();
const server = await listen(google, { port: 0, defaultServiceAccount: VM });
afterAll(() => server.close());

const HERE = ['--emulator', server.url];

describe('a token of each sender has its claims, no more and no fewer, and a service that trusts the emulator accepts it:', () => {
  const senders: [from: string, email: string | undefined, claims: string[]][] = [
    ['pubsub', SENDER, WITH_EMAIL],
    ['cloud-tasks', SENDER, WITH_EMAIL],
    ['scheduler', SENDER, WITH_EMAIL],
    ['workflows', SENDER, WITH_EMAIL],
    ['eventarc', SENDER, WITH_EMAIL],
    ['metadata', undefined, COMMON],
    ['metadata --include-email', VM, [...WITH_EMAIL, 'google']],
    ['impersonation', undefined, COMMON],
    ['impersonation --include-email', SENDER, WITH_EMAIL],
    ['key', SENDER, WITH_EMAIL],
    ['chat', ADD_ON, WITH_EMAIL],
    ['chat --email chat@system.gserviceaccount.com', 'chat@system.gserviceaccount.com', WITH_EMAIL],
    ['workspace-add-on', ADD_ON, WITH_EMAIL],
    ['dialogflow', ADD_ON.replace('gsuiteaddons', 'dialogflow'), WITH_EMAIL],
    ['uptime-check', ADD_ON.replace('gsuiteaddons', 'monitoring-notification'), WITH_EMAIL],
    ['analytics', 'google-analytics-audience-export@system.gserviceaccount.com', WITH_EMAIL],
    ['firebase-tasks', SENDER, WITH_EMAIL],
    ['vertex-extension', SENDER, WITH_EMAIL],
    ['agent', SENDER, WITH_EMAIL],
    ['api-gateway', undefined, COMMON],
    ['api-gateway --include-email', SENDER, WITH_EMAIL],
    ['apigee --include-email', SENDER, WITH_EMAIL],
    ['github-actions', undefined, COMMON],
    ['apps-script', 'ada@example.com', WITH_EMAIL],
  ];

  test.each(senders)('%s', async (from, email, names) => {
    const { code, stdout, stderr } = await cli(['mint', '--from', ...from.split(' '), '--audience', AUDIENCE, ...HERE]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // Nothing but the token, so that TOKEN=$(id-token-guard mint …) works.
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { claims } = await verify(stdout.trim(), AUDIENCE);
    expect(Object.keys(claims).toSorted()).toEqual(names.toSorted());
    expect(claims.email).toBe(email);
  });

  test('gcloud, whose audience nobody chooses', async () => {
    const { stdout } = await cli(['mint', '--from', 'gcloud', ...HERE]);

    expect(decodeJwt(stdout)).toMatchObject({
      aud: '32555940559.apps.googleusercontent.com',
      email: 'ada@example.com',
      at_hash: expect.any(String),
    });
  });

  test('sign-in, of the person and for the client that are named', async () => {
    const person = ['--email', 'grace@example.com', '--claim', 'hd=example.com'];
    const { stdout } = await cli(['mint', '--from', 'sign-in', '--audience', 'my-client', ...person, ...HERE]);

    const { caller } = await verify(stdout.trim(), 'my-client');
    expect(caller).toMatchObject({ kind: 'user', email: 'grace@example.com', hostedDomain: 'example.com' });
  });
});

test('--json shows the whole request: of Google Chat, the event of an add-on, or of a standalone app', async () => {
  const chat = ['mint', '--from', 'chat', '--audience', AUDIENCE, '--json', ...HERE];
  const addOn = JSON.parse((await cli(chat)).stdout);
  const standalone = JSON.parse((await cli([...chat, '--email', 'chat@system.gserviceaccount.com'])).stdout);

  expect(JSON.parse(addOn.body)).toMatchObject({ authorizationEventObject: { systemIdToken: addOn.token } });
  expect(JSON.parse(addOn.body)).toMatchObject({ chat: { user: { email: 'ada@example.com' } } });
  expect(decodeJwt(JSON.parse(addOn.body).authorizationEventObject.userIdToken)).toMatchObject({
    aud: '1234567890-addon.apps.googleusercontent.com',
    email: 'ada@example.com',
  });
  expect(JSON.parse(standalone.body)).toMatchObject({ type: 'MESSAGE' });
});

const mintKey = ['mint', '--from', 'key', '--audience', AUDIENCE, ...HERE];

test('--email names the account that sends', async () => {
  const { stdout } = await cli([...mintKey, '--email', 'robot@other-project.iam.gserviceaccount.com']);

  const { caller } = await verify(stdout.trim(), AUDIENCE);
  expect(caller).toMatchObject({ email: 'robot@other-project.iam.gserviceaccount.com', projectId: 'other-project' });
});

test('--claim replaces claims: JSON is taken as such, anything else as text', async () => {
  const claims = [
    'exp=1700000000',
    'email_verified=false',
    'hd=example.com',
    'note="1"',
    'list=[1,{}]',
    'a=b=c',
    'no=',
  ];

  const { stdout } = await cli([...mintKey, ...claims.flatMap((claim) => ['--claim', claim])]);

  expect(decodeJwt(stdout)).toMatchObject({
    exp: 1700000000,
    email_verified: false,
    hd: 'example.com',
    note: '1',
    list: [1, {}],
    a: 'b=c',
    no: '',
    email: SENDER,
  });
});

test('--header prints a header line for curl', async () => {
  const { code, stdout } = await cli([...mintKey, '--header']);

  expect(code).toBe(0);
  const [, token = ''] = /^Authorization: Bearer (\S+)\n$/.exec(stdout) ?? [];
  await expect(verify(token, AUDIENCE)).resolves.toBeDefined();
});

test("--json prints token, claims, and the rest of the sender's request", async () => {
  const { code, stdout } = await cli(['mint', '--from', 'cloud-tasks', '--audience', AUDIENCE, '--json', ...HERE]);

  expect(code).toBe(0);
  const { token, ...request } = JSON.parse(stdout);
  expect(request).toMatchObject({
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'x-cloudtasks-taskname': 'my-task' },
    claims: decodeJwt(token),
  });
});

describe('what the local Google refuses is wrong usage:', () => {
  const refused: [args: string[], reason: string][] = [
    [
      ['--from', 'gcloud', '--audience', 'x'],
      '"audience" cannot be chosen with gcloudUser: all users of gcloud share one.',
    ],
    [
      ['--from', 'key', '--audience', ''],
      '"audience" must be text: whoever asks Google for a token says whom it is for.',
    ],
    [['--from', 'key', '--audience', 'x', '--email', 'ada@example.com'], '"email" must be that of a service account.'],
    [['--from', 'sign-in', '--email', SENDER], '"email" must be that of a person.'],
  ];

  test.each(refused)('%j', async (args, reason) => {
    expect(await cli(['mint', ...args, ...HERE])).toEqual({
      code: 2,
      stdout: '',
      stderr: `id-token-guard: The local Google refuses: ${reason}\n`,
    });
  });
});

describe('without a local Google', () => {
  test('it says how to start one', async () => {
    const stopped = await listen(await createFakeGoogle(), { port: 0 });
    await stopped.close();

    const output = await cli(['mint', '--from', 'key', '--audience', 'x', '--emulator', stopped.url]);

    expect(output).toEqual({
      code: 1,
      stdout: '',
      stderr: `id-token-guard: No local Google answers at ${stopped.url}: start one with "id-token-guard emulate" in another terminal, or name one with --emulator.\n`,
    });
  });

  test('but with something else there, it says so', async () => {
    const url = await startOther((_, res) => res.writeHead(404).end('<!doctype html>'));

    expect(await cli(['mint', '--from', 'key', '--audience', 'x', '--emulator', url])).toEqual({
      code: 1,
      stdout: '',
      stderr: `id-token-guard: What answers at ${url} is no local Google of this version (status 404): name one with --emulator.\n`,
    });
  });
});

describe('whatever else listens there does not steer the terminal', () => {
  const MINT = ['mint', '--from', 'key', '--audience', 'x', '--emulator'];
  const NO_GOOGLE =
    /^id-token-guard: What answers at http:\/\/127\.0\.0\.1:\d+ is no local Google of this version \(status 200\): [^\p{C}\n]+\n$/u;

  test.each<[string, unknown]>([
    ['escape sequences', '\u001b[2Ja.b.c'],
    ['a second line', 'a.b.c\nexport PATH=/tmp'],
    ['a header of its own', 'a.b.c\r\nX-Admin: true'],
    ['a command', '$(id).b.c'],
    ['text from right to left', 'a.b.\u202ec'],
    ['two parts', 'a.b'],
    ['no text', ''],
    ['a number', 42],
  ])('with a token that has %s', async (_, token) => {
    const url = await startOther((_req, res) => res.end(JSON.stringify({ token })));
    for (const option of ['--header', '--json', undefined]) {
      const { code, stdout, stderr } = await cli([...MINT, url, ...(option === undefined ? [] : [option])]);

      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(NO_GOOGLE);
    }
  });

  test('with an error that has escape sequences, and is long', async () => {
    const error = `\u001b[2J\u009b2J\u202e\n${'x'.repeat(10_000)}`;
    const url = await startOther((_, res) => res.writeHead(400).end(JSON.stringify({ error })));

    const { code, stdout, stderr } = await cli([...MINT, url]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^id-token-guard: The local Google refuses: [^\p{C}\n]{100,600}\n$/u);
  });

  test('with an answer that does not end', async () => {
    const url = await startOther((_, res) => {
      res.write('{"token":"a.b.c","more":"');
      const more = () => {
        while (!res.destroyed && res.write('x'.repeat(65_536))) {}
        res.once('drain', more);
      };
      more();
    });

    const { code, stdout, stderr } = await cli([...MINT, url]);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(NO_GOOGLE);
  });

  test.each(['null', '[]', '"a.b.c"', '{'])('with %s', async (body) => {
    const url = await startOther((_, res) => res.end(body));

    expect((await cli([...MINT, url])).stderr).toMatch(NO_GOOGLE);
  });

  test('with values that are nested thousands deep', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const url = await startOther((_, res) => res.end(`{"token":"a.b.c","deep":${deep}}`));

    const { code, stdout, stderr } = await cli([...MINT, url, '--json']);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('(nested more than 32 levels deep)');
  });
});

/** Something that is no local Google. Returns its URL. */
async function startOther(listener: RequestListener): Promise<string> {
  const other = createServer(listener);
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    other.closeAllConnections();
    other.close();
  });
  return `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
}

describe('POST /admin/tokens refuses with 400 and a sentence', () => {
  const good = { from: 'pubSub', audience: 'x' };
  const bad: [body: unknown, error: string][] = [
    [[], 'The body must be a JSON object.'],
    [{ audience: 'x' }, '"from" must be one of metadataServer, impersonation, '],
    [{ ...good, from: 'toString' }, '"from" must be one of '],
    [{ ...good, url: 'x' }, 'Unknown setting "url": there are from, audience, email, includeEmail, claims.'],
    [{ from: 'pubSub' }, '"audience" must be text'],
    [{ ...good, audience: 5 }, '"audience" must be text'],
    [{ ...good, email: [SENDER] }, '"email" must be that of a service account.'],
    [{ from: 'gcloudUser', email: ['ada@example.com'] }, '"email" must be that of a person.'],
    [{ ...good, includeEmail: 'true' }, '"includeEmail" must be true or false.'],
    [{ ...good, claims: [] }, '"claims" must be a JSON object.'],
  ];

  test.each(bad)('%j', async (body, error) => {
    const response = await fetch(`${server.url}/admin/tokens`, { method: 'POST', body: JSON.stringify(body) });

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringContaining(error) });
  });
});

function verify(token: string, audience: string) {
  const keys = createGoogleKeySet({ url: server.jwksUrl });
  return createGoogleIdTokenVerifier({ audience, callers: anyCaller, keys }).verify(token);
}
