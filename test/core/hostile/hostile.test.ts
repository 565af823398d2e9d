import { inspect } from 'node:util';
import {
  createGoogleIdTokenVerifier,
  GOOGLE_JWKS_URL,
  GoogleIdTokenError,
  type GoogleIdTokenErrorCode,
  type GoogleIdTokenVerifier,
  type GuardEvent,
  type KeySet,
  staticKeySet,
  toRefusal,
} from '@id-token-guard/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type AuthorizationValue,
  acceptedInputs,
  authorizationOf,
  codeInHeader,
  createKit,
  type HostileInput,
  hostileFamilies,
  isTokenInput,
  type Kit,
  travelsOverHttp,
} from './catalogue.ts';
import { acceptedKeys } from './families/keys.ts';
import { piecesIn, valuesIn } from './leaks.ts';
import { watchPrototypes } from './prototypes.ts';

/** The refusal table, written down once more so that nobody changes it unawares: status and error of RFC 6750 §3.1. */
const TABLE: Readonly<Record<GoogleIdTokenErrorCode, readonly [status: number, bearerError: string | undefined]>> = {
  token_missing: [401, undefined],
  request_invalid: [400, 'invalid_request'],
  token_malformed: [401, 'invalid_token'],
  algorithm_unsupported: [401, 'invalid_token'],
  key_unknown: [401, 'invalid_token'],
  signature_removed: [401, 'invalid_token'],
  signature_invalid: [401, 'invalid_token'],
  claim_invalid: [401, 'invalid_token'],
  issuer_mismatch: [401, 'invalid_token'],
  audience_mismatch: [401, 'invalid_token'],
  token_expired: [401, 'invalid_token'],
  token_not_yet_valid: [401, 'invalid_token'],
  caller_not_allowed: [403, 'insufficient_scope'],
  keys_unavailable: [503, undefined],
};

/** One way to hand an input to a verifier. */
interface Attempt {
  readonly input: string;
  readonly code: GoogleIdTokenErrorCode;
  send(): Promise<unknown>;
}

let kit: Kit;
let verifier: GoogleIdTokenVerifier;
let events: GuardEvent[];
const globalFetch = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('No test here needs a network.'));
const changedPrototypes = watchPrototypes();

beforeAll(async () => {
  kit = await createKit();
  events = [];
  verifier = createGoogleIdTokenVerifier({ ...kit.options, onEvent: (event) => events.push(event) });
  // A token that is remembered and a key set that is warm: nothing hostile may profit from either.
  await verifier.verify(kit.token());
});

afterAll(() => globalFetch.mockRestore());

describe.each(Object.entries(hostileFamilies))('hostile input: %s', (_, inputs) => {
  it.each(inputs.map((input) => [input.name, input.code, input] as const))('%s → %s', async (_name, _code, input) => {
    for (const attempt of await attemptsWith(input)) {
      await expectRefused(attempt);
    }
  });
});

describe('odd input that is good', () => {
  it.each(acceptedInputs.map((input) => [input.name, input] as const))('%s → accepted', async (_name, input) => {
    const authorization = await authorizationOf(input, kit);
    events.length = 0;
    const token = await verifier.authenticate({ authorization });
    expect(token.claims.aud).toBe(kit.options.audience);
    expect(token.caller).toMatchObject({ kind: 'service_account', email: kit.claims['email'] });
    expect(events).toEqual([expect.objectContaining({ type: 'token_accepted' })]);
    // Once more: what is remembered must be as good.
    expect(await verifier.authenticate({ authorization })).toEqual(token);
  });
});

describe('odd keys in a static key set', () => {
  it.each(hostileFamilies.keys.map((input) => [input.name, input] as const))(
    '%s → key_unknown',
    async (_name, input) => {
      const verifierOfKeys = createGoogleIdTokenVerifier({ ...kit.options, keys: await publishedKeySet() });
      const authorization = await authorizationOf(input, kit);
      await expect(verifierOfKeys.authenticate({ authorization })).rejects.toMatchObject({
        code: 'key_unknown',
        status: 401,
      });
    },
  );

  it.each(acceptedKeys.map((input) => [input.name, input] as const))('%s → accepted', async (_name, input) => {
    const verifierOfKeys = createGoogleIdTokenVerifier({ ...kit.options, keys: await publishedKeySet() });
    const authorization = await authorizationOf(input, kit);
    await expect(verifierOfKeys.authenticate({ authorization })).resolves.toHaveProperty(
      'caller.kind',
      'service_account',
    );
  });

  async function publishedKeySet(): Promise<KeySet> {
    const response = await kit.google.fetch(GOOGLE_JWKS_URL);
    return staticKeySet((await response.json()) as { keys: object[] });
  }
});

describe('a member of a polluted Object.prototype', () => {
  it.each([
    ['alg', 'algorithm_unsupported'],
    ['kid', 'token_malformed'],
    ['iss', 'claim_invalid'],
    ['aud', 'claim_invalid'],
    ['sub', 'claim_invalid'],
    ['iat', 'claim_invalid'],
    ['exp', 'claim_invalid'],
  ] as const)('does not stand in for the %s that a token lacks → %s', async (name, code) => {
    const good = { ...kit.header, ...kit.claims };
    const lacking = { [name]: undefined };
    const token = name in kit.header ? kit.token({}, lacking) : kit.token(lacking);
    await polluted(name, good[name], async () => {
      await expect(verifier.verify(token)).rejects.toMatchObject({ code });
    });
  });

  it.each(['events', 'nbf', 'auth_time', 'b64', 'zip'])('does not count as the %s of a good token', async (name) => {
    await polluted(name, 'polluted', async () => {
      await expect(verifier.verify(kit.token({ name }))).resolves.toHaveProperty('claims.name', name);
    });
  });

  async function polluted(name: string, value: unknown, work: () => Promise<void>): Promise<void> {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true });
    try {
      await work();
    } finally {
      Reflect.deleteProperty(Object.prototype, name);
    }
  }
});

describe('all hostile input together', () => {
  it('left the prototypes of JavaScript as they were', () => {
    expect(changedPrototypes()).toEqual([]);
    expect({}).not.toHaveProperty('polluted');
  });

  it('made the verifier ask no URL but that of Google’s keys', () => {
    expect(new Set(kit.fetched)).toEqual(new Set([GOOGLE_JWKS_URL]));
    expect(globalFetch).not.toHaveBeenCalled();
  });

  it('at one moment makes a verifier ask for the keys no more often than unknown key ids may', async () => {
    const still = await createKit();
    const verifier = createGoogleIdTokenVerifier(still.options);
    await verifier.verify(still.token());
    for (const input of Object.values(hostileFamilies).flat()) {
      const authorization = await authorizationOf(input, still);
      const code = codeInHeader(input, authorization);
      // Of a key that nobody has looked for it is not said that it does not exist.
      const codes = code === 'key_unknown' ? [code, 'keys_unavailable'] : [code];
      await expect(verifier.authenticate({ authorization })).rejects.toMatchObject({ code: expect.toBeOneOf(codes) });
    }

    // The first fetch, and the two that the ration holds: the clock stands still, so it is never filled again.
    expect(still.fetched.length).toBeLessThanOrEqual(3);
  });

  it('left the verifier able to accept a good token', async () => {
    expect(await verifier.verify(kit.token({ nonce: 'after all that' }))).toHaveProperty('claims.nonce');
  });
});

describe('what verify() is given', () => {
  it('is the token and no more: a space in front is refused, although a header may have several', async () => {
    await expect(verifier.verify(` ${kit.token()}`)).rejects.toMatchObject({ code: 'token_malformed' });
  });

  it.each([undefined, null, 42, true, {}, [], ['a.b.c'], Symbol('token'), new Uint8Array(3)])(
    '%o → token_malformed',
    async (token) => {
      const refusal = verifier.verify(token as string);
      await expect(refusal).rejects.toMatchObject({ name: 'GoogleIdTokenError', code: 'token_malformed', status: 401 });
    },
  );
});

/** Each input as a token and in both kinds of headers, as far as it can be. */
async function attemptsWith(hostile: HostileInput): Promise<Attempt[]> {
  const token = isTokenInput(hostile) ? await hostile.token(kit) : undefined;
  const authorization = token === undefined ? await authorizationOf(hostile, kit) : `Bearer ${token}`;
  const input = token ?? [authorization ?? []].flat().join('.');
  const code = codeInHeader(hostile, authorization);
  return [
    ...(token === undefined ? [] : [{ input, code: hostile.code, send: () => verifier.verify(token) }]),
    { input, code, send: () => verifier.authenticate({ authorization }) },
    ...(travelsOverHttp(authorization)
      ? [{ input, code, send: () => verifier.authenticate(webHeaders(authorization)) }]
      : []),
  ];
}

function webHeaders(authorization: AuthorizationValue): Headers {
  const headers = new Headers();
  for (const value of [authorization ?? []].flat()) {
    headers.append('authorization', value);
  }
  return headers;
}

async function expectRefused({ input, code, send }: Attempt): Promise<void> {
  if (code === 'key_unknown') {
    kit.passRation();
  }
  events.length = 0;
  const error = await send().then(
    () => expect.fail('The input was accepted.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof GoogleIdTokenError)) {
    throw error;
  }
  const [status, bearerError] = TABLE[code];
  expect({ code: error.code, status: error.status }).toEqual({ code, status });

  const refusal = toRefusal(error);
  expect(refusal.status).toBe(status);
  expect(JSON.parse(refusal.body)).toEqual({
    error: bearerError ?? code,
    error_description: error.message,
    code,
  });
  expect(refusal.headers['www-authenticate']).toBe(challenge(bearerError, error.message));

  expect(events.filter(({ type }) => type === 'token_accepted')).toEqual([]);
  expect(events.filter(({ type }) => type === 'token_refused')).toEqual([expect.objectContaining({ code })]);

  // Hints quote what the sender has written: they must stay one short line of plain characters.
  expect(error.hint ?? '').toMatch(/^[ -~…]{0,1500}$/);

  const shown = inspect(
    // The keys that a look has brought are Google's: their ids are no secret, though a token may hold one, too.
    { error, refusal, events: events.filter(({ type }) => type !== 'keys_refreshed') },
    { depth: null, showHidden: true, maxStringLength: null, maxArrayLength: null },
  );
  expect(piecesIn(shown, input)).toEqual([]);
  expect(valuesIn(shown, input)).toEqual([]);
  expect(changedPrototypes()).toEqual([]);
}

/** RFC 6750 §3. */
function challenge(bearerError: string | undefined, message: string): string {
  const realm = 'Bearer realm="google-id-token"';
  return bearerError === undefined ? realm : `${realm}, error="${bearerError}", error_description="${message}"`;
}
