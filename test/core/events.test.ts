import { inspect } from 'node:util';
import type { CallerRule, GuardEvent, RequestHeaders } from '@id-token-guard/core';
import { refusedRequests } from '@id-token-guard/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { AUDIENCE, createVerifier, google, idToken, SENDER } from './fixtures.ts';
import { refusalOf } from './refusal-of.ts';

beforeEach(() => google.answerWith('ok'));

describe('events', () => {
  const kid = google.jwks.keys[0]?.kid;
  const caller = { kind: 'service_account', uniqueId: SENDER.sub, email: SENDER.email, projectId: 'my-project' };

  test('tell of an accepted token who called and which key signed, and whether it was known', async () => {
    const { events, onEvent } = recorder();
    const verifier = createVerifier({ onEvent });
    const token = await idToken();

    await verifier.verify(token);
    await verifier.verify(token);

    expect(events).toStrictEqual([
      { type: 'keys_refreshed', source: 'google', keyIds: [kid], freshForSeconds: expect.any(Number) },
      { type: 'token_accepted', kid, caller, fromCache: false },
      { type: 'token_accepted', kid, caller, fromCache: true },
    ]);
  });

  test('tell of a refused token why, with the hint that the error has', async () => {
    const { refused, onEvent } = recorder();
    const token = await idToken({ aud: 'https://other.example.com' });

    const refusal = await refusalOf(() => createVerifier({ onEvent }).verify(token));

    expect(refused).toStrictEqual([
      { type: 'token_refused', code: 'audience_mismatch', claim: 'aud', hint: refusal.hint, kid },
    ]);
  });

  test('tell of a known token that is refused, too', async () => {
    const { refused, onEvent } = recorder();
    let now = Date.now();
    const verifier = createVerifier({ onEvent, now: () => now });
    const token = await idToken();
    await verifier.verify(token);

    now += 7_200_000;
    const refusal = await refusalOf(() => verifier.verify(token));

    expect(refused).toStrictEqual([
      { type: 'token_refused', code: 'token_expired', claim: 'exp', hint: refusal.hint, kid },
    ]);
  });

  test('tell of a request without a token', async () => {
    const { events, onEvent } = recorder();

    const refusal = await refusalOf(() => createVerifier({ onEvent }).authenticate({}));

    expect(events).toStrictEqual([{ type: 'token_refused', code: 'token_missing', hint: refusal.hint }]);
  });

  test('tell of keys that cannot be had', async () => {
    google.answerWith('outage');
    const { events, onEvent } = recorder();
    const token = await idToken();

    const refusal = await refusalOf(() => createVerifier({ onEvent }).verify(token));

    expect(events).toStrictEqual([
      { type: 'keys_refresh_failed', error: expect.any(Error), nextAttemptInSeconds: expect.any(Number) },
      { type: 'token_refused', code: 'keys_unavailable', hint: refusal.hint, kid },
    ]);
  });

  test.each([
    ['with a line break', 'a\nb'],
    ['with an ANSI escape', '\u001b[31m'],
    ['with markup', '<script>'],
    ['that is longer', 'a'.repeat(41)],
    ['in upper case', 'A'.repeat(40)],
    ['that is not ASCII', 'ключ'],
  ])('leave out a key id %s: whoever made the token chose it', async (_, forgedKid) => {
    const { refused, onEvent } = recorder();
    const token = await idToken({}, { kid: forgedKid });

    await refusalOf(() => createVerifier({ onEvent }).verify(token));

    expect(refused).toStrictEqual([{ type: 'token_refused', code: 'key_unknown', hint: expect.any(String) }]);
  });

  test('name the unknown key of a token if it looks like one of Google', async () => {
    const { refused, onEvent } = recorder();
    const token = await idToken({}, { kid: '0123456789abcdef0123456789abcdef01234567' });

    await refusalOf(() => createVerifier({ onEvent }).verify(token));

    expect(refused).toMatchObject([{ code: 'key_unknown', kid: '0123456789abcdef0123456789abcdef01234567' }]);
  });

  test('tell nothing of a caller rule that throws: that is no refusal', async () => {
    const { events, onEvent } = recorder();
    const fault = new Error('The directory is down.');
    const callers: CallerRule = () => Promise.reject(fault);

    const token = await idToken();

    await expect(createVerifier({ callers, onEvent }).verify(token)).rejects.toBe(fault);
    expect(events.map(({ type }) => type)).toEqual(['keys_refreshed']);
  });

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('The log is full.');
      },
    ],
    // Were the rejection not taken care of, the test runner would report it.
    ['rejects', () => Promise.reject(new Error('The log is full.'))],
    ['never settles', () => new Promise(() => {})],
  ])('do no harm if their listener %s', async (_, onEvent) => {
    const verifier = createVerifier({ onEvent: onEvent as () => void });

    expect((await verifier.verify(await idToken())).claims.sub).toBe(SENDER.sub);
    expect((await refusalOf(() => verifier.verify('cut'))).code).toBe('token_malformed');
  });

  describe('never carry the token:', async () => {
    const requests = await refusedRequests(google, { audience: AUDIENCE, claims: SENDER });
    const good = {
      title: 'a good token',
      headers: { authorization: `Bearer ${await idToken()}` },
      jwks: 'ok' as const,
    };

    test.each([good, ...requests])('$title', async ({ headers, jwks }) => {
      google.answerWith(jwks);
      const { events, onEvent } = recorder();

      await createVerifier({ onEvent })
        .authenticate(headers as RequestHeaders)
        .catch(() => {});

      const shown = [JSON.stringify(events), inspect(events, { depth: 9 })].join('\n');
      expect(events.filter(({ type }) => type.startsWith('token_'))).toHaveLength(1);
      for (const secret of Object.values(headers).flatMap(segmentsOf)) {
        expect(shown).not.toContain(secret);
      }
    });
  });
});

function recorder(): { events: GuardEvent[]; refused: GuardEvent[]; onEvent: (event: GuardEvent) => void } {
  const events: GuardEvent[] = [];
  const refused: GuardEvent[] = [];
  const onEvent = (event: GuardEvent) => {
    events.push(event);
    if (event.type === 'token_refused') {
      refused.push(event);
    }
  };
  return { events, refused, onEvent };
}

function segmentsOf(authorization: string): string[] {
  return authorization
    .replace('Bearer', '')
    .trim()
    .split('.')
    .filter((segment) => segment !== '');
}
