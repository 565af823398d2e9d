import { createFakeGoogle } from '@id-token-guard/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createApp as createProxiedApp } from '../../examples/behind-a-proxy.ts';
import { createApp as createSchedulerApp } from '../../examples/cloud-scheduler.ts';
import { createApp as createTasksApp } from '../../examples/cloud-tasks.ts';
import { createApp as createInstanceApp } from '../../examples/compute-instance.ts';
import { createHandler } from '../../examples/pubsub-edge.ts';
import { createApp as createSeveralCallersApp } from '../../examples/several-callers.ts';
import { createApp as createSignInApp } from '../../examples/sign-in-with-google.ts';
import { createApp as createWorkflowsApp } from '../../examples/workflows.ts';
import { serve } from './support/serve.ts';

const google = await createFakeGoogle();
const keys = google.keySet();
const log = vi.spyOn(console, 'log').mockImplementation(() => {});
afterEach(() => log.mockClear());

const stranger = 'stranger@elsewhere.iam.gserviceaccount.com';

describe('pubsub-edge', () => {
  const handler = createHandler({ keys });
  const url = 'https://edge.example.com/push?topic=orders';
  const push = {
    url,
    serviceAccount: 'pubsub-push@my-project.iam.gserviceaccount.com',
    message: { data: 'three apples' },
  };

  test('acknowledges a push of the subscription', async () => {
    const response = await handler(new Request(url, await google.from.pubSub(push)));

    expect(response.status).toBe(204);
    expect(log.mock.calls).toStrictEqual([[expect.stringMatching(/^Message \w+ from service_account: three apples$/)]]);
  });

  test('does not read a push that another account signed for', async () => {
    const response = await handler(new Request(url, await google.from.pubSub({ ...push, serviceAccount: stranger })));

    expect(response.status).toBe(403);
    expect(log).not.toHaveBeenCalled();
  });

  test('does not acknowledge a body that is not a push', async () => {
    const response = await handler(new Request(url, { ...(await google.from.pubSub(push)), body: 'three apples' }));

    expect(response.status).toBe(400);
    expect(await response.json()).toStrictEqual({ code: 'body_not_json' });
  });
});

test('cloud-tasks works off a task', async () => {
  const url = await serve(createTasksApp({ keys }));
  const task = await google.from.cloudTasks({
    url: 'https://api.example.com/tasks/mail',
    audience: 'https://api.example.com',
    serviceAccount: 'tasks@my-project.iam.gserviceaccount.com',
    headers: { 'content-type': 'application/json' },
  });

  const response = await fetch(`${url}/tasks/mail`, { ...task, method: 'POST', body: JSON.stringify({ to: 'ada' }) });

  expect(response.status).toBe(204);
  expect(log.mock.calls).toStrictEqual([[expect.stringMatching(/^Task \S+ of \S+, attempt 1: mail to ada$/)]]);
});

test('cloud-scheduler runs a job once for each scheduled time', async () => {
  const url = await serve(createSchedulerApp({ keys }).callback());
  const run = await google.from.cloudScheduler({
    url: 'https://api.example.com/nightly',
    serviceAccount: 'scheduler@my-project.iam.gserviceaccount.com',
  });

  const answers = [
    await fetch(url, { method: 'POST', headers: run.headers }),
    await fetch(url, { method: 'POST', headers: run.headers }),
  ];

  expect(answers.map(({ status }) => status)).toStrictEqual([200, 200]);
  expect(await Promise.all(answers.map((answer) => answer.json()))).toMatchObject([{ ran: true }, { ran: false }]);
});

test('workflows gets the answer of its step', async () => {
  const step = await google.from.workflows({
    url: 'https://api.example.com/charges',
    audience: 'https://api.example.com',
    serviceAccount: 'workflow@my-project.iam.gserviceaccount.com',
  });

  const response = await createWorkflowsApp({ keys }).request('/charges', {
    method: 'POST',
    headers: step.headers,
    body: JSON.stringify({ amount: 42 }),
  });

  expect(response.status).toBe(200);
  expect(await response.json()).toStrictEqual({ charged: 42 });
});

describe('compute-instance', () => {
  const vm = { audience: 'https://bootstrap.example.com', serviceAccount: 'worker@my-project.iam.gserviceaccount.com' };

  test('gives an instance its secret once, whatever token it comes with', async () => {
    const url = await serve(createInstanceApp({ keys }));
    const tokens = [
      await google.from.metadataServer({ ...vm, format: 'full' }),
      await google.from.metadataServer({ ...vm, format: 'full', claims: { iat: Math.floor(Date.now() / 1000) - 10 } }),
    ];

    const statuses: number[] = [];
    for (const { headers } of tokens) {
      statuses.push((await fetch(`${url}/secret`, { method: 'POST', headers })).status);
    }

    expect(tokens[0]?.token).not.toBe(tokens[1]?.token);
    expect(statuses).toStrictEqual([200, 409]);
  });

  test('refuses a token that does not tell the instance', async () => {
    const url = await serve(createInstanceApp({ keys }));
    const { headers } = await google.from.metadataServer({ ...vm, format: 'standard' });

    const response = await fetch(`${url}/secret`, { method: 'POST', headers });

    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'caller_not_allowed' });
  });
});

describe('sign-in-with-google', () => {
  const app = createSignInApp({ keys });
  const person = {
    clientId: '1234567890-example.apps.googleusercontent.com',
    hostedDomain: 'example.com',
    nonce: 'n-1',
  };

  async function signIn(cookies: string, claims: Record<string, unknown> = {}): Promise<Response> {
    const { headers, body } = await google.from.signInWithGoogle({
      ...person,
      claims: { aud: person.clientId, hd: 'example.com', nonce: 'n-1', ...claims },
    });
    return app.request('/login', {
      method: 'POST',
      headers: { ...headers, cookie: `${headers['cookie']}; ${cookies}` },
      body: `${body}`,
    });
  }

  test('signs a person of the domain in', async () => {
    const response = await signIn('login_nonce=n-1');

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ userId: expect.stringMatching(/^\d+$/) });
  });

  test('refuses a token that was made for another login', async () => {
    const response = await signIn('login_nonce=n-2');

    expect(response.status).toBe(400);
    expect(await response.json()).toStrictEqual({ error: 'The token was not made for this login.' });
  });

  test('refuses a form that another site made the browser post', async () => {
    const { headers, body } = await google.from.signInWithGoogle({});
    const response = await app.request('/login', {
      method: 'POST',
      headers: { ...headers, cookie: 'g_csrf_token=another' },
      body: `${body}`,
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toStrictEqual({ error: 'The form was not sent by our page.' });
  });

  test('refuses a person of no domain', async () => {
    const response = await signIn('login_nonce=n-1', { hd: undefined });

    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'caller_not_allowed' });
  });
});

test('several-callers lets each caller into its own routes', async () => {
  const url = await serve(createSeveralCallersApp({ keys }));
  const audience = 'https://api.example.com';
  const callers = {
    shop: await google.from.impersonation({
      audience,
      serviceAccount: 'shop@my-project.iam.gserviceaccount.com',
      includeEmail: true,
    }),
    reports: await google.from.impersonation({
      audience,
      serviceAccount: 'reports@my-project.iam.gserviceaccount.com',
      includeEmail: true,
    }),
    ada: await google.from.gcloudUser({ claims: { aud: audience, email: 'ada@example.com', hd: 'example.com' } }),
  };
  const statusOf = async (method: string, path: string, caller: keyof typeof callers) =>
    (await fetch(url + path, { method, headers: callers[caller].headers })).status;

  expect({
    shop: [
      await statusOf('POST', '/orders', 'shop'),
      await statusOf('GET', '/reports', 'shop'),
      await statusOf('DELETE', '/everything', 'shop'),
    ],
    reports: [
      await statusOf('POST', '/orders', 'reports'),
      await statusOf('GET', '/reports', 'reports'),
      await statusOf('DELETE', '/everything', 'reports'),
    ],
    ada: [
      await statusOf('POST', '/orders', 'ada'),
      await statusOf('GET', '/reports', 'ada'),
      await statusOf('DELETE', '/everything', 'ada'),
    ],
  }).toStrictEqual({ shop: [200, 403, 403], reports: [403, 200, 403], ada: [403, 200, 200] });
});

test('behind-a-proxy goes by the public URL, not by what the proxy makes of it', async () => {
  const url = await serve(createProxiedApp({ keys }));
  const statusFor = async (audience: string) => {
    const { headers } = await google.from.impersonation({ audience, includeEmail: true });
    return (await fetch(`${url}/orders`, { method: 'POST', headers })).status;
  };

  expect(await statusFor('https://public.example.com/hooks/orders?retry=1')).toBe(204);
  expect(await statusFor(`${url}/orders`)).toBe(401);
  expect(await statusFor('https://public.example.com/admin')).toBe(401);
});
