/*
 * Every sender of docs/senders.md: exactly what it puts into its token and its headers, which rule lets it in, and what
 * a guard tells the operator under a rule for somebody else.
 */
import { readFile } from 'node:fs/promises';
import {
  type Caller,
  type CallerRule,
  computeInstance,
  createGoogleIdTokenVerifier,
  type GoogleIdToken,
  serviceAccount,
  urlsUnder,
  user,
  workspaceDomain,
} from '@id-token-guard/core';
import { createFakeGoogle, type SenderRequest } from '@id-token-guard/testing';
import { describe, expect, test } from 'vitest';

const google = await createFakeGoogle();
const { from } = google;

const audience = 'https://api.example.com';
const url = 'https://api.example.com/push/orders?region=eu';
const GCLOUD_AUDIENCE = '32555940559.apps.googleusercontent.com';
const WEB_CLIENT = '1234567890-web.apps.googleusercontent.com';
const SENDER = 'sender@my-project.iam.gserviceaccount.com';
const CHAT = 'chat@system.gserviceaccount.com';
const ADD_ON = 'service-123456789012@gcp-sa-gsuiteaddons.iam.gserviceaccount.com';
const SCRIPT_CLIENT = '1234567890-script.apps.googleusercontent.com';
const ADD_ON_CLIENT = '1234567890-addon.apps.googleusercontent.com';
const projectNumber = 123_456_789_012;
const ADA = 'ada@example.com';
const SENDER_ID = await uniqueIdOf(SENDER);
const ADA_ID = await uniqueIdOf(ADA);

interface Sender {
  request(): Promise<SenderRequest>;
  /** The audience of the token, and of a guard that accepts it. */
  readonly audience: string;
  /** Beside aud, azp, exp, iat, iss and sub, which every token has. */
  readonly claims: readonly string[];
  /** Where it is not the unique id. */
  readonly azp?: string;
  readonly method: 'GET' | 'POST';
  readonly headers: readonly string[];
  readonly rule: CallerRule;
  readonly caller: Caller;
  /** A rule for somebody else, and what the operator then reads. */
  readonly otherRule: CallerRule;
  readonly hint: string;
}

/** Code that gets a token itself; what it sends is its own affair. */
const code = { audience, method: 'GET', headers: ['authorization'] } as const;
/** A Google service that calls a URL. */
const service = { audience: url, method: 'POST' } as const;

const withEmail = {
  claims: ['email', 'email_verified'],
  rule: serviceAccount(SENDER),
  caller: { kind: 'service_account', uniqueId: SENDER_ID, email: SENDER, projectId: 'my-project' },
  otherRule: serviceAccount('another@my-project.iam.gserviceaccount.com'),
  hint: `The caller "${SENDER}" is not an allowed service account, expected "another@my-project.iam.gserviceaccount.com".`,
} as const;
/** A service that calls in the name of an account of Google's own, which belongs to no project of yours. */
async function asAccountOfGoogle(email: string, audienceOfToken = url) {
  return {
    audience: audienceOfToken,
    method: 'POST',
    headers: ['authorization', 'content-type'],
    claims: ['email', 'email_verified'],
    rule: serviceAccount(email),
    caller: { kind: 'service_account', uniqueId: await uniqueIdOf(email), email },
    otherRule: serviceAccount(SENDER),
    hint: `The caller "${email}" is not an allowed service account, expected "${SENDER}".`,
  } as const;
}
/** Only the unique id can be allowed: a rule with the e-mail refuses, and says how to get one. */
const withoutEmail = {
  claims: [],
  rule: serviceAccount(SENDER_ID),
  caller: { kind: 'subject', subject: SENDER_ID },
  otherRule: serviceAccount(SENDER),
} as const;
const withInstance = {
  claims: ['email', 'email_verified', 'google'],
  rule: computeInstance({ projectId: 'my-project', zone: 'us-central1-a' }),
  caller: withEmail.caller,
  otherRule: computeInstance({ projectId: 'my-project', zone: 'europe-west1-b' }),
  hint: 'The instance is another one: zone differs.',
} as const;

const CLOUD_TASKS_HEADERS = [
  'authorization',
  'user-agent',
  'x-cloudtasks-queuename',
  'x-cloudtasks-tasketa',
  'x-cloudtasks-taskexecutioncount',
  'x-cloudtasks-taskname',
  'x-cloudtasks-taskretrycount',
];

const SENDERS: Readonly<Record<string, Sender>> = {
  'google.from.metadataServer, standard': {
    ...code,
    ...withoutEmail,
    request: () => from.metadataServer({ audience }),
    hint: 'The token has no e-mail to compare. Metadata server: format=full',
  },
  'google.from.metadataServer, full': {
    ...code,
    ...withInstance,
    request: () => from.metadataServer({ audience, format: 'full' }),
  },
  'google.from.metadataServer, full with licenses': {
    ...code,
    ...withInstance,
    request: () => from.metadataServer({ audience, format: 'full', licenses: ['1000204'] }),
    rule: computeInstance({ projectId: 'my-project', licenseId: '1000204' }),
    otherRule: computeInstance({ projectId: 'my-project', licenseId: '1000205' }),
    hint: 'The instance is another one: licenseId differs.',
  },
  'google.from.impersonation': {
    ...code,
    ...withoutEmail,
    request: () => from.impersonation({ audience }),
    hint: 'Impersonation: includeEmail: true',
  },
  'google.from.impersonation, includeEmail': {
    ...code,
    ...withEmail,
    request: () => from.impersonation({ audience, includeEmail: true }),
  },
  'google.from.impersonation, organizationNumberIncluded': {
    ...code,
    ...withoutEmail,
    request: () => from.impersonation({ audience, organizationNumberIncluded: true }),
    claims: ['google'],
    rule: organization(123_456_789_012),
    otherRule: organization(1),
    hint: 'The caller belongs to another organization.',
  },
  'google.from.serviceAccountKey': {
    ...code,
    ...withEmail,
    request: () => from.serviceAccountKey({ audience }),
    azp: SENDER,
  },
  'google.from.gcloudUser': {
    ...code,
    request: () => from.gcloudUser({ hostedDomain: 'example.com' }),
    audience: GCLOUD_AUDIENCE,
    azp: GCLOUD_AUDIENCE,
    claims: ['at_hash', 'email', 'email_verified', 'hd'],
    rule: user(ADA),
    caller: { kind: 'user', subject: ADA_ID, email: ADA, hostedDomain: 'example.com' },
    otherRule: user('grace@example.com'),
    hint: `The caller "${ADA}" is not an allowed user, expected "grace@example.com".`,
  },
  'google.from.gcloudImpersonation': {
    ...code,
    ...withoutEmail,
    request: () => from.gcloudImpersonation({ audience }),
    hint: 'gcloud: --include-email',
  },
  'google.from.gcloudImpersonation, includeEmail': {
    ...code,
    ...withEmail,
    request: () => from.gcloudImpersonation({ audience, includeEmail: true }),
  },
  'google.from.pubSub': {
    ...service,
    ...withEmail,
    request: () => from.pubSub({ url }),
    headers: ['authorization', 'content-type', 'user-agent'],
  },
  'google.from.cloudTasks': {
    ...service,
    ...withEmail,
    request: () => from.cloudTasks({ url }),
    headers: CLOUD_TASKS_HEADERS,
  },
  'google.from.cloudScheduler': {
    ...service,
    ...withEmail,
    request: () => from.cloudScheduler({ url }),
    headers: [
      'authorization',
      'user-agent',
      'x-cloudscheduler',
      'x-cloudscheduler-jobname',
      'x-cloudscheduler-scheduletime',
    ],
  },
  'google.from.workflows': {
    ...service,
    ...withEmail,
    request: () => from.workflows({ url, body: '{}' }),
    headers: ['authorization', 'content-type', 'user-agent'],
  },
  'google.from.eventarc': {
    ...service,
    ...withEmail,
    request: () => from.eventarc({ url, subject: 'objects/photo.jpg' }),
    headers: ['authorization', 'ce-id', 'ce-source', 'ce-specversion', 'ce-subject', 'ce-time', 'ce-type'],
  },
  'google.from.signInWithGoogle': {
    request: () => from.signInWithGoogle({ nonce: 'n-1', hostedDomain: 'example.com' }),
    audience: WEB_CLIENT,
    azp: WEB_CLIENT,
    claims: ['email', 'email_verified', 'family_name', 'given_name', 'hd', 'jti', 'name', 'nbf', 'nonce', 'picture'],
    method: 'POST',
    headers: ['content-type', 'cookie'], // The token is in the form.
    rule: workspaceDomain('example.com'),
    caller: { kind: 'user', subject: ADA_ID, email: ADA, hostedDomain: 'example.com' },
    otherRule: workspaceDomain('elsewhere.example'),
    hint: 'The caller belongs to another Workspace domain',
  },
  'google.from.cloudTasks, queueTarget': {
    ...service,
    ...withEmail,
    audience,
    request: () => from.cloudTasks({ url, queueTarget: true, audience }),
    headers: CLOUD_TASKS_HEADERS,
  },
  'google.from.firebaseTasks': {
    ...service,
    ...withEmail,
    request: () => from.firebaseTasks({ url, data: { to: 'ada@example.com' } }),
    headers: [...CLOUD_TASKS_HEADERS, 'content-type'],
  },
  'google.from.vertexExtension': {
    ...service,
    ...withEmail,
    audience,
    request: () => from.vertexExtension({ url, body: '{}' }),
    headers: ['authorization', 'content-type'],
  },
  'google.from.apiGateway, includeEmail': {
    ...service,
    ...withEmail,
    audience,
    method: 'GET',
    request: () => from.apiGateway({ url, includeEmail: true, forwardedAuthorization: 'Bearer x' }),
    headers: ['authorization', 'x-forwarded-authorization'],
  },
  'google.from.apiGateway': {
    ...service,
    ...withoutEmail,
    audience,
    method: 'GET',
    request: () => from.apiGateway({ url }),
    headers: ['authorization'],
    hint: 'The token has no e-mail to compare.',
  },
  'google.from.apigee': {
    ...code,
    ...withoutEmail,
    request: () => from.apigee({ audience }),
    hint: 'The token has no e-mail to compare.',
  },
  'google.from.apigee, includeEmail': {
    ...code,
    ...withEmail,
    request: () => from.apigee({ audience, includeEmail: true }),
  },
  'google.from.githubActions': {
    ...code,
    ...withoutEmail,
    request: () => from.githubActions({ audience }),
    hint: 'The token has no e-mail to compare.',
  },
  'google.from.githubActions, includeEmail': {
    ...code,
    ...withEmail,
    request: () => from.githubActions({ audience, includeEmail: true }),
  },
  'google.from.agent': {
    ...service,
    ...withEmail,
    audience,
    request: () => from.agent({ url }),
    headers: ['accept', 'authorization', 'content-type'],
  },
  'google.from.chat': {
    ...(await asAccountOfGoogle(ADD_ON)),
    request: () => from.chat({ url, projectNumber }),
    headers: ['authorization', 'content-type', 'user-agent'],
    otherRule: serviceAccount(CHAT),
    hint: `The caller "${ADD_ON}" is not an allowed service account, expected "${CHAT}". Apps that are Workspace add-ons`,
  },
  'google.from.chat, standalone': {
    ...(await asAccountOfGoogle(CHAT)),
    request: () => from.chat({ url, standalone: true }),
    headers: ['authorization', 'content-type', 'user-agent'],
    otherRule: serviceAccount(ADD_ON),
    hint: `The caller "${CHAT}" is not an allowed service account, expected "${ADD_ON}". Apps that are Workspace add-ons`,
  },
  'google.from.workspaceAddOn': {
    ...(await asAccountOfGoogle(ADD_ON)),
    request: () => from.workspaceAddOn({ url, projectNumber }),
    headers: ['authorization', 'content-type', 'user-agent'],
    otherRule: serviceAccount(ADD_ON.replace('123456789012', '210987654321')),
    hint: `The caller "${ADD_ON}" is not an allowed service account`,
  },
  'google.from.workspaceAddOn, USER_ID_TOKEN': {
    ...(await asAccountOfGoogle(ADD_ON, ADD_ON_CLIENT)),
    request: () =>
      from.workspaceAddOn({
        url,
        authorizationHeader: 'USER_ID_TOKEN',
        clientId: ADD_ON_CLIENT,
        hostedDomain: 'example.com',
      }),
    headers: ['authorization', 'content-type', 'user-agent'],
    azp: ADD_ON_CLIENT,
    claims: ['email', 'email_verified', 'hd'],
    rule: workspaceDomain('example.com'),
    caller: { kind: 'user', subject: ADA_ID, email: ADA, hostedDomain: 'example.com' },
    otherRule: serviceAccount(ADD_ON),
    hint: `The caller "${ADA}" is not an allowed service account, expected "${ADD_ON}".`,
  },
  'google.from.dialogflow': {
    ...(await asAccountOfGoogle('service-123456789012@gcp-sa-dialogflow.iam.gserviceaccount.com')),
    request: () => from.dialogflow({ url, projectNumber }),
  },
  'google.from.uptimeCheck': {
    ...(await asAccountOfGoogle('service-123456789012@gcp-sa-monitoring-notification.iam.gserviceaccount.com')),
    request: () => from.uptimeCheck({ url, projectNumber }),
    method: 'GET',
    headers: ['authorization', 'user-agent'],
  },
  'google.from.analytics': {
    ...(await asAccountOfGoogle('google-analytics-audience-export@system.gserviceaccount.com')),
    request: () => from.analytics({ url, channelToken: 'chosen' }),
    headers: ['authorization', 'content-type', 'x-goog-channel-token'],
  },
  'google.from.appsScript': {
    ...code,
    request: () => from.appsScript({ hostedDomain: 'example.com' }),
    audience: SCRIPT_CLIENT,
    azp: SCRIPT_CLIENT,
    claims: ['email', 'email_verified', 'hd'],
    rule: workspaceDomain('example.com'),
    caller: { kind: 'user', subject: ADA_ID, email: ADA, hostedDomain: 'example.com' },
    otherRule: workspaceDomain('elsewhere.example'),
    hint: 'The caller belongs to another Workspace domain',
  },
};

describe.each(Object.entries(SENDERS))('%s', (_, sender) => {
  test('has a token with these claims, and no others', async () => {
    const { token, claims } = await sender.request();

    expect(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).toStrictEqual(claims);
    const names = ['aud', 'azp', 'exp', 'iat', 'iss', 'sub', ...sender.claims];
    expect(Object.keys(claims).sort()).toStrictEqual(names.sort());
    expect(claims).toMatchObject({
      aud: sender.audience,
      azp: sender.azp ?? claims.sub,
      exp: claims.iat + 3600,
      iss: 'https://accounts.google.com',
      sub: expect.stringMatching(/^\d{21}$/),
    });
    expect(claims.email_verified).toBe(claims.email === undefined ? undefined : true);
  });

  test('is a request with these headers, and no others', async () => {
    const { method, headers, token } = await sender.request();

    expect(method).toBe(sender.method);
    expect(Object.keys(headers).sort()).toStrictEqual([...sender.headers].sort());
    expect([`Bearer ${token}`, undefined]).toContain(headers['authorization']);
  });

  test('passes a guard with the recommended rule, which sees who is calling', async () => {
    const { caller } = await authenticate(sender, sender.rule);

    expect(caller).toStrictEqual(sender.caller);
  });

  test('is refused under a rule for somebody else, with a hint for the operator', async () => {
    await expect(authenticate(sender, sender.otherRule)).rejects.toMatchObject({
      code: 'caller_not_allowed',
      status: 403,
      hint: expect.stringContaining(sender.hint),
    });
  });
});

describe.each(Object.entries(SENDERS).filter(([, sender]) => sender.audience === url))('%s', (_, sender) => {
  test('has the whole URL as audience, with path and query, which urlsUnder() accepts', async () => {
    const { headers } = await sender.request();
    const keys = google.keySet();
    const guard = createGoogleIdTokenVerifier({ audience: urlsUnder(audience), callers: sender.rule, keys });
    const strict = createGoogleIdTokenVerifier({ audience, callers: sender.rule, keys });

    expect((await guard.authenticate(headers)).claims.aud).toBe(url);
    await expect(strict.authenticate(headers)).rejects.toMatchObject({
      code: 'audience_mismatch',
      status: 401,
      hint: expect.stringContaining('accept urlsUnder("https://api.example.com")'),
    });
  });
});

test('a Google service has another audience than its URL where one is configured', async () => {
  const configured = { url, audience };
  const requests = [
    from.pubSub(configured),
    from.cloudTasks(configured),
    from.cloudScheduler(configured),
    from.workflows(configured),
    from.eventarc(configured),
    from.chat(configured),
    from.workspaceAddOn(configured),
    from.dialogflow(configured),
    from.uptimeCheck(configured),
    from.analytics(configured),
    from.apiGateway(configured),
    from.agent(configured),
    from.vertexExtension({ url, serverUrl: audience }),
  ];

  for (const { claims } of await Promise.all(requests)) {
    expect(claims.aud).toBe(audience);
  }
});

describe('docs/senders.md', async () => {
  const text = await readFile(new URL('../../docs/senders.md', import.meta.url), 'utf8');
  const table = text.split('\n').filter((line) => line.includes('`google.from.'));
  const rows = table.map((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    return { claims: codesIn(cells[4]), email: cells[5], test: codesIn(cells[8]).join() };
  });

  test('has one row for every sender here, and each row names its tests', () => {
    expect(rows.map((row) => row.test).sort()).toStrictEqual(Object.keys(SENDERS).sort());
  });

  test('has a row for every function of google.from', () => {
    const functions = Object.keys(from).map((name) => `google.from.${name}`);

    expect(new Set(rows.map((row) => row.test.split(',')[0]))).toStrictEqual(new Set(functions));
  });

  test.each(rows)('$test: tells the claims of the token, and whether the e-mail is among them', (row) => {
    const claims = SENDERS[row.test]?.claims ?? [];

    expect(row.claims.sort()).toStrictEqual(claims.filter((name) => !name.startsWith('email')).sort());
    expect(row.email).toBe(claims.includes('email') ? 'yes' : 'no');
  });
});

async function authenticate(sender: Sender, callers: CallerRule): Promise<GoogleIdToken> {
  const { headers, token } = await sender.request();
  const guard = createGoogleIdTokenVerifier({ audience: sender.audience, callers, keys: google.keySet() });
  return headers['authorization'] === undefined ? guard.verify(token) : guard.authenticate(headers);
}

/** The unique id that the fake Google gives to an account. */
async function uniqueIdOf(email: string): Promise<string> {
  const { claims } = await from.serviceAccountKey({ audience, serviceAccount: email });
  return claims.sub;
}

function organization(number: number): CallerRule {
  return ({ claims }) => claims.google?.organization_number === number || 'The caller belongs to another organization.';
}

function codesIn(cell = ''): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, code]) => `${code}`);
}
