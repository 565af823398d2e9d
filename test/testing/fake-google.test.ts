import {
  createGoogleIdTokenVerifier,
  createGoogleKeySet,
  GOOGLE_JWKS_URL,
  type GoogleIdToken,
  type KeySet,
  serviceAccount,
} from '@id-token-guard/core';
import { createFakeGoogle, type FakeGoogle, type JwksAnswer } from '@id-token-guard/testing';
import { base64url, createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { refusalOf } from '../core/refusal-of.ts';

const AUDIENCE = 'https://api.example.com';
const SENDER = 'sender@my-project.iam.gserviceaccount.com';

const google = await createFakeGoogle();
beforeEach(() => google.answerWith('ok'));

describe('idToken', () => {
  test('is that of a service account of which only the unique id is told', async () => {
    const before = Math.floor(Date.now() / 1000);

    const token = await google.idToken({ aud: AUDIENCE });

    const claims = decodeJwt(token);
    expect(decodeProtectedHeader(token)).toStrictEqual({ alg: 'RS256', kid: google.jwks.keys[0]?.kid, typ: 'JWT' });
    expect(claims).toStrictEqual({
      aud: AUDIENCE,
      azp: claims.sub,
      exp: Number(claims.iat) + 3600,
      iat: expect.any(Number),
      iss: 'https://accounts.google.com',
      sub: expect.stringMatching(/^\d{21}$/),
    });
    expect(claims.iat).toBeGreaterThanOrEqual(before);
    expect(claims.iat).toBeLessThanOrEqual(Math.floor(Date.now() / 1000));
  });

  test('takes whatever claims you give, of any type, in place of its own', async () => {
    const given = {
      aud: [AUDIENCE],
      iss: 'https://accounts.example.com',
      sub: 42,
      iat: 'now',
      exp: null,
      email: SENDER,
      email_verified: true,
      google: { compute_engine: { project_number: 1071284184436 } },
    };

    expect(payloadOf(await google.idToken(given))).toStrictEqual({ azp: 42, ...given });
  });

  test('has the azp of the subject that you give, unless you give another', async () => {
    expect(decodeJwt(await google.idToken({ aud: AUDIENCE, sub: '1' }))).toMatchObject({ sub: '1', azp: '1' });
    expect(decodeJwt(await google.idToken({ aud: AUDIENCE, sub: '1', azp: SENDER }))).toMatchObject({ azp: SENDER });
  });

  test.each(['iss', 'sub', 'aud', 'iat', 'exp', 'azp'])('leaves out %s if you give undefined', async (claim) => {
    const claims = payloadOf(await google.idToken({ aud: AUDIENCE, [claim]: undefined }));

    expect(claims).not.toHaveProperty(claim);
    expect(Object.keys(claims)).toHaveLength(5);
  });

  test('takes header parameters in place of its own, and leaves out those that are undefined', async () => {
    const token = await google.idToken({ aud: AUDIENCE }, { alg: 'none', kid: undefined, crit: ['exp'] });

    expect(decodeProtectedHeader(token)).toStrictEqual({ alg: 'none', typ: 'JWT', crit: ['exp'] });
  });

  test('is signed with the published key, as any library can tell', async () => {
    const token = await google.idToken({ aud: AUDIENCE });
    const [header, payload, signature] = token.split('.');
    const keys = createLocalJWKSet(google.jwks as unknown as JSONWebKeySet);

    await expect(jwtVerify(token, keys, { algorithms: ['RS256'], audience: AUDIENCE })).resolves.toBeDefined();
    await expect(jwtVerify(`${header}.${payload}A.${signature}`, keys)).rejects.toThrow();
  });

  test('is accepted by a guard that has the keys of this Google', async () => {
    const { claims } = await verify(
      google,
      await google.idToken({ aud: AUDIENCE, email: SENDER, email_verified: true }),
    );

    expect(claims.email).toBe(SENDER);
  });
});

describe('sign', () => {
  test('makes JSON of objects, and signs it', async () => {
    const token = await google.sign({ alg: 'RS256', kid: google.jwks.keys[0]?.kid }, { iss: 'x', list: [1] });

    const keys = createLocalJWKSet(google.jwks as unknown as JSONWebKeySet);
    expect((await jwtVerify(token, keys)).payload).toStrictEqual({ iss: 'x', list: [1] });
  });

  test('leaves text and bytes as they are, so that a token can be wrong in any way', async () => {
    const [header, payload, signature] = (await google.sign('{"alg":"RS256",', new Uint8Array([0xff, 0x00]))).split(
      '.',
    );

    expect(Buffer.from(`${header}`, 'base64url').toString()).toBe('{"alg":"RS256",');
    expect(base64url.decode(`${payload}`)).toStrictEqual(new Uint8Array([0xff, 0x00]));
    expect(base64url.decode(`${signature}`)).toHaveLength(256);
  });
});

describe('jwks', () => {
  test('has one public RSA key of 2048 bits, as Google publishes it, which says that it is fake', () => {
    const [key] = google.jwks.keys;

    expect(google.jwks.keys).toHaveLength(1);
    expect(key).toStrictEqual({
      kty: 'RSA',
      alg: 'RS256',
      use: 'sig',
      e: 'AQAB',
      kid: expect.stringMatching(/^[0-9a-f]{40}$/),
      n: expect.any(String),
      fake: true,
    });
    expect(base64url.decode(`${key?.n}`)).toHaveLength(256);
  });
});

describe('rotateKeys', () => {
  test('signs with a new key from now on, and returns its id', async () => {
    const google = await createFakeGoogle();
    const oldKid = google.jwks.keys[0]?.kid;

    const kid = await google.rotateKeys();

    expect(kid).not.toBe(oldKid);
    expect(decodeProtectedHeader(await google.idToken({ aud: AUDIENCE })).kid).toBe(kid);
  });

  test('keeps the old key published, so that older tokens stay good, until the next rotation', async () => {
    const google = await createFakeGoogle();
    const oldKid = `${google.jwks.keys[0]?.kid}`;
    const old = await goodToken(google);

    const secondKid = await google.rotateKeys();
    expect(kidsOf(google)).toEqual([oldKid, secondKid].toSorted());
    await verify(google, old);

    const thirdKid = await google.rotateKeys();
    expect(kidsOf(google)).toEqual([secondKid, thirdKid].toSorted());
    expect((await refusalOf(() => verify(google, old))).code).toBe('key_unknown');
  });

  test('withdraws the old key at once if you say so, as after a leak', async () => {
    const google = await createFakeGoogle();
    const old = await goodToken(google);

    const kid = await google.rotateKeys({ withdrawOld: true });

    expect(kidsOf(google)).toEqual([kid]);
    expect((await refusalOf(() => verify(google, old))).code).toBe('key_unknown');
    await verify(google, await goodToken(google));
  });

  test('is noticed by a key set that is in use, with the first token of the new key', async () => {
    const google = await createFakeGoogle();
    const keys = google.keySet();
    await verify(google, await goodToken(google), keys);

    const kid = await google.rotateKeys({ withdrawOld: true });
    await verify(google, await goodToken(google), keys);

    expect(keys.status().keyIds).toEqual([kid]);
  });
});

describe('publishNextKey', () => {
  test('publishes the key that signs after the next rotation, once, and from then on always one', async () => {
    const own = await createFakeGoogle();
    const kids = () => own.jwks.keys.map(({ kid }) => kid);
    const [first] = kids();

    const next = await own.publishNextKey();
    expect(await own.publishNextKey()).toBe(next);
    expect(kids()).toEqual([first, next]);

    expect(await own.rotateKeys()).toBe(next);
    expect(kids()).toEqual([next, expect.any(String), first]);
  });

  test('needs to be asked for: a rotation otherwise brings an unknown key', async () => {
    const own = await createFakeGoogle();
    expect(own.jwks.keys).toHaveLength(1);

    const signing = await own.rotateKeys();

    expect(own.jwks.keys.map(({ kid }) => kid)).toEqual([signing, expect.any(String)]);
  });
});

describe('answerWith', () => {
  // How a key set that has no keys yet takes each answer.
  const failures: [JwksAnswer, string][] = [
    ['outage', 'The key URL answered with status 503.'],
    ['hang', 'The key URL did not answer in time.'],
    ['html', 'The answer of the key URL is not a JSON object with a "keys" array.'],
    ['empty', 'The answer of the key URL has no usable key.'],
    [() => Response.json({ keys: 'none' }), 'The answer of the key URL is not a JSON object with a "keys" array.'],
    [async () => new Response(null, { status: 304 }), 'The key URL answered with status 304.'],
    [() => Promise.reject(new Error('connect ECONNREFUSED')), 'connect ECONNREFUSED'],
  ];

  test.each(failures)('%s: no keys can be had', async (answer, reason) => {
    google.answerWith(answer);
    const keys = google.keySet({ timeoutSeconds: answer === 'hang' ? 0.1 : 5 });

    const refusal = await refusalOf(() => keys.preload());

    expect(refusal).toMatchObject({ code: 'keys_unavailable', status: 503 });
    expect(refusal.hint).toContain(reason);
  });

  test('ok: the keys can be had again', async () => {
    google.answerWith('outage');
    await refusalOf(() => google.keySet().preload());

    google.answerWith('ok');

    const keys = google.keySet();
    await keys.preload();
    expect(keys.status()).toMatchObject({ state: 'fresh', keyIds: kidsOf(google) });
  });

  test('ok says how long the keys are fresh, as Google does: for hours', async () => {
    const response = await google.fetch(GOOGLE_JWKS_URL);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8');
    expect(response.headers.get('cache-control')).toBe('public, max-age=19845, must-revalidate, no-transform');
    expect(await response.json()).toStrictEqual(google.jwks);
  });

  test('a function answers in your own way', async () => {
    google.answerWith(() => Response.json(google.jwks, { headers: { 'cache-control': 'max-age=60' } }));
    const keys = google.keySet();

    await keys.preload();

    expect(keys.snapshot()?.freshForSeconds).toBe(60);
  });
});

describe('keySet', () => {
  beforeAll(() => void vi.stubGlobal('fetch', () => expect.fail('A fake Google needs no network.')));
  afterAll(() => void vi.unstubAllGlobals());

  test('works as in production, and without a network', async () => {
    const before = google.jwksRequests;
    const keys = google.keySet();

    await verify(google, await goodToken(google), keys);
    await verify(google, await goodToken(google), keys);

    expect(google.jwksRequests).toBe(before + 1);
    expect(keys.status()).toMatchObject({ state: 'fresh', usable: true, keyIds: kidsOf(google) });
  });

  test('is another one each time: what one has fetched, another has not', async () => {
    const before = google.jwksRequests;

    await google.keySet().preload();
    await google.keySet().preload();

    expect(google.jwksRequests).toBe(before + 2);
  });

  test('takes the other options of a key set', async () => {
    const events: string[] = [];
    const keys = google.keySet({ onEvent: ({ type }) => void events.push(type) });

    await keys.preload();

    expect(events).toEqual(['keys_refreshed']);
  });
});

test('jwksRequests counts every request for the keys, in whatever way and with whatever answer', async () => {
  const google = await createFakeGoogle();
  expect(google.jwksRequests).toBe(0);

  await google.keySet().preload();
  await google.fetch(new URL(GOOGLE_JWKS_URL));
  google.answerWith('outage');
  await google.fetch(new Request(GOOGLE_JWKS_URL));

  expect(google.jwksRequests).toBe(3);
});

test.each(['https://www.googleapis.com/oauth2/v1/certs', `${GOOGLE_JWKS_URL}?alt=json`, 'http://localhost:8585/'])(
  'fetch knows no other URL: %s',
  async (url) => {
    const before = google.jwksRequests;

    await expect(google.fetch(url)).rejects.toThrow(TypeError);
    expect(google.jwksRequests).toBe(before);
  },
);

describe('with a clock of your own', () => {
  const now = 1_000_000_000_000;

  test('tokens are issued, and keys are aged, by that clock', async () => {
    const timeless = await createFakeGoogle({ now: () => now });
    const keys = timeless.keySet();

    const { iat, exp } = decodeJwt(await timeless.idToken({ aud: AUDIENCE }));
    await keys.preload();

    expect({ iat, exp }).toStrictEqual({ iat: 1_000_000_000, exp: 1_000_003_600 });
    expect(keys.snapshot()?.fetchedAt).toBe(now);
  });

  test('now() tells what time this Google has', async () => {
    const own = await createFakeGoogle({ now: () => 1_800_000_000_123 });
    expect(own.now()).toBe(1_800_000_000_123);

    own.shiftTime(-60);

    expect(own.now()).toBe(1_799_999_940_123);
  });

  test('shiftTime makes tokens from the past or from the future', async () => {
    const timeless = await createFakeGoogle({ now: () => now });

    timeless.shiftTime(-7200);
    expect(decodeJwt(await timeless.idToken({ aud: AUDIENCE })).iat).toBe(999_992_800);
    timeless.shiftTime(0);
    expect(decodeJwt(await timeless.idToken({ aud: AUDIENCE })).iat).toBe(1_000_000_000);
  });
});

describe('handlers, with msw', () => {
  const network = setupServer(...google.handlers);
  beforeAll(() => network.listen({ onUnhandledFrame: 'error' }));
  afterAll(() => network.close());

  test("answer at Google's real URL, so that the app under test needs no option", async () => {
    const before = google.jwksRequests;
    const verifier = createGoogleIdTokenVerifier({ audience: AUDIENCE, callers: serviceAccount(SENDER) });

    const { claims } = await verifier.verify(await goodToken(google));

    expect(claims.email).toBe(SENDER);
    expect(verifier.keys.status().keyIds).toEqual(kidsOf(google));
    expect(google.jwksRequests).toBe(before + 1);
  });

  test('answer as answerWith says', async () => {
    google.answerWith('outage');

    const refusal = await refusalOf(() => createGoogleKeySet().preload());

    expect(refusal).toMatchObject({ code: 'keys_unavailable', hint: expect.stringContaining('status 503') });
  });
});

test('two fake Googles do not trust each other', async () => {
  const other = await createFakeGoogle();

  expect(kidsOf(other)).not.toEqual(kidsOf(google));
  expect((await refusalOf(async () => verify(google, await goodToken(other)))).code).toBe('key_unknown');
  const [key] = google.jwks.keys;
  const disguised = await other.idToken({ aud: AUDIENCE, email: SENDER, email_verified: true }, { kid: key?.kid });
  expect((await refusalOf(() => verify(google, disguised))).code).toBe('signature_invalid');
});

function goodToken(issuer: FakeGoogle): Promise<string> {
  return issuer.idToken({ aud: AUDIENCE, email: SENDER, email_verified: true });
}

async function verify(issuer: FakeGoogle, token: string, keys: KeySet = issuer.keySet()): Promise<GoogleIdToken> {
  return createGoogleIdTokenVerifier({ audience: AUDIENCE, callers: serviceAccount(SENDER), keys }).verify(token);
}

function payloadOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(`${token.split('.')[1]}`, 'base64url').toString());
}

function kidsOf({ jwks }: FakeGoogle): string[] {
  return jwks.keys.map(({ kid }) => kid).toSorted();
}

test('listen() says where it has gone', () => {
  expect(() => google.listen({ port: 0 })).toThrow(
    new TypeError(
      "google.listen() is in a package of its own: install @id-token-guard/emulator, import { listen } from '@id-token-guard/emulator', and call listen(google, options).",
    ),
  );
});
