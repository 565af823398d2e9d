import {
  type CallerRule,
  type GoogleIdTokenErrorCode,
  type KeySet,
  type RequestHeaders,
  serviceAccount,
  subject,
  type UnknownKid,
} from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AUDIENCE, createVerifier, google, idToken, SENDER } from './fixtures.ts';
import { refusalOf } from './refusal-of.ts';

beforeEach(() => google.answerWith('ok'));

describe('a good token', () => {
  test('is given back as claims, header and caller', async () => {
    const token = await idToken({ nonce: 'n-1' });

    expect(await createVerifier().verify(token)).toStrictEqual({
      claims: {
        iss: 'https://accounts.google.com',
        aud: AUDIENCE,
        azp: SENDER.sub,
        ...SENDER,
        nonce: 'n-1',
        iat: expect.any(Number),
        exp: expect.any(Number),
      },
      header: { alg: 'RS256', kid: google.jwks.keys[0]?.kid, typ: 'JWT' },
      caller: {
        kind: 'service_account',
        uniqueId: SENDER.sub,
        email: SENDER.email,
        projectId: 'my-project',
      },
    });
  });

  test.each<[string, (token: string) => RequestHeaders]>([
    ['Web Headers', (token) => new Headers({ Authorization: `Bearer ${token}` })],
    ["Node's headersDistinct", (token) => ({ authorization: [`Bearer ${token}`] })],
    ["Node's headers", (token) => ({ authorization: `Bearer ${token}` })],
  ])('is found in %s', async (_, headers) => {
    const { claims } = await createVerifier().authenticate(headers(await idToken()));

    expect(claims.sub).toBe(SENDER.sub);
  });

  test('is read from the one header that the context names', async () => {
    const headers = { authorization: 'Bearer cut', 'x-serverless-authorization': `Bearer ${await idToken()}` };
    const verifier = createVerifier();

    await verifier.authenticate(headers, { header: 'x-serverless-authorization' });
    expect((await refusalOf(() => verifier.authenticate(headers))).code).toBe('token_malformed');
  });

  test('has claims with all that Google says of an instance', async () => {
    const compute_engine = {
      project_id: 'my-project',
      project_number: 1071284184436,
      zone: 'us-central1-a',
      instance_id: '5055893581146000589',
      instance_name: 'worker-1',
      instance_creation_timestamp: 1624116928,
      license_id: ['1001'],
    };

    const { claims } = await createVerifier().verify(await idToken({ google: { compute_engine } }));

    expect(claims.google?.compute_engine).toStrictEqual(compute_engine);
  });

  test('is frozen all the way down, since many requests may share it', async () => {
    const compute_engine = { license_id: ['1001'] };

    const token = await createVerifier().verify(await idToken({ google: { compute_engine } }));

    const license = token.claims.google?.compute_engine?.license_id;
    for (const part of [token, token.claims, token.header, token.caller, token.claims.google, license]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(() => Object.assign(token.claims, { sub: '1' })).toThrow(TypeError);
    expect(() => (license as string[]).push('1002')).toThrow(TypeError);
  });
});

describe('verify refuses with token_malformed what is not even a string:', async () => {
  const good = await idToken();

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 42],
    ['an object', {}],
    ['a list', []],
    ['a list with a token', [good]],
    ['a String object', Object(good)],
    ['bytes', new TextEncoder().encode(good)],
    ['a promise of a token', Promise.resolve(good)],
    ['an object that turns into a token', { toString: () => good, length: good.length }],
  ])('%s', async (_, token) => {
    const refusal = await refusalOf(() => createVerifier().verify(token as string));

    expect(refusal).toMatchObject({ code: 'token_malformed', status: 401 });
  });
});

describe('the steps come in this order: bearer, parse, key, signature, claims, caller', () => {
  // Each request has the fault of its own step and of all steps after it.
  const expired = { iat: 1, exp: 2 };
  const stranger = { sub: '1', email: 'stranger@my-project.iam.gserviceaccount.com' };
  const requests: [GoogleIdTokenErrorCode, string, () => Promise<string | string[]>][] = [
    ['token_missing', 'bearer', async () => `Basic ${await forged({ ...expired, ...stranger }, { alg: 'none' })}`],
    ['request_invalid', 'bearer', async () => ['Bearer cut', `Bearer ${await forged({ ...expired, ...stranger })}`]],
    ['token_malformed', 'parse', async () => `Bearer ${await forged({ ...expired, ...stranger }, { kid: 1 })}`],
    ['key_unknown', 'key', async () => `Bearer ${await forged({ ...expired, ...stranger }, { kid: 'unpublished' })}`],
    ['signature_invalid', 'signature', async () => `Bearer ${await forged({ ...expired, ...stranger })}`],
    ['token_expired', 'claims', async () => `Bearer ${await idToken({ ...expired, ...stranger })}`],
    ['caller_not_allowed', 'caller', async () => `Bearer ${await idToken(stranger)}`],
  ];

  test.each(requests)('%s comes from %s', async (code, _, authorization) => {
    const headers = { authorization: await authorization() };

    expect((await refusalOf(() => createVerifier().authenticate(headers))).code).toBe(code);
  });

  test('what is refused before the key costs no request for keys', async () => {
    const before = google.jwksRequests;
    const verifier = createVerifier();

    for (const token of ['', 'cut', 'a.b.c', await idToken({}, { alg: 'HS256' }), await idToken({}, { kid: 1 })]) {
      await refusalOf(() => verifier.verify(token));
    }

    expect(google.jwksRequests).toBe(before);
  });

  test('what is malformed is 401 even while the keys cannot be had', async () => {
    google.answerWith('outage');
    const verifier = createVerifier();
    const token = await idToken();

    expect(await refusalOf(() => verifier.verify('cut'))).toMatchObject({ code: 'token_malformed', status: 401 });
    expect(await refusalOf(() => verifier.verify(token))).toMatchObject({ code: 'keys_unavailable', status: 503 });
  });

  test('the caller rule sees only tokens that are good so far', async () => {
    const seen: unknown[] = [];
    const callers: CallerRule = ({ claims }) => {
      seen.push(claims['nonce']);
      return true;
    };
    const verifier = createVerifier({ callers });

    await refusalOf(async () => verifier.verify(await forged({ nonce: 'forged' })));
    await refusalOf(async () => verifier.verify(await idToken({ ...expired, nonce: 'expired' })));
    await refusalOf(async () => verifier.verify(await idToken({ aud: 'other', nonce: 'for another service' })));
    await verifier.verify(await idToken({ nonce: 'good' }));

    expect(seen).toEqual(['good']);
  });
});

describe('the options reach the check that they are for:', () => {
  test('audience, as a list', async () => {
    const verifier = createVerifier({ audience: ['https://a.example.com', 'https://b.example.com'] });

    await verifier.verify(await idToken({ aud: 'https://b.example.com' }));
    const refusal = await refusalOf(async () => verifier.verify(await idToken({ aud: 'https://c.example.com' })));
    expect(refusal.code).toBe('audience_mismatch');
  });

  test('clockToleranceSeconds, 30 by default, and now', async () => {
    const { iat, exp } = { iat: 1_760_000_000, exp: 1_760_003_600 };
    const token = await idToken({ iat, exp });
    const codeAt = async (seconds: number, clockToleranceSeconds?: number) =>
      createVerifier({ now: () => seconds * 1000, clockToleranceSeconds })
        .verify(token)
        .then(
          () => 'accepted',
          ({ code }) => code,
        );

    expect(await codeAt(exp + 29)).toBe('accepted');
    expect(await codeAt(exp + 30)).toBe('token_expired');
    expect(await codeAt(iat - 30)).toBe('accepted');
    expect(await codeAt(iat - 31)).toBe('token_not_yet_valid');
    expect(await codeAt(exp, 0)).toBe('token_expired');
    expect(await codeAt(Number.NaN)).toBe('token_expired');
  });

  test('maxLifetimeSeconds, a day by default', async () => {
    const now = Math.floor(Date.now() / 1000);
    const day = await idToken({ iat: now, exp: now + 86_400 });
    const more = await idToken({ iat: now, exp: now + 86_401 });

    await createVerifier().verify(day);
    expect((await refusalOf(() => createVerifier().verify(more))).code).toBe('claim_invalid');
    const strict = createVerifier({ maxLifetimeSeconds: 3600 });
    await strict.verify(await idToken());
    expect((await refusalOf(() => strict.verify(day))).code).toBe('claim_invalid');
  });

  test('keys', async () => {
    const keys = google.keySet();

    expect(createVerifier({ keys }).keys).toBe(keys);
  });

  test('waitUntil of the context, which is for the key set', async () => {
    const waitUntil = () => {};
    const requests: unknown[] = [];
    const keySet = google.keySet();
    const keys: KeySet = {
      ...keySet,
      get: (kid, request) => {
        requests.push(request?.waitUntil);
        return keySet.get(kid, request);
      },
    };

    await createVerifier({ keys }).verify(await idToken(), { waitUntil });

    expect(requests).toEqual([waitUntil]);
  });
});

test('a key set of your own that fails with another error than keys_unavailable fails the request', async () => {
  const fault = new Error('The key vault is sealed.');
  const keys: KeySet = { ...google.keySet(), get: () => Promise.reject(fault) };
  const token = await idToken();

  await expect(createVerifier({ keys }).verify(token)).rejects.toBe(fault);
});

test.each([undefined, null, '', 'route', 0, { status: 418 }])(
  'a caller rule that throws %j makes an Error that frameworks take for one',
  async (thrown) => {
    const rule = () => {
      throw thrown;
    };

    const failure = await createVerifier({ callers: rule })
      .verify(await idToken())
      .catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(Error);
    expect(failure).toMatchObject({ message: 'Something that is not an Error was thrown.', cause: thrown });
  },
);

test('a `get` that was put in the place of that of a key set is asked, also for keys that are at hand', async () => {
  const keys = google.keySet();
  const verifier = createVerifier({ keys });
  const token = await idToken();
  await verifier.verify(token);
  const asked = vi.spyOn(keys, 'get').mockResolvedValue(undefined);

  const refusal = await refusalOf(() => verifier.verify(token));

  expect(refusal).toMatchObject({ code: 'key_unknown', status: 401 });
  expect(asked).toHaveBeenCalled();
});

describe('an unknown key id', () => {
  const unknown = { kid: '0123456789abcdef0123456789abcdef01234567' };

  test.each<[UnknownKid, string, Record<string, unknown>]>([
    ['stranger', 'one that could be good, of somebody who never called', { sub: '1' }],
    ['familiar', 'one that could be good, of somebody who has called before', {}],
    ['implausible', 'one that has expired', { iat: 1, exp: 2 }],
    ['implausible', 'one from the future', { iat: 32_503_680_000, exp: 32_503_683_600 }],
    ['implausible', 'one for another audience', { aud: 'https://other.example.com' }],
    ['implausible', 'one of another issuer', { iss: 'https://accounts.example.com' }],
    ['implausible', 'one without subject', { sub: undefined }],
  ])('is called %s in a token, yet unverified: %s', async (judged, _, claims) => {
    const judgements: unknown[] = [];
    const keySet = google.keySet();
    const get: KeySet['get'] = async (kid, request) => {
      const key = await keySet.get(kid);
      if (key === undefined) {
        judgements.push(request?.unknownKid?.());
      }
      return key;
    };
    const verifier = createVerifier({ keys: { ...keySet, get } });
    await verifier.verify(await idToken());
    await verifier.verify(await idToken({ sub: '2' }));

    const token = await idToken(claims, unknown);

    expect((await refusalOf(() => verifier.verify(token))).code).toBe('key_unknown');
    expect(judgements).toEqual([judged]);
  });
});

test('verifiers of two Googles do not trust each other', async () => {
  const other = await createFakeGoogle();
  const token = await other.idToken({ aud: AUDIENCE, ...SENDER });

  expect((await refusalOf(() => createVerifier().verify(token))).code).toBe('key_unknown');
  await createVerifier({ keys: other.keySet() }).verify(token);
});

test('one verifier serves many requests at once, each with its own answer, for one fetch of the keys', async () => {
  const before = google.jwksRequests;
  const verifier = createVerifier({ callers: [subject('0'), serviceAccount(SENDER.email)] });
  const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => idToken({ sub: `${index}` })));

  const verified = await Promise.all(tokens.map((token) => verifier.verify(token)));

  expect(verified.map(({ claims }) => claims.sub)).toEqual(tokens.map((_, index) => `${index}`));
  expect(google.jwksRequests).toBe(before + 1);
});

/** A token whose claims were changed after signing. */
async function forged(claims: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> {
  const [, , signature] = (await idToken()).split('.');
  const [protectedHeader, payload] = (await idToken(claims, header)).split('.');
  return `${protectedHeader}.${payload}.${signature}`;
}
