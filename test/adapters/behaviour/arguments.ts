import { anyCaller, createGoogleIdTokenVerifier, type GuardArguments, serviceAccount } from '@id-token-guard/core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { AUDIENCE, google, guardOptions, idToken, SENDER } from '../support/fixtures.ts';
import { expectRefused } from '../support/refusal-table.ts';
import { type Adapter, startService } from '../support/service.ts';

const STRANGER = { sub: '909090909090909090909', email: 'stranger@elsewhere.iam.gserviceaccount.com' };

/** Something else with a method `authenticate`. */
class Passport {
  authenticate(): undefined {}
}

export function describeArguments<OnRefused>(adapter: Adapter<OnRefused>): void {
  describe('requireGoogleIdToken(audience)', () => {
    // Without a key set of its own, a guard asks the real URL through the global fetch.
    beforeAll(() => void vi.stubGlobal('fetch', google.fetch));
    afterAll(() => void vi.unstubAllGlobals());

    test('accepts any caller with a token for this audience', async () => {
      const service = await startService(adapter, AUDIENCE);

      const answers = [
        await service.get(`Authorization: Bearer ${await idToken()}`),
        await service.get(`Authorization: Bearer ${await idToken(STRANGER)}`),
      ];

      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(service.handled.map(({ claims }) => claims.sub)).toEqual([SENDER.sub, STRANGER.sub]);
    });

    test('refuses a token for another audience', async () => {
      const service = await startService(adapter, AUDIENCE);

      const answer = await service.get(`Authorization: Bearer ${await idToken({ aud: `${AUDIENCE}/` })}`);

      expectRefused(service, answer, 'audience_mismatch');
    });

    test('takes a list, each of which will do', async () => {
      const service = await startService(adapter, ['https://old.example.com', AUDIENCE]);

      const answers = [
        await service.get(`Authorization: Bearer ${await idToken({ aud: 'https://old.example.com' })}`),
        await service.get(`Authorization: Bearer ${await idToken()}`),
      ];

      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    });

    test('refuses a token for an audience that is not in the list', async () => {
      const service = await startService(adapter, ['https://old.example.com', AUDIENCE]);

      const answer = await service.get(`Authorization: Bearer ${await idToken({ aud: 'https://new.example.com' })}`);

      expectRefused(service, answer, 'audience_mismatch');
    });
  });

  describe('requireGoogleIdToken(options)', () => {
    test('accepts a caller whom a rule names', async () => {
      const callers = [serviceAccount('somebody@else.iam.gserviceaccount.com'), serviceAccount(SENDER.sub)];
      const service = await startService(adapter, { ...guardOptions(), callers });

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect(answer.status).toBe(200);
    });

    test('refuses a caller whom no rule names', async () => {
      const service = await startService(adapter, guardOptions());

      const answer = await service.get(`Authorization: Bearer ${await idToken(STRANGER)}`);

      expectRefused(service, answer, 'caller_not_allowed');
    });

    test('does not change what it is given', async () => {
      const options = Object.freeze({ ...guardOptions(), audience: Object.freeze([AUDIENCE]) });
      const service = await startService(adapter, options);

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect(answer.status).toBe(200);
    });
  });

  describe('requireGoogleIdToken(verifier)', () => {
    test('asks the verifier', async () => {
      const service = await startService(adapter, createGoogleIdTokenVerifier(guardOptions()));

      const refused = await service.get(`Authorization: Bearer ${await idToken(STRANGER)}`);
      expectRefused(service, refused, 'caller_not_allowed');
      const accepted = await service.get(`Authorization: Bearer ${await idToken()}`);
      expect(accepted.status).toBe(200);
    });

    test('takes the options of the adapter behind it', async () => {
      const verifier = createGoogleIdTokenVerifier(guardOptions());
      const service = await startService(adapter, verifier, { header: 'x-serverless-authorization' });
      const token = await idToken();

      const refused = await service.get(`Authorization: Bearer ${token}`);
      expectRefused(service, refused, 'token_missing');
      const accepted = await service.get(`X-Serverless-Authorization: Bearer ${token}`);
      expect(accepted.status).toBe(200);
    });
  });

  describe('a wrong configuration is a TypeError when the guard is built', () => {
    const verifier = createGoogleIdTokenVerifier(guardOptions());
    const good = { audience: AUDIENCE, callers: anyCaller };

    test.each<[title: string, named: string, args: unknown[]]>([
      ['no argument', '"audience"', []],
      ['an audience from a variable that is not set', '"audience"', [undefined]],
      ['null', '"audience"', [null]],
      ['a number', '"audience"', [42]],
      ['a RegExp', '"audience"', [/^https:\/\/api\.example\.com/]],
      ['a rule for audiences, without callers', '"audience"', [() => true]],
      ['a rule for callers', '"audience"', [anyCaller]],
      ['an empty audience', '"audience"', ['']],
      ['white space before the audience', '"audience"', [` ${AUDIENCE}`]],
      ['a line break after the audience', '"audience"', [`${AUDIENCE}\n`]],
      ['a wildcard', '"audience"', ['https://*.example.com']],
      ['an empty list', '"audience"', [[]]],
      ['a list with a value that is not set', '"audience"', [[AUDIENCE, undefined]]],
      ['a list with an empty value', '"audience"', [[AUDIENCE, '']]],
      ['a list with a RegExp', '"audience"', [[/example/]]],
      ['options without an audience', '"audience"', [{ callers: anyCaller }]],
      ['options whose audience is not set', '"audience"', [{ ...good, audience: undefined }]],
      ['options whose audience is a RegExp', '"audience"', [{ ...good, audience: /example/ }]],
      ['options without callers', '"callers"', [{ audience: AUDIENCE }]],
      ['options without any caller', '"callers"', [{ ...good, callers: [] }]],
      ['callers that are no rules', '"callers"', [{ ...good, callers: SENDER.email }]],
      ['an unknown option', '"audiences"', [{ ...good, audiences: [] }]],
      ['an option that would turn a check off', '"ignoreExpiration"', [{ ...good, ignoreExpiration: true }]],
      ['a key set that is none', '"keys"', [{ ...good, keys: google.jwks }]],
      ['a negative tolerance', '"clockToleranceSeconds"', [{ ...good, clockToleranceSeconds: -1 }]],
      ['a tolerance that is no number', '"clockToleranceSeconds"', [{ ...good, clockToleranceSeconds: Number.NaN }]],
      ['another header', '"header"', [{ ...good, header: 'cookie' }]],
      ['a header in capitals', '"header"', [{ ...good, header: 'Authorization' }]],
      ['a list of headers', '"header"', [{ ...good, header: ['authorization', 'x-serverless-authorization'] }]],
      ['onRefused that is not a function', '"onRefused"', [{ ...good, onRefused: 'next' }]],
      ['onRefused that is null', '"onRefused"', [{ ...good, onRefused: null }]],
      ['optional that is a text', '"optional"', [{ ...good, optional: 'true' }]],
      ['optional that is null', '"optional"', [{ ...good, optional: null }]],
      ['optional that is not a boolean behind a verifier', '"optional"', [verifier, { optional: 1 }]],
      ['optional behind an audience', 'second argument', [AUDIENCE, { optional: true }]],
      ['a second argument behind an audience', 'second argument', [AUDIENCE, { callers: anyCaller }]],
      ['a second argument behind options', 'second argument', [good, { header: 'authorization' }]],
      ['another header behind a verifier', '"header"', [verifier, { header: 'cookie' }]],
      ['onRefused that is not a function behind a verifier', '"onRefused"', [verifier, { onRefused: 'next' }]],
      ["a verifier's option behind a verifier", '"callers"', [verifier, { callers: anyCaller }]],
      ['a list behind a verifier', 'object of options', [verifier, []]],
      ['a copy of a verifier', 'createGoogleIdTokenVerifier()', [{ ...verifier }]],
      ['a verifier that wraps another', 'createGoogleIdTokenVerifier()', [{ ...verifier, authenticate: () => {} }]],
      ['a proxy of a verifier', 'createGoogleIdTokenVerifier()', [new Proxy(verifier, {})]],
      ['an object that inherits from a verifier', 'createGoogleIdTokenVerifier()', [Object.create(verifier)]],
      ['a passport', 'createGoogleIdTokenVerifier()', [new Passport(), { header: 'authorization' }]],
    ])('%s: the message says %s', (_, named, args) => {
      const build = () => adapter.requireGoogleIdToken(...(args as GuardArguments<OnRefused>));

      expect(build).toThrow(TypeError);
      expect(build).toThrow(named);
    });
  });
}
