import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { KeySet } from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApp as createExpressApp } from '../../examples/express.ts';
import { createApp as createHonoApp } from '../../examples/hono.ts';
import { createApp as createKoaApp } from '../../examples/koa.ts';
import { serve } from './support/serve.ts';

const google = await createFakeGoogle();
const sender = {
  aud: 'https://api.example.com',
  email: 'sender@my-project.iam.gserviceaccount.com',
  email_verified: true,
};

const apps: Record<string, (keys: KeySet) => RequestListener> = {
  express: (keys) => createExpressApp({ keys }),
  koa: (keys) => createKoaApp({ keys }).callback(),
  hono: (keys) => getRequestListener(createHonoApp({ keys }).fetch),
};

describe.each(Object.entries(apps))('the %s example', (_name, createListener) => {
  let url: string;
  beforeAll(async () => {
    url = `${await serve(createListener(google.keySet()))}/hello`;
  });

  test('greets the sender', async () => {
    const response = await fetch(url, { headers: { authorization: `Bearer ${await google.idToken(sender)}` } });

    expect(response.status).toBe(200);
    expect(await response.json()).toStrictEqual({
      hello: {
        kind: 'service_account',
        uniqueId: '112010400000000710080',
        email: sender.email,
        projectId: 'my-project',
      },
    });
  });

  test('refuses another caller', async () => {
    const token = await google.idToken({ ...sender, email: 'stranger@elsewhere.iam.gserviceaccount.com' });

    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });

    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'caller_not_allowed' });
  });
});

test('the three examples guard alike: the lines of the guard are the same', () => {
  const guards = Object.keys(apps).map((name) => {
    const source = readFileSync(new URL(`../../examples/${name}.ts`, import.meta.url), 'utf8');
    return /requireGoogleIdToken\(\{[^}]+\}\)/.exec(source)?.[0].replace(/\s+/g, ' ');
  });

  expect(guards[0]).toContain("audience: 'https://api.example.com'");
  expect(new Set(guards).size).toBe(1);
});
