/*
 * What each sender of google.from can be told, and what then is in its headers and body.
 */

import {
  anyCaller,
  anyOf,
  type CallerRule,
  computeInstance,
  createGoogleIdTokenVerifier,
  type GoogleIdTokenVerifier,
  serviceAccount,
  user,
} from '@id-token-guard/core';
import { listen } from '@id-token-guard/emulator';
import { requireGoogleIdToken } from '@id-token-guard/hono';
import { readCloudScheduler, readCloudTask, readPubSubPush } from '@id-token-guard/senders';
import { createFakeGoogle } from '@id-token-guard/testing';
import { Hono } from 'hono';
import { decodeJwt } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';

const google = await createFakeGoogle();
const { from } = google;

const audience = 'https://api.example.com';
const url = 'https://api.example.com/push/orders?region=eu';
const GCLOUD_AUDIENCE = '32555940559.apps.googleusercontent.com';
const WEB_CLIENT = '1234567890-web.apps.googleusercontent.com';
const SENDER = 'sender@my-project.iam.gserviceaccount.com';

function guardWith(callers: CallerRule, accepted: string | string[] = audience): GoogleIdTokenVerifier {
  return createGoogleIdTokenVerifier({ audience: accepted, callers, keys: google.keySet() });
}

describe('google.from, every sender', () => {
  test('lets claims and headers be replaced and left out', async () => {
    const { claims, headers } = await from.cloudScheduler({
      url,
      claims: { email: 'x@y.iam.gserviceaccount.com', email_verified: undefined },
      headers: { 'User-Agent': 'curl', 'X-CloudScheduler': undefined, 'X-Trace': '1' },
    });

    expect(claims.email).toBe('x@y.iam.gserviceaccount.com');
    expect(claims).not.toHaveProperty('email_verified');
    expect(headers).toMatchObject({ 'user-agent': 'curl', 'x-trace': '1' });
    expect(headers).not.toHaveProperty('x-cloudscheduler');
  });

  test('puts the token of code into X-Serverless-Authorization where it is told to', async () => {
    const { headers } = await from.serviceAccountKey({
      audience,
      header: 'x-serverless-authorization',
      headers: { authorization: 'Basic YTpi' },
    });

    const guard = guardWith(serviceAccount(SENDER));
    const { caller } = await guard.authenticate(headers, { header: 'x-serverless-authorization' });

    expect(caller).toMatchObject({ kind: 'service_account', email: SENDER });
    expect(headers['authorization']).toBe('Basic YTpi');
  });

  test('acts as the account that it is told, whose unique id is the same everywhere', async () => {
    const serviceAccount = 'worker@other-project.iam.gserviceaccount.com';
    const server = await listen(google, { port: 0 });
    onTestFinished(() => server.close());
    const { client_id } = await server.serviceAccountKey(serviceAccount);

    const { claims } = await from.cloudTasks({ url, serviceAccount });

    expect(claims).toMatchObject({ email: serviceAccount, sub: client_id });
  });

  test('goes by the clock of the fake Google', async () => {
    const { from } = await createFakeGoogle({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678) });

    const iat = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;
    const { claims } = await from.signInWithGoogle();
    expect(claims).toMatchObject({ iat, nbf: iat - 300, exp: iat + 3600 });
    const { headers } = await from.cloudScheduler({ url });
    expect(headers['x-cloudscheduler-scheduletime']).toBe('2026-01-02T03:04:00Z');
    const task = await from.cloudTasks({ url });
    expect(task.headers['x-cloudtasks-tasketa']).toBe(`${iat}.678000`);
    const event = await from.eventarc({ url });
    expect(event.headers['ce-time']).toBe('2026-01-02T03:04:05.678Z');
    const push = await from.pubSub({ url });
    expect(JSON.parse(push.body ?? '').message.publishTime).toBe('2026-01-02T03:04:05.678Z');
  });
});

describe('google.from.metadataServer', () => {
  test('tells the instance with format=full: numbers as numbers, the instance id as a string', async () => {
    const { claims } = await from.metadataServer({ audience, format: 'full' });

    expect(claims.google).toStrictEqual({
      compute_engine: {
        instance_creation_timestamp: expect.any(Number),
        instance_id: expect.stringMatching(/^\d{19}$/),
        instance_name: expect.any(String),
        project_id: 'my-project',
        project_number: expect.any(Number),
        zone: 'us-central1-a',
      },
    });
  });

  test('may speak from another instance', async () => {
    const instance = { instance_confidentiality: 1, instance_name: 'worker-7' };
    const { headers } = await from.metadataServer({ audience, format: 'full', instance });

    const { claims } = await guardWith(
      computeInstance({ projectId: 'my-project', instanceName: 'worker-7' }),
    ).authenticate(headers);

    expect(claims.google?.compute_engine).toMatchObject(instance);
  });

  test('tells the licenses with format=full only', async () => {
    const full = await from.metadataServer({ audience, format: 'full', licenses: true });
    const standard = await from.metadataServer({ audience, licenses: true });

    expect(full.claims.google?.compute_engine?.license_id).toStrictEqual([expect.stringMatching(/^\d+$/)]);
    expect(standard.claims).not.toHaveProperty('google');
  });
});

test('google.from.impersonation tells null where the account has no organization', async () => {
  const organization = { organizationNumberIncluded: true, organizationNumber: null };

  const { claims } = await from.impersonation({ audience, ...organization });

  expect(claims.google).toStrictEqual({ organization_number: null });
});

describe('google.from.gcloudUser', () => {
  test('is refused by a guard for another audience, and the hint says what to do instead', async () => {
    const { headers } = await from.gcloudUser();

    await expect(guardWith(user('ada@example.com')).authenticate(headers)).rejects.toMatchObject({
      code: 'audience_mismatch',
      status: 401,
      claim: 'aud',
      hint: expect.stringMatching(/all users of gcloud.*--impersonate-service-account.*--audiences.*--include-email/),
    });
  });

  test('cannot be let in by anyCaller: a guard with its audience and no narrower rule is not built', () => {
    expect(() => guardWith(anyCaller, [audience, GCLOUD_AUDIENCE])).toThrow(TypeError);
    expect(() => guardWith(anyCaller, [audience, GCLOUD_AUDIENCE])).toThrow(/"audience".*"callers"/);
  });

  test('is refused by anyCaller within another rule even where its audience is configured', async () => {
    const { headers } = await from.gcloudUser();
    const guard = guardWith(anyOf(anyCaller, user('grace@example.com')), [audience, GCLOUD_AUDIENCE]);

    await expect(guard.authenticate(headers)).rejects.toMatchObject({
      code: 'caller_not_allowed',
      status: 403,
      hint: expect.stringContaining('The token is for the audience that all users of gcloud share.'),
    });
  });

  test('is a person without domain unless told so', async () => {
    const { claims } = await from.gcloudUser({ email: 'grace@example.com' });

    expect(claims.email).toBe('grace@example.com');
    expect(claims).not.toHaveProperty('hd');
  });
});

describe('google.from.pubSub', () => {
  test('has the message in JSON: data in base64, id and time in two spellings', async () => {
    const { body } = await from.pubSub({
      url,
      message: {
        data: 'Grüße',
        attributes: { kind: 'order' },
        messageId: '42',
        publishTime: '2026-01-02T03:04:05.678Z',
        orderingKey: 'customer-7',
      },
      subscription: 'projects/p/subscriptions/s',
      deliveryAttempt: 3,
    });

    expect(JSON.parse(body ?? '')).toStrictEqual({
      deliveryAttempt: 3,
      message: {
        attributes: { kind: 'order' },
        data: Buffer.from('Grüße').toString('base64'),
        messageId: '42',
        message_id: '42',
        orderingKey: 'customer-7',
        publishTime: '2026-01-02T03:04:05.678Z',
        publish_time: '2026-01-02T03:04:05.678Z',
      },
      subscription: 'projects/p/subscriptions/s',
    });
  });

  test('has no data where only attributes were published', async () => {
    const { body } = await from.pubSub({ url, message: { attributes: { kind: 'tick' } } });

    const { message } = JSON.parse(body ?? '');
    expect(message).toMatchObject({ attributes: { kind: 'tick' }, messageId: expect.stringMatching(/^\d+$/) });
    expect(message).not.toHaveProperty('data');
  });

  test('has the data alone as body with noWrapper', async () => {
    const { headers, body } = await from.pubSub({
      url,
      message: { data: 'Grüße', attributes: { kind: 'order' } },
      noWrapper: {},
    });

    expect(body).toBe('Grüße');
    expect(Object.keys(headers).sort()).toStrictEqual(['authorization', 'user-agent']);
  });

  test('has metadata and attributes in headers with noWrapper.writeMetadata', async () => {
    const { headers, body, token } = await from.pubSub({
      url,
      message: { data: '{}', attributes: { Kind: 'order' }, messageId: '42', publishTime: 't', orderingKey: 'k' },
      subscription: 'projects/p/subscriptions/s',
      noWrapper: { writeMetadata: true },
    });

    expect(body).toBe('{}');
    expect(headers).toStrictEqual({
      authorization: `Bearer ${token}`,
      kind: 'order',
      'user-agent': expect.any(String),
      'x-goog-pubsub-message-id': '42',
      'x-goog-pubsub-ordering-key': 'k',
      'x-goog-pubsub-publish-time': 't',
      'x-goog-pubsub-subscription-name': 'projects/p/subscriptions/s',
    });
  });

  test('keeps its token where the publisher called an attribute authorization', async () => {
    const { headers, token } = await from.pubSub({
      url,
      message: { attributes: { Authorization: 'Bearer forged' } },
      noWrapper: { writeMetadata: true },
    });

    expect(headers['authorization']).toBe(`Bearer ${token}`);
  });

  test('goes to a guarded app as it is', async () => {
    const app = new Hono()
      .use(requireGoogleIdToken({ audience: url, callers: serviceAccount(SENDER), keys: google.keySet() }))
      .post('/push/orders', async (c) => c.text(atob((await c.req.json()).message.data)));

    const response = await app.request(url, await from.pubSub({ url }));

    expect([response.status, await response.text()]).toStrictEqual([200, 'Hello']);
  });
});

test('google.from.cloudTasks tells about the attempts before, and has the headers that the task sets', async () => {
  const { method, headers, body, token } = await from.cloudTasks({
    url,
    method: 'PUT',
    queue: 'mails',
    task: '42',
    retryCount: 2,
    executionCount: 1,
    previousResponse: 503,
    retryReason: 'busy',
    body: '{}',
    headers: { 'Content-Type': 'application/json' },
  });

  expect([method, body]).toStrictEqual(['PUT', '{}']);
  expect(headers).toStrictEqual({
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'user-agent': 'Google-Cloud-Tasks',
    'x-cloudtasks-queuename': 'mails',
    'x-cloudtasks-tasketa': expect.stringMatching(/^\d+\.\d{6}$/),
    'x-cloudtasks-taskexecutioncount': '1',
    'x-cloudtasks-taskname': '42',
    'x-cloudtasks-taskpreviousresponse': '503',
    'x-cloudtasks-taskretrycount': '2',
    'x-cloudtasks-taskretryreason': 'busy',
  });
});

test('google.from.cloudScheduler tells the job and when it was due', async () => {
  const { headers } = await from.cloudScheduler({ url, job: 'nightly', scheduleTime: '2026-01-02T03:00:00Z' });

  expect(headers).toMatchObject({
    'user-agent': 'Google-Cloud-Scheduler',
    'x-cloudscheduler': 'true',
    'x-cloudscheduler-jobname': 'nightly',
    'x-cloudscheduler-scheduletime': '2026-01-02T03:00:00Z',
  });
});

test('google.from.workflows has no content type without a body', async () => {
  const { headers, body } = await from.workflows({ url, method: 'GET' });

  expect(body).toBeUndefined();
  expect(headers).not.toHaveProperty('content-type');
  expect(headers['user-agent']).toBe('GoogleCloudWorkflows; (+https://cloud.google.com/workflows/docs)');
});

test('google.from.eventarc has the attributes of the event in headers, and its data as body', async () => {
  const event = { id: '7', source: '//pubsub.googleapis.com/projects/p/topics/t', time: '2026-01-02T03:04:05Z' };
  const { headers, body } = await from.eventarc({ url, ...event, type: 'com.example.thing', body: '{"a":1}' });

  expect(body).toBe('{"a":1}');
  expect(headers).toMatchObject({
    'ce-id': '7',
    'ce-source': event.source,
    'ce-specversion': '1.0',
    'ce-time': event.time,
    'ce-type': 'com.example.thing',
  });
  expect(headers).not.toHaveProperty('ce-subject');
});

describe('google.from.signInWithGoogle', () => {
  test('has neither domain nor nonce unless told so', async () => {
    const { claims } = await from.signInWithGoogle();

    expect(claims).not.toHaveProperty('hd');
    expect(claims).not.toHaveProperty('nonce');
    expect(claims).toMatchObject({ name: 'Ada Lovelace', given_name: 'Ada', family_name: 'Lovelace' });
  });

  test('is a form with the token, and with the double-submit token of the cookie', async () => {
    const { headers, body, token } = await from.signInWithGoogle();

    const form = new URLSearchParams(body);
    expect(Object.fromEntries(form)).toStrictEqual({
      credential: token,
      g_csrf_token: expect.stringMatching(/^[0-9a-f]{16}$/),
      client_id: WEB_CLIENT,
    });
    expect(headers).toStrictEqual({
      'content-type': 'application/x-www-form-urlencoded',
      cookie: `g_csrf_token=${form.get('g_csrf_token')}`,
    });
  });

  test('may have a double-submit token that is not the one of the cookie', async () => {
    const { headers, body } = await from.signInWithGoogle({ csrfToken: 'ours', csrfCookie: 'theirs' });

    expect(new URLSearchParams(body).get('g_csrf_token')).toBe('ours');
    expect(headers['cookie']).toBe('g_csrf_token=theirs');
  });

  test('is not seen by a guard, which reads no body', async () => {
    const { headers } = await from.signInWithGoogle();

    await expect(guardWith(user('ada@example.com'), WEB_CLIENT).authenticate(headers)).rejects.toMatchObject({
      code: 'token_missing',
      status: 401,
    });
  });
});

describe('google.from.chat', () => {
  test('has the event of a Workspace add-on, with the token of the header in it, and that of the person', async () => {
    const { headers, body, token } = await from.chat({ url, text: 'Hi', email: 'grace@example.com' });

    expect(headers).toMatchObject({ 'user-agent': 'Google-Dynamite', authorization: `Bearer ${token}` });
    const event = JSON.parse(body ?? '');
    expect(event).toStrictEqual({
      authorizationEventObject: {
        systemIdToken: token,
        userIdToken: expect.any(String),
        userOAuthToken: expect.stringMatching(/^ya29\.fake\./),
      },
      chat: {
        eventTime: expect.any(String),
        messagePayload: { message: expect.objectContaining({ text: 'Hi' }), space: expect.any(Object) },
        user: expect.objectContaining({ email: 'grace@example.com' }),
      },
      commonEventObject: expect.objectContaining({ hostApp: 'CHAT' }),
    });
    expect(decodeJwt(event.authorizationEventObject.userIdToken)).toMatchObject({
      aud: '1234567890-addon.apps.googleusercontent.com',
      email: 'grace@example.com',
    });
  });

  test('has the older event where it is standalone', async () => {
    const { headers, body } = await from.chat({ url, standalone: true });

    expect(headers['user-agent']).toBe('Google-Dynamite');
    const event = JSON.parse(body ?? '');
    expect(event).toMatchObject({ type: 'MESSAGE', message: { text: 'Hello' } });
    expect(event).not.toHaveProperty('authorizationEventObject');
  });

  test('is called by the account of the project, by its number', async () => {
    const [chat, other] = [await from.chat({ url, projectNumber: 42 }), await from.chat({ url })];

    expect(chat.claims.email).toBe('service-42@gcp-sa-gsuiteaddons.iam.gserviceaccount.com');
    expect(other.claims.email).toBe('service-107128418443@gcp-sa-gsuiteaddons.iam.gserviceaccount.com');
    expect(chat.claims.sub).not.toBe(other.claims.sub);
  });
});

describe('google.from.workspaceAddOn', () => {
  test.each([
    ['SYSTEM_ID_TOKEN', 'systemIdToken', true],
    ['USER_ID_TOKEN', 'userIdToken', true],
    ['NONE', 'systemIdToken', false],
  ] as const)(
    'with %s in the manifest, has %s in the header or nowhere but in the body',
    async (manifest, name, inHeader) => {
      const claims = { nonce: 'changed' };
      const {
        headers,
        body,
        token,
        claims: shown,
      } = await from.workspaceAddOn({
        url,
        authorizationHeader: manifest,
        claims,
      });

      expect(headers['authorization']).toBe(inHeader ? `Bearer ${token}` : undefined);
      expect(JSON.parse(body ?? '').authorizationEventObject[name]).toBe(token);
      expect(shown).toMatchObject(claims);
      expect(headers['user-agent']).toBe('Google-gsuiteaddons');
    },
  );

  test('has the event that is given', async () => {
    const { body } = await from.workspaceAddOn({ url, hostApp: 'CALENDAR', event: { calendar: { id: 'e' } } });

    expect(JSON.parse(body ?? '')).toMatchObject({ calendar: { id: 'e' }, commonEventObject: { hostApp: 'CALENDAR' } });
  });
});

test('google.from.firebaseTasks has what was enqueued, in JSON', async () => {
  const { headers, body, claims } = await from.firebaseTasks({
    url,
    data: { to: 'ada' },
    queue: 'mail',
    retryCount: 1,
  });

  expect([body, claims.aud]).toStrictEqual(['{"data":{"to":"ada"}}', url]);
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-cloudtasks-queuename': 'mail' });
});

test('google.from.cloudTasks: the HTTP target of a queue has no audience by default', async () => {
  await expect(from.cloudTasks({ url, queueTarget: true })).rejects.toThrow(TypeError);
  await expect(from.cloudTasks({ url, queueTarget: true })).rejects.toThrow(/"audience" must be given/);
});

test('google.from.apiGateway has the header of its own caller beside its token', async () => {
  const { headers, token } = await from.apiGateway({ url, forwardedAuthorization: 'Bearer of-the-caller' });

  expect(headers).toStrictEqual({
    authorization: `Bearer ${token}`,
    'x-forwarded-authorization': 'Bearer of-the-caller',
  });
});

test('google.from.analytics tells when it was sent, in microseconds, and has the token of the channel', async () => {
  const { from: sent } = await createFakeGoogle({ now: () => 1_769_860_800_123 });

  const { headers, body } = await sent.analytics({ url, channelToken: 'chosen' });

  expect(headers['x-goog-channel-token']).toBe('chosen');
  expect(JSON.parse(body ?? '')).toMatchObject({ sentTimestamp: '1769860800123000', state: 'ACTIVE' });
});

test('google.from.uptimeCheck may post', async () => {
  const { method, body } = await from.uptimeCheck({ url, method: 'POST', body: 'ping' });

  expect([method, body]).toStrictEqual(['POST', 'ping']);
});

test('google.from.dialogflow has a turn of a conversation, or the body that is given', async () => {
  const { body } = await from.dialogflow({ url, tag: 'order' });
  const other = await from.dialogflow({ url, body: '{}' });

  expect(JSON.parse(body ?? '')).toMatchObject({ fulfillmentInfo: { tag: 'order' }, languageCode: 'en' });
  expect(other.body).toBe('{}');
});

describe('what Google sends without a type of its own:', () => {
  test('Cloud Scheduler says that a body is bytes, unless the job says otherwise', async () => {
    const [none, bytes, json] = [
      await from.cloudScheduler({ url }),
      await from.cloudScheduler({ url, body: '{}' }),
      await from.cloudScheduler({ url, body: '{}', headers: { 'Content-Type': 'application/json' } }),
    ];

    expect(none.headers).not.toHaveProperty('content-type');
    expect(bytes.headers['content-type']).toBe('application/octet-stream');
    expect(json.headers['content-type']).toBe('application/json');
  });

  test('Eventarc says nothing, unless the pipeline has a payload format', async () => {
    const [none, json] = [await from.eventarc({ url }), await from.eventarc({ url, contentType: 'application/json' })];

    expect(none.headers).not.toHaveProperty('content-type');
    expect(json.headers['content-type']).toBe('application/json');
  });
});

test.each([
  ['sender@my-project.iam.gserviceaccount.com', 'my-project'],
  ['sender@my-project.example.com.iam.gserviceaccount.com', 'example.com:my-project'],
  ['my-project@appspot.gserviceaccount.com', 'my-project'],
  ['my-project.example.com@appspot.gserviceaccount.com', 'example.com:my-project'],
  ['107128418443-compute@developer.gserviceaccount.com', 'my-project'],
])('a virtual machine with the account %s is in the project %s', async (serviceAccount, project) => {
  const { claims } = await from.metadataServer({ audience, serviceAccount, format: 'full' });

  expect(claims.google?.compute_engine?.project_id).toBe(project);
});

test('what Pub/Sub, Cloud Tasks and Cloud Scheduler send is what @id-token-guard/senders reads', async () => {
  const wrapped = await from.pubSub({ url, deliveryAttempt: 2 });
  const unwrapped = await from.pubSub({ url, noWrapper: { writeMetadata: true } });
  const task = await from.cloudTasks({ url, queue: 'mails', retryCount: 1 });
  const run = await from.cloudScheduler({ url, job: 'nightly' });

  for (const push of [wrapped, unwrapped]) {
    const message = await readPubSubPush(new Request(url, push));
    expect(message.data.text()).toBe('Hello');
    expect(message.subscription).toBe('projects/my-project/subscriptions/my-subscription');
  }
  expect(readCloudTask(task.headers)).toMatchObject({ queueName: 'mails', taskName: 'my-task', retryCount: 1 });
  expect(readCloudScheduler(run.headers)).toMatchObject({ jobName: 'nightly', scheduleTime: expect.any(Date) });
});
