/*
 * For people: every check on its own, also after one that failed. What tools print of it is tested with them.
 */
import { anyCaller, GoogleIdTokenError, requestUrl, serviceAccount, staticKeySet } from '@id-token-guard/core';
import { callerRule, type ExplainedStep, type ExplainOptions, explainToken } from '@id-token-guard/core/explain';
import { createFakeGoogle, refusedRequests } from '@id-token-guard/testing';
import { base64url } from 'jose';
import { describe, expect, test } from 'vitest';
import { AUDIENCE, google, idToken, SENDER } from './fixtures.ts';

const STEPS: ExplainedStep[] = ['form', 'key', 'signature', 'claims', 'issuer', 'audience', 'time', 'caller'];

const ALL: ExplainOptions = {
  audience: AUDIENCE,
  callers: serviceAccount(SENDER.email),
  keys: staticKeySet(google.jwks),
};

describe('a good token', () => {
  test('passes all checks, in the order of a verifier', async () => {
    const token = await idToken({ nonce: 'n-1' }, { typ: 'JWT' });

    const { accepted, checks, unverifiedHeader, unverifiedClaims } = await explainToken(token, ALL);

    expect(accepted).toBe(true);
    expect(checks).toStrictEqual(STEPS.map((step) => ({ step, result: 'passed' })));
    expect(unverifiedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT' });
    expect(unverifiedClaims).toMatchObject({ aud: AUDIENCE, ...SENDER, nonce: 'n-1' });
  });

  test('is not accepted as long as something is left out, and the checks say what', async () => {
    expect(await explainToken(await idToken())).toMatchObject({
      accepted: false,
      checks: [
        { step: 'form', result: 'passed' },
        { step: 'key', result: 'not_checked', hint: 'no keys.' },
        { step: 'signature', result: 'not_checked', hint: 'no keys.' },
        { step: 'claims', result: 'passed' },
        { step: 'issuer', result: 'passed' },
        { step: 'audience', result: 'not_checked', hint: 'no audience given.' },
        { step: 'time', result: 'passed' },
        { step: 'caller', result: 'not_checked', hint: 'no caller rule given.' },
      ],
    });
  });

  test.each(['audience', 'callers', 'keys'] as const)('is not accepted without %s alone', async (option) => {
    const { accepted, checks } = await explainToken(await idToken(), { ...ALL, [option]: undefined });

    expect(accepted).toBe(false);
    expect(new Set(checks.map(({ result }) => result))).toEqual(new Set(['passed', 'not_checked']));
  });
});

describe('an audience that is the URL of the request', () => {
  const audience = requestUrl({ origins: ['https://api.example.com'] });

  test('is held against the URL that the options give', async () => {
    const token = await idToken({ aud: 'https://api.example.com/push?x=1' });
    const check = async (url?: string) =>
      (await explainToken(token, { ...ALL, audience, url })).checks.find(({ step }) => step === 'audience');

    expect(await check('https://api.example.com/push?x=1')).toStrictEqual({ step: 'audience', result: 'passed' });
    expect(await check('https://api.example.com/push?x=2')).toMatchObject({
      result: 'failed',
      code: 'audience_mismatch',
      hint: expect.stringMatching(/which came to https:\/\/api\.example\.com: the query differs\.$/),
    });
    expect(await check('https://other.example.com/push?x=1')).toMatchObject({
      result: 'failed',
      hint: expect.stringMatching(/its host, "other\.example\.com", is none of the "origins"\.$/),
    });
    expect(await check()).toMatchObject({ result: 'failed', hint: expect.stringMatching('was not told it') });
  });
});

describe('a token that a verifier refuses fails the same check:', async () => {
  const steps: Record<string, ExplainedStep> = {
    token_malformed: 'form',
    algorithm_unsupported: 'form',
    signature_removed: 'form',
    key_unknown: 'key',
    signature_invalid: 'signature',
    claim_invalid: 'claims',
    issuer_mismatch: 'issuer',
    audience_mismatch: 'audience',
    token_expired: 'time',
    token_not_yet_valid: 'time',
    caller_not_allowed: 'caller',
  };
  const requests = await refusedRequests(google, { audience: AUDIENCE, claims: SENDER });

  test.each(requests.filter(({ code }) => code in steps))('$code', async ({ code, headers }) => {
    const token = (headers['authorization'] ?? '').replace('Bearer ', '');

    const { accepted, checks } = await explainToken(token, ALL);

    expect(accepted).toBe(false);
    expect(checks.map(({ step }) => step)).toEqual(STEPS);
    expect(checks.find(({ result }) => result === 'failed')).toStrictEqual({
      step: steps[code],
      result: 'failed',
      code,
      hint: expect.stringMatching(/\w/),
    });
  });
});

describe('after a check that failed', () => {
  test('the others are made: a person learns of all mistakes at once', async () => {
    const token = await idToken({ aud: 'https://other.example.com', iat: 0, exp: 3600, email_verified: false });

    const { checks } = await explainToken(token, ALL);

    expect(checks.filter(({ result }) => result === 'failed').map(({ step }) => step)).toEqual([
      'audience',
      'time',
      'caller',
    ]);
  });

  test.each<[string, () => Promise<string>, ExplainedStep[], string]>([
    [
      'of the form, there is no key to look for and no signature to check',
      () => idToken({}, { alg: 'ES256' }),
      ['key', 'signature'],
      'the check of the form failed.',
    ],
    [
      'of the key, there is no signature to check',
      () => idToken({}, { kid: 'nobody' }),
      ['signature'],
      'there is no key to check it with.',
    ],
    [
      'of the types of the claims, nothing can be said about their values',
      () => idToken({ exp: 'soon' }),
      ['issuer', 'audience', 'time', 'caller'],
      'a needed claim is missing or of the wrong type.',
    ],
    [
      'of the issuer, the claims do not tell the caller',
      () => idToken({ iss: 'https://login.example.com' }),
      ['caller'],
      'Google did not issue the token.',
    ],
  ])('%s', async (_, make, steps, hint) => {
    const { checks } = await explainToken(await make(), ALL);

    expect(checks.filter(({ result }) => result === 'not_checked')).toStrictEqual(
      steps.map((step) => ({ step, result: 'not_checked', hint })),
    );
  });
});

describe('what can be read of a token is shown, whatever its form:', () => {
  const claims = { iss: 'https://accounts.google.com', sub: '1' };

  test.each<[string, string, object]>([
    ['header and claims without a signature', `${encode({ alg: 'none' })}.${encode(claims)}`, { alg: 'none' }],
    ['header and claims of five parts', `${encode({ kid: '1' })}.${encode(claims)}.a.b.c`, { kid: '1' }],
  ])('%s', async (_, token, header) => {
    const explanation = await explainToken(token, ALL);

    expect(explanation).toMatchObject({ unverifiedHeader: header, unverifiedClaims: claims });
    expect(explanation.checks[0]).toMatchObject({ step: 'form', result: 'failed', code: 'token_malformed' });
  });

  test.each<[string, unknown]>([
    ['nothing of a text that is no token', 'my-api-key'],
    ['nothing of parts that are not base64url', 'a+b.c/d.e'],
    ['nothing of parts that are not JSON', 'AAAA.AAAA.AAAA'],
    ['nothing of what is not even a text', undefined],
  ])('%s', async (_, token) => {
    const explanation = await explainToken(token as string, ALL);

    expect(Object.keys(explanation)).toEqual(['accepted', 'checks']);
    expect(explanation.checks).toStrictEqual([
      { step: 'form', result: 'failed', code: 'token_malformed', hint: expect.stringMatching(/\w/) },
      ...['key', 'signature'].map((step) => ({
        step,
        result: 'not_checked',
        hint: 'the check of the form failed.',
      })),
      ...['claims', 'issuer', 'audience', 'time', 'caller'].map((step) => ({
        step,
        result: 'not_checked',
        hint: 'the claims cannot be read.',
      })),
    ]);
  });

  test('of 16,384 characters, and not of one more', async () => {
    const longest = `${encode({ alg: 'none' })}.${encode(claims)}.`.padEnd(16 * 1024, 'A');

    expect(await explainToken(longest)).toHaveProperty('unverifiedClaims', claims);
    expect(await explainToken(`${longest}A`)).not.toHaveProperty('unverifiedClaims');
  });
});

test('a check that fails without a hint is shown without one', async () => {
  const get = () => Promise.reject(new GoogleIdTokenError('keys_unavailable'));
  const keys = { ...staticKeySet(google.jwks), get };

  const { checks } = await explainToken(await idToken(), { ...ALL, keys });

  expect(checks[1]).toStrictEqual({ step: 'key', result: 'failed', code: 'keys_unavailable' });
});

describe('a key id that a key set at hand does not know', () => {
  test('is looked for before it is called unknown', async () => {
    const own = await createFakeGoogle();
    const keys = own.keySet();
    await keys.preload();
    await own.rotateKeys();

    const { checks } = await explainToken(await own.idToken({ aud: AUDIENCE }), { keys });

    expect(checks.slice(0, 3)).toStrictEqual(['form', 'key', 'signature'].map((step) => ({ step, result: 'passed' })));
  });

  test('is not called unknown where no fetch is left', async () => {
    const keys = google.keySet();
    await keys.preload();
    const explain = async () =>
      (await explainToken(await idToken({}, { kid: `${Math.random()}` }), { keys })).checks[1];

    expect(await explain()).toMatchObject({ step: 'key', code: 'key_unknown' });
    expect(await explain()).toMatchObject({
      step: 'key',
      code: 'keys_unavailable',
      hint: expect.stringContaining('15 s'),
    });
  });
});

test('the clock, the tolerance and the longest lifetime are those of the options', async () => {
  const token = await idToken({ iat: 1_760_000_000, exp: 1_760_003_600 });
  const failuresWith = async (options: ExplainOptions) => {
    const { checks } = await explainToken(token, { ...ALL, ...options });
    return checks.filter(({ result }) => result === 'failed').map(({ step }) => step);
  };

  expect(await failuresWith({ now: () => 1_760_003_629_000 })).toEqual([]);
  expect(await failuresWith({ now: () => 1_760_003_629_000, clockToleranceSeconds: 10 })).toEqual(['time']);
  expect(await failuresWith({ now: () => 1_760_003_000_000, maxLifetimeSeconds: 3599 })).toEqual(['claims']);
});

test('what fails otherwise than a check is thrown', async () => {
  const fault = new Error('The directory is down.');
  const callers = () => Promise.reject(fault);

  await expect(explainToken(await idToken(), { ...ALL, callers })).rejects.toBe(fault);
});

test('a wrong option is a TypeError that names it', async () => {
  await expect(explainToken('', { ...ALL, callers: [] })).rejects.toThrow(/"callers"/);
  await expect(explainToken('', { audience: 'https://*.example.com', callers: anyCaller })).rejects.toThrow(TypeError);
});

describe('the word for a caller', () => {
  const person = { sub: '109876543210987654321', email: 'zoe@example.com', email_verified: true, hd: 'example.com' };

  test.each<[word: string, what: string, claims: object]>([
    [SENDER.email, "a service account's e-mail", SENDER],
    [SENDER.sub, 'a unique id', { sub: SENDER.sub, email: undefined }],
    ['zoe@example.com', "a person's e-mail", person],
    ['example.com', 'a Workspace domain', person],
    ['1example.com', 'a domain that begins with a digit', { ...person, hd: '1example.com' }],
    ['example.xn--1', 'a domain that ends with a digit', { ...person, hd: 'example.xn--1' }],
  ])('%s is %s, and lets in nobody else', async (word, _, claims) => {
    const explain = async (more: object) =>
      explainToken(await idToken({ ...more }), { ...ALL, callers: callerRule(word) });

    expect(await explain(claims)).toMatchObject({ accepted: true });
    const stranger = { sub: '5', email: 'eve@else.iam.gserviceaccount.com', email_verified: true, hd: 'example.net' };
    expect((await explain(stranger)).checks.at(-1)).toMatchObject({ step: 'caller', code: 'caller_not_allowed' });
  });

  test('any lets everybody in', () => {
    expect(callerRule('any')).toBe(anyCaller);
  });

  test.each(['', 'anybody', 'two words', 'Example.com', 'a@b@c'])('must not be %j', (word) => {
    expect(() => callerRule(word)).toThrow(TypeError);
  });
});

function encode(value: object): string {
  return base64url.encode(JSON.stringify(value));
}
