/*
 * A token that was verified before spares parsing and signature, nothing else.
 */
import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type AudienceRule,
  type CallerRule,
  createGoogleIdTokenVerifier,
  type GoogleIdTokenVerifier,
  type GoogleIdTokenVerifierOptions,
  type GuardEvent,
  type RequestHeaders,
  serviceAccount,
} from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { readBearer } from '../../packages/core/src/bearer.ts';
import { type CachedToken, createTokenCache } from '../../packages/core/src/token-cache.ts';
import { refusalOf } from './refusal-of.ts';
import { forgetSignatureChecks, signatureChecks } from './signature-checks.ts';

const AUDIENCE = 'https://api.example.com';
const SENDER = 'sender@my-project.iam.gserviceaccount.com';
const HOUR = 3_600_000;

let now = Date.now();
const google = await createFakeGoogle({ now: () => now });

beforeEach(() => {
  forgetSignatureChecks();
  google.answerWith('ok');
});

describe('a token that was verified before', () => {
  test('is not verified again, and gives the same frozen result', async () => {
    const { verifier, events } = createVerifier();
    const token = await idToken();

    const first = await verifier.verify(token);
    const second = await verifier.authenticate({ authorization: `Bearer ${token}` });

    expect(second).toBe(first);
    expect(Object.isFrozen(second)).toBe(true);
    expect(signatureChecks()).toBe(1);
    expect(events).toEqual([{ fromCache: false }, { fromCache: true }]);
  });

  test('is known by all of its characters: another token of the same caller is verified', async () => {
    const { verifier, events } = createVerifier();

    await verifier.verify(await idToken({ nonce: '1' }));
    await verifier.verify(await idToken({ nonce: '2' }));

    expect(signatureChecks()).toBe(2);
    expect(events).toEqual([{ fromCache: false }, { fromCache: false }]);
  });

  test('with another signature is refused', async () => {
    const { verifier } = createVerifier();
    const token = await idToken();
    const [header, payload] = token.split('.');
    const [, , otherSignature] = (await idToken({ nonce: '2' })).split('.');

    await verifier.verify(token);

    const refusal = await refusalOf(() => verifier.verify(`${header}.${payload}.${otherSignature}`));
    expect(refusal.code).toBe('signature_invalid');
  });
});

describe('every time, and without verifying the signature again, a known token is held against', () => {
  test('the clock: it expires', async () => {
    const { verifier } = createVerifier();
    const token = await idToken();
    await verifier.verify(token);

    now += 2 * HOUR;

    expect(await refusalOf(() => verifier.verify(token))).toMatchObject({ code: 'token_expired', claim: 'exp' });
    expect(signatureChecks()).toBe(1);
  });

  test('the clock: it is not valid yet if the clock is set back', async () => {
    const { verifier } = createVerifier();
    const token = await idToken();
    await verifier.verify(token);

    now -= 2 * HOUR;

    expect(await refusalOf(() => verifier.verify(token))).toMatchObject({ code: 'token_not_yet_valid', claim: 'iat' });
    now += 2 * HOUR;
    await verifier.verify(token);
    expect(signatureChecks()).toBe(1);
  });

  test('the audience rule', async () => {
    const accepted = new Set([AUDIENCE]);
    const audience: AudienceRule = (aud) => accepted.has(aud);
    const { verifier } = createVerifier({ audience });
    const token = await idToken();
    await verifier.verify(token);

    accepted.delete(AUDIENCE);

    expect(await refusalOf(() => verifier.verify(token))).toMatchObject({ code: 'audience_mismatch', claim: 'aud' });
    expect(signatureChecks()).toBe(1);
  });

  test('the caller rule: an account that is struck off the list is out at once', async () => {
    const allowed = new Set([SENDER]);
    const callers: CallerRule = async ({ claims }) => allowed.has(claims.email ?? '') || 'Not on the list.';
    const { verifier } = createVerifier({ callers });
    const token = await idToken();
    await verifier.verify(token);

    allowed.delete(SENDER);

    expect(await refusalOf(() => verifier.verify(token))).toMatchObject({
      code: 'caller_not_allowed',
      hint: 'Not on the list.',
    });
    expect(signatureChecks()).toBe(1);
  });
});

describe('the key of a known token', () => {
  test('must still be published: one that Google withdrew stops working with the next refresh', async () => {
    const { verifier } = createVerifier();
    const token = await idToken();
    await verifier.verify(token);

    await google.rotateKeys({ withdrawOld: true });
    await verifier.verify(token); // Nobody has asked Google since.
    await verifier.verify(await idToken()); // Its new key makes the key set ask.

    expect((await refusalOf(() => verifier.verify(token))).code).toBe('key_unknown');
  });

  test('may stay published: the token stays known across a rotation', async () => {
    const { verifier, events } = createVerifier();
    const token = await idToken();
    await verifier.verify(token);

    await google.rotateKeys();
    await verifier.verify(await idToken());
    await verifier.verify(token);

    expect(signatureChecks()).toBe(2);
    expect(events).toEqual([{ fromCache: false }, { fromCache: false }, { fromCache: true }]);
  });

  test('stays the same across refreshes that bring it again', async () => {
    const { verifier, events } = createVerifier();
    const token = await idToken({ exp: seconds(now + 24 * HOUR) });
    await verifier.verify(token);
    const before = google.jwksRequests;

    now += 8 * HOUR; // The keys are stale by now.
    await verifier.verify(token);

    expect(google.jwksRequests).toBe(before + 1);
    expect(signatureChecks()).toBe(1);
    expect(events).toEqual([{ fromCache: false }, { fromCache: true }]);
  });

  test('is the key itself, not its id: another key under the same id did not sign the token', async () => {
    const { verifier } = createVerifier();
    const token = await idToken({ exp: seconds(now + 24 * HOUR) });
    const { header } = await verifier.verify(token);
    const other = await createFakeGoogle();
    google.answerWith(() => Response.json({ keys: other.jwks.keys.map((key) => ({ ...key, kid: header.kid })) }));

    now += 8 * HOUR;

    expect((await refusalOf(() => verifier.verify(token))).code).toBe('signature_invalid');
    expect(signatureChecks()).toBe(2);
  });

  test('may be stale while Google cannot be reached', async () => {
    const { verifier, events } = createVerifier();
    const token = await idToken({ exp: seconds(now + 24 * HOUR) });
    await verifier.verify(token);
    google.answerWith('outage');

    now += 8 * HOUR;
    await verifier.verify(token);

    expect(events).toEqual([{ fromCache: false }, { fromCache: true }]);
  });

  test('must not be too old: without usable keys a known token is not good either', async () => {
    const { verifier } = createVerifier({ keys: google.keySet({ maxStaleSeconds: 0 }) });
    const token = await idToken({ exp: seconds(now + 24 * HOUR) });
    await verifier.verify(token);
    google.answerWith('outage');

    now += 8 * HOUR;

    expect(await refusalOf(() => verifier.verify(token))).toMatchObject({ code: 'keys_unavailable', status: 503 });
  });
});

describe('only tokens that passed the signature are remembered:', () => {
  test('a forged one is verified each time', async () => {
    const { verifier } = createVerifier();
    const [header, , signature] = (await idToken()).split('.');
    const [, payload] = (await idToken({ sub: '1' })).split('.');
    const forged = `${header}.${payload}.${signature}`;

    for (const attempt of [1, 2, 3]) {
      expect((await refusalOf(() => verifier.verify(forged))).code).toBe('signature_invalid');
      expect(signatureChecks()).toBe(attempt);
    }
  });

  test('forged ones cannot push out a good one', async () => {
    const { verifier, events } = createVerifier({ tokenCacheSize: 1 });
    const good = await idToken();
    await verifier.verify(good);

    const [header, payload] = good.split('.');
    for (const signature of ['', 'AAAA', (await idToken({ nonce: '2' })).split('.')[2]]) {
      await refusalOf(() => verifier.verify(`${header}.${payload}.${signature}`));
    }
    await refusalOf(() => verifier.verify('cut'));
    await verifier.verify(good);

    expect(events).toEqual([{ fromCache: false }, { fromCache: true }]);
  });

  test('one that came too early is good later', async () => {
    const { verifier } = createVerifier();
    const token = await idToken({ iat: seconds(now + HOUR), exp: seconds(now + 2 * HOUR) });
    expect((await refusalOf(() => verifier.verify(token))).code).toBe('token_not_yet_valid');

    now += HOUR;

    expect((await verifier.verify(token)).claims.email).toBe(SENDER);
  });

  test('one whose caller is not allowed is not: strangers must not push the tokens of others out', async () => {
    const { verifier } = createVerifier();
    const token = await idToken({ sub: '1', email: 'stranger@my-project.iam.gserviceaccount.com' });

    expect((await refusalOf(() => verifier.verify(token))).code).toBe('caller_not_allowed');
    expect((await refusalOf(() => verifier.verify(token))).code).toBe('caller_not_allowed');

    expect(signatureChecks()).toBe(2);
  });
});

describe('tokenCacheSize', () => {
  test('is how many tokens are remembered; the one that was used longest ago goes first', async () => {
    const { verifier } = createVerifier({ tokenCacheSize: 2 });
    const [one, two, three] = [
      await idToken({ nonce: '1' }),
      await idToken({ nonce: '2' }),
      await idToken({ nonce: '3' }),
    ];
    await verifier.verify(one);
    await verifier.verify(two);
    await verifier.verify(one);

    await verifier.verify(three);

    forgetSignatureChecks();
    await verifier.verify(one);
    await verifier.verify(three);
    expect(signatureChecks()).toBe(0);
    await verifier.verify(two);
    expect(signatureChecks()).toBe(1);
  });

  test('0 remembers nothing', async () => {
    const { verifier, events } = createVerifier({ tokenCacheSize: 0 });
    const token = await idToken();

    await verifier.verify(token);
    await verifier.verify(token);

    expect(signatureChecks()).toBe(2);
    expect(events).toEqual([{ fromCache: false }, { fromCache: false }]);
  });
});

test('verifiers share no tokens, even with the same keys: what one lets in, another may not', async () => {
  const keys = google.keySet();
  const { verifier } = createVerifier({ keys });
  const { verifier: same, events } = createVerifier({ keys });
  const { verifier: forOthers } = createVerifier({ keys, audience: 'https://other.example.com' });
  const token = await idToken();
  await verifier.verify(token);

  await same.verify(token);

  expect(events).toEqual([{ fromCache: false }]);
  expect(signatureChecks()).toBe(2);
  expect((await refusalOf(() => forOthers.verify(token))).code).toBe('audience_mismatch');
});

function idToken(claims: Record<string, unknown> = {}): Promise<string> {
  return google.idToken({ aud: AUDIENCE, email: SENDER, email_verified: true, ...claims });
}

/** A verifier with the clock of the fake Google, and what its events say of the cache. */
function createVerifier(options: Partial<GoogleIdTokenVerifierOptions> = {}): {
  verifier: GoogleIdTokenVerifier;
  events: object[];
} {
  const events: object[] = [];
  const onEvent = (event: GuardEvent) => {
    if (event.type === 'token_accepted') {
      events.push({ fromCache: event.fromCache });
    }
  };
  const verifier = createGoogleIdTokenVerifier({
    audience: AUDIENCE,
    callers: serviceAccount(SENDER),
    keys: google.keySet(),
    now: () => now,
    onEvent,
    ...options,
  });
  return { verifier, events };
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

describe('a token that ends like a known one', () => {
  test('is another token: it is verified, and the known one stays known', async () => {
    const { verifier, events } = createVerifier();
    const token = await idToken();
    const [, payload = '', signature = ''] = token.split('.');
    const otherHeader = Buffer.from(JSON.stringify({ alg: 'RS256', kid: google.jwks.keys[0]?.kid })).toString(
      'base64url',
    );
    await verifier.verify(token);

    for (const lookalike of [`${otherHeader}.${payload}.${signature}`, token.slice(1), `e${token}`, token.slice(-40)]) {
      expect((await refusalOf(() => verifier.verify(lookalike))).status).toBe(401);
    }
    await verifier.verify(token);

    expect(events).toEqual([{ fromCache: false }, { fromCache: true }]);
  });

  test('never gets what is remembered of it, nor drives it out without being verified', () => {
    const cache = createTokenCache(10);
    const [one, other] = [`one.${'s'.repeat(40)}`, `other.${'s'.repeat(40)}`];
    const cached = { token: 'of one' } as unknown as CachedToken;

    cache.set(one, cached);

    expect(cache.get(one)).toBe(cached);
    expect(cache.get(other)).toBeUndefined();
    expect(cache.get('s'.repeat(32))).toBeUndefined();
    expect(cache.get(one)).toBe(cached);
  });
});

describe('memory: a token that is known keeps nothing alive but itself,', () => {
  const TIMES = 40;
  const MEGABYTE = 1_000_000;

  test.each<[string, (token: string) => string[]]>([
    ['not the header that it stands in', (token) => [readBearer(headersOf(token), 'authorization')]],
    ['not the text that it was cut from', (token) => [`${' '.repeat(MEGABYTE)}${token}`.slice(MEGABYTE)]],
    [
      'not the header that it came in first',
      (token) => [readBearer(headersOf(token), 'authorization'), Buffer.from(token).toString('latin1')],
    ],
  ])('%s', (_, spellings) => {
    const cache = createTokenCache(1000);
    const before = heapBytes();

    for (let i = 0; i < TIMES; i += 1) {
      for (const token of spellings(randomBytes(750).toString('base64url'))) {
        cache.set(token, {} as CachedToken);
      }
    }

    // Half of what would be kept otherwise; the tokens themselves are a hundredth of that.
    expect(heapBytes() - before).toBeLessThan((TIMES * MEGABYTE) / 2);
    cache.get('It is still in use.');
  });

  function headersOf(token: string): RequestHeaders {
    // Bytes from the network make a text of one piece.
    const value = Buffer.from(`Bearer${' '.repeat(MEGABYTE)}${token}`).toString('latin1');
    return { authorization: value };
  }

  function heapBytes(): number {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    return process.memoryUsage().heapUsed;
  }
});
