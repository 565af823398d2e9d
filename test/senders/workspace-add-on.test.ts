/*
 * Events of Workspace add-ons and of Chat apps that are one: both tokens of the body are verified, whatever the header has.
 */
import {
  anyCaller,
  createGoogleIdTokenVerifier,
  isGoogleIdTokenError,
  serviceAccount,
  workspaceDomain,
} from '@id-token-guard/core';
import {
  parseWorkspaceAddOnEvent,
  readWorkspaceAddOnEvent,
  type WorkspaceAddOnEventOptions,
} from '@id-token-guard/senders';
import { createFakeGoogle } from '@id-token-guard/testing';
import { describe, expect, test } from 'vitest';
import { errorOf } from './fixtures.ts';

const google = await createFakeGoogle();
const url = 'https://addon.example.com/chat';
const clientId = '1234567890-addon.apps.googleusercontent.com';
const projectNumber = 123_456_789_012;
const ADD_ON = 'service-123456789012@gcp-sa-gsuiteaddons.iam.gserviceaccount.com';

const system = createGoogleIdTokenVerifier({ audience: url, callers: serviceAccount(ADD_ON), keys: google.keySet() });
const user = createGoogleIdTokenVerifier({
  audience: clientId,
  callers: workspaceDomain('example.com'),
  keys: google.keySet(),
});
const person = { hostedDomain: 'example.com', clientId };

describe('an event', () => {
  test('of Google Chat: who calls, who uses the app, and the message', async () => {
    const sent = await google.from.chat({ url, projectNumber, ...person });

    const event = await readWorkspaceAddOnEvent(new Request(url, sent), { system, user });

    expect(event.system.caller).toMatchObject({ kind: 'service_account', email: ADD_ON });
    expect(event.user?.caller).toMatchObject({ kind: 'user', email: 'ada@example.com', hostedDomain: 'example.com' });
    expect(event.hostApp).toBe('CHAT');
    expect(event.userOAuthToken).toMatch(/^ya29\./);
    expect(event.event).toMatchObject({ chat: { messagePayload: { message: { text: 'Hello' } } } });
    expect(JSON.stringify(event.event)).not.toContain(sent.token);
    expect(event.event).not.toHaveProperty('authorizationEventObject');
  });

  test.each(['SYSTEM_ID_TOKEN', 'USER_ID_TOKEN', 'NONE'] as const)(
    'of Gmail, where the manifest says %s for the header: the body is the same',
    async (authorizationHeader) => {
      const sent = await google.from.workspaceAddOn({ url, projectNumber, ...person, authorizationHeader });

      const event = await readWorkspaceAddOnEvent(new Request(url, sent), { system, user });

      expect(event.system.claims).toMatchObject({ aud: url, email: ADD_ON });
      expect(event.user?.claims).toMatchObject({ aud: clientId, email: 'ada@example.com' });
      expect(event.hostApp).toBe('GMAIL');
      expect(event.event).toMatchObject({ gmail: { messageId: 'msg-f:1' }, commonEventObject: { platform: 'WEB' } });
    },
  );

  test.each<[string, (body: string) => unknown]>([
    ['text', (body) => body],
    ['bytes', (body) => Buffer.from(body)],
    ['what a JSON parser made of it', (body) => JSON.parse(body)],
  ])('whose body came as %s', async (_, convert) => {
    const { body = '' } = await google.from.chat({ url, projectNumber, ...person });

    const event = await parseWorkspaceAddOnEvent(convert(body), { system, user });

    expect(event.user?.caller).toMatchObject({ email: 'ada@example.com' });
  });

  test('without the token of the person, where nobody asks for it', async () => {
    const event = await parseWorkspaceAddOnEvent(await body({ userIdToken: undefined, userOAuthToken: '' }), {
      system,
    });

    expect(event).toMatchObject({ user: undefined, userOAuthToken: undefined });
  });
});

describe('a token of the body is refused as a guard would,', () => {
  const otherProject = () => google.from.chat({ url, projectNumber: 1, ...person });
  const otherUrl = () => google.from.chat({ url: `${url}/other`, projectNumber, ...person });

  test.each([
    ['of the add-on of another project', otherProject, 'caller_not_allowed', 403],
    ['for another endpoint', otherUrl, 'audience_mismatch', 401],
  ] as const)('%s', async (_, send, code, status) => {
    const { body = '' } = await send();

    await expect(parseWorkspaceAddOnEvent(body, { system, user })).rejects.toMatchObject({ code, status });
  });

  test('of a person whom the rule does not let in', async () => {
    const { body = '' } = await google.from.chat({ url, projectNumber, clientId });

    await expect(parseWorkspaceAddOnEvent(body, { system, user })).rejects.toMatchObject({
      code: 'caller_not_allowed',
      hint: expect.stringContaining('"hd"'),
    });
    await parseWorkspaceAddOnEvent(body, { system });
  });

  test('made for another add-on', async () => {
    const { body = '' } = await google.from.chat({
      url,
      projectNumber,
      hostedDomain: 'example.com',
      clientId: 'other',
    });

    await expect(parseWorkspaceAddOnEvent(body, { system, user })).rejects.toMatchObject({ code: 'audience_mismatch' });
  });

  test('in the place of the other one', async () => {
    const tokens = await tokensOf();
    const swapped = { systemIdToken: tokens.userIdToken, userIdToken: tokens.systemIdToken };

    await expect(parseWorkspaceAddOnEvent(await body(swapped), { system, user })).rejects.toMatchObject({
      code: 'audience_mismatch',
    });
  });

  test('and nothing of the person is looked at in a request that Google did not make', async () => {
    let asked = 0;
    const curious = {
      ...user,
      verify(token: string) {
        asked += 1;
        return user.verify(token);
      },
    };
    const error = await parseWorkspaceAddOnEvent(await body({ systemIdToken: 'x.y.z' }), {
      system,
      user: curious,
    }).catch((thrown) => thrown);

    expect(isGoogleIdTokenError(error) && error.code).toBe('token_malformed');
    expect(asked).toBe(0);
  });
});

describe('is refused, with field and hint:', () => {
  const object = 'authorizationEventObject';

  test.each<[string, unknown, object]>([
    ['no object', '[]', { code: 'not_an_add_on_event', hint: 'The body is a list of 0, expected an object.' }],
    [
      'an event of Chat of the older kind',
      { type: 'MESSAGE' },
      { code: 'not_an_add_on_event', hint: `${object} is missing, expected an object.` },
    ],
    [
      'an object of another type',
      { [object]: 'x' },
      { code: 'not_an_add_on_event', hint: `${object} is a text, 1 character long, expected an object.` },
    ],
    ['no JSON', '{', { code: 'body_not_json', status: 400 }],
    ['no body', undefined, { code: 'body_unavailable', status: 500 }],
    ['no token', { [object]: {} }, { code: 'field_missing', field: `${object}.userIdToken` }],
    ['one token', { [object]: { userIdToken: 'x' } }, { code: 'field_missing', field: `${object}.systemIdToken` }],
    [
      'a token that is no text',
      { [object]: { userIdToken: 1 } },
      {
        code: 'field_invalid',
        field: `${object}.userIdToken`,
        hint: `${object}.userIdToken is a number, expected a text.`,
      },
    ],
  ])('%s', async (_, value, expected) => {
    const error = await errorOf(() => parseWorkspaceAddOnEvent(value, { system, user }));

    expect(error).toMatchObject(expected);
  });

  test('a body that is too large', async () => {
    const request = new Request(url, { method: 'POST', body: JSON.stringify(await body({})) });

    const error = await errorOf(() => readWorkspaceAddOnEvent(request, { system, maxBytes: 100 }));

    expect(error).toMatchObject({ code: 'body_too_large', status: 413 });
  });

  test('a host application of the wrong type', async () => {
    const value = { ...(await body({})), commonEventObject: { hostApp: 1 } };

    const error = await errorOf(() => parseWorkspaceAddOnEvent(value, { system }));

    expect(error).toMatchObject({ code: 'field_invalid', field: 'commonEventObject.hostApp' });
  });
});

test.each<[string, unknown]>([
  ['"system" must be a verifier', undefined],
  ['"system" must be a verifier', {}],
  ['"system" must be a verifier', { system: {} }],
  ['"user" must be a verifier', { system, user: null }],
  ['"user" must be a verifier', { system, user: 'ada@example.com' }],
  ['Unknown option "users"', { system, users: user }],
  ['"maxBytes" must be', { system, maxBytes: 0 }],
])('%s: a wrong option is a TypeError', async (message, options) => {
  const wrong = options as WorkspaceAddOnEventOptions;

  await expect(parseWorkspaceAddOnEvent('{}', wrong)).rejects.toThrow(TypeError);
  await expect(parseWorkspaceAddOnEvent('{}', wrong)).rejects.toThrow(message);
  await expect(readWorkspaceAddOnEvent(new Request(url), wrong)).rejects.toThrow(message);
});

test('a member of the prototype is no token', async () => {
  const inherited = Object.create((await body({})).authorizationEventObject);
  const options = { system: createGoogleIdTokenVerifier({ audience: url, callers: anyCaller, keys: google.keySet() }) };

  const error = await errorOf(() => parseWorkspaceAddOnEvent({ authorizationEventObject: inherited }, options));

  expect(error).toMatchObject({ code: 'field_missing' });
});

async function tokensOf(): Promise<{ systemIdToken: string; userIdToken: string }> {
  return (await body({})).authorizationEventObject;
}

/** A good body, with some tokens in place of its own. */
async function body(tokens: Record<string, unknown>) {
  const sent = await google.from.chat({ url, projectNumber, ...person });
  const parsed = JSON.parse(sent.body ?? '');
  return { ...parsed, authorizationEventObject: { ...parsed.authorizationEventObject, ...tokens } };
}
