/*
 * What an adapter is given. That each adapter reads it so is tested with the adapters; here is what whoever mistakes the
 * arguments is told.
 */
import {
  createGoogleIdTokenVerifier,
  createGuard,
  type GoogleIdTokenVerifierOptions,
  serviceAccount,
} from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { AUDIENCE, google, SENDER } from './fixtures.ts';

const OPTIONS: GoogleIdTokenVerifierOptions = {
  audience: AUDIENCE,
  callers: serviceAccount(SENDER.email),
  keys: google.keySet(),
};

const VERIFIER = createGoogleIdTokenVerifier(OPTIONS);

describe('createGuard', () => {
  test('reads the authorization header, and has no answer of its own, unless it is told', () => {
    expect(createGuard(VERIFIER)).toStrictEqual({
      verifier: VERIFIER,
      header: 'authorization',
      onRefused: undefined,
    });
  });

  test.each<[string, (options: object) => object]>([
    ['beside those of a verifier', (options) => createGuard({ ...OPTIONS, ...options })],
    ['behind a verifier', (options) => createGuard(VERIFIER, options)],
  ])('takes the options of the adapter %s', (_, guard) => {
    const onRefused = () => 'an answer';

    expect(guard({ header: 'x-serverless-authorization', onRefused })).toMatchObject({
      header: 'x-serverless-authorization',
      onRefused,
    });
  });

  test.each<[string, unknown[]]>([
    ['"header" must be "authorization" or "x-serverless-authorization".', [{ ...OPTIONS, header: 'cookie' }]],
    [
      'The options of the adapter come behind the verifier: requireGoogleIdToken(verifier, options).',
      [{ ...VERIFIER, header: 'authorization' }],
    ],
    [
      'Unknown option "audience": requireGoogleIdToken(verifier, options) knows header, onRefused.',
      [VERIFIER, { audience: AUDIENCE }],
    ],
    [
      'Unknown option "audiences": requireGoogleIdToken() knows audience, callers, clockToleranceSeconds, maxLifetimeSeconds, keys, tokenCacheSize, now, onEvent, header, onRefused.',
      [{ ...OPTIONS, audiences: [] }],
    ],
    [
      'requireGoogleIdToken() takes a second argument only after a verifier: put all options into one object.',
      [AUDIENCE, { header: 'authorization' }],
    ],
    ['"audience" must be a string or a list here: a rule belongs into the options, beside "callers".', [() => true]],
  ])('throws: %s', (message, args) => {
    const build = () => createGuard(...(args as [string]));

    expect(build).toThrow(TypeError);
    expect(build).toThrow(message);
  });
});
