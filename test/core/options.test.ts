/*
 * Wrong configuration is a TypeError when the thing is built, never a refusal later, and its message names the option.
 * What caller rules and urlsUnder() are made from stands in caller-rules.test.ts and audience.test.ts.
 */
import {
  anyCaller,
  createGoogleIdTokenVerifier,
  createGoogleKeySet,
  createGuard,
  GOOGLE_JWKS_URL,
  type GoogleIdTokenVerifierOptions,
  type GoogleKeySetOptions,
  type GuardArguments,
  serviceAccount,
  staticKeySet,
  subject,
} from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { AUDIENCE, google, SHARED_AUDIENCES } from './fixtures.ts';

const GOOD: GoogleIdTokenVerifierOptions = { audience: AUDIENCE, callers: anyCaller };

const notNumbers: [string, unknown][] = [
  ['NaN, as from an unset variable', Number(undefined)],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['a text', '30'],
  ['a bigint', 30n],
  ['null', null],
  ['a Number object', Object(30)],
];

const notFunctions: [string, unknown][] = [
  ['null', null],
  ['a text', 'log'],
  ['an object', {}],
  ['a promise', Promise.resolve(() => {})],
];

describe('createGoogleIdTokenVerifier', () => {
  describe('throws a TypeError that names the option', () => {
    describe.each<[keyof GoogleIdTokenVerifierOptions, [string, unknown][]]>([
      [
        'audience',
        [
          ['undefined, as from an unset environment variable', undefined],
          ['null', null],
          ['empty', ''],
          ['an empty list', []],
          ['a list with undefined', [AUDIENCE, undefined]],
          ['a list with an empty value', [AUDIENCE, '']],
          ['a RegExp', /example/],
          ['a list with a RegExp', [/example/]],
          ['surrounded by white space', ` ${AUDIENCE} `],
          ['ended by a line break', `${AUDIENCE}\n`],
          ['a wildcard', 'https://*.example.com'],
          ['a number', 1],
          ['true', true],
          ['a URL object', new URL(AUDIENCE)],
        ],
      ],
      [
        'callers',
        [
          ['undefined', undefined],
          ['null', null],
          ['an empty list', []],
          ['an e-mail, not a rule', 'sender@my-project.iam.gserviceaccount.com'],
          ['a list of e-mails', ['sender@my-project.iam.gserviceaccount.com']],
          ['a list with undefined', [anyCaller, undefined]],
          ['a list in a list', [[anyCaller]]],
          ['true', true],
          ['a RegExp', /sender/],
        ],
      ],
      ['clockToleranceSeconds', [...notNumbers, ['negative', -1], ['more than five minutes', 301]]],
      ['maxLifetimeSeconds', [...notNumbers, ['0', 0], ['negative', -3600], ['more than a day', 86_401]]],
      [
        'tokenCacheSize',
        [...notNumbers, ['negative', -1], ['a fraction', 1.5], ['more than the memory holds', 10_000_001]],
      ],
      [
        'keys',
        [
          ['null', null],
          ['a URL', GOOGLE_JWKS_URL],
          ['a JWKS: make a staticKeySet() of it', google.jwks],
          ['a promise of a key set', Promise.resolve(google.keySet())],
        ],
      ],
      ['now', [...notFunctions, ['a time', Date.now()], ['a Date', new Date(0)]]],
      ['onEvent', notFunctions],
    ])('"%s":', (name, values) => {
      test.each(values)('%s', (_, value) => {
        expectTypeError(() => createGoogleIdTokenVerifier({ ...GOOD, [name]: value }), `"${name}"`);
      });
    });

    test.each(SHARED_AUDIENCES)('"audience" that all users of %s share, if any caller may call', (sharers, shared) => {
      const options = { audience: ['my-app', shared], callers: [anyCaller] };

      expectTypeError(
        () => createGoogleIdTokenVerifier(options),
        `"audience" has ${shared}, which all users of ${sharers} share, so "callers" must say who may call`,
      );
    });

    test.each(['audiences', 'caller', 'issuer', 'jwksUri', 'header', 'clockTolerance', 'ignoreExpiration'])(
      '"%s", which it does not know',
      (name) => {
        expectTypeError(() => createGoogleIdTokenVerifier({ ...GOOD, [name]: 'x' }), `Unknown option "${name}"`);
      },
    );

    test('an unknown option, even if it is undefined: a misspelt name must not be ignored', () => {
      const options = { ...GOOD, maxLifeTimeSeconds: undefined };

      expectTypeError(() => createGoogleIdTokenVerifier(options), 'maxLifeTimeSeconds');
      expectTypeError(() => createGoogleIdTokenVerifier(options), 'maxLifetimeSeconds');
    });

    test.each<[string, unknown]>([
      ['nothing', undefined],
      ['null', null],
      ['an audience alone', AUDIENCE],
      ['a list', [GOOD]],
      ['a function', () => GOOD],
    ])('%s instead of options', (_, options) => {
      const build = () => createGoogleIdTokenVerifier(options as GoogleIdTokenVerifierOptions);

      expectTypeError(build, 'createGoogleIdTokenVerifier() takes an object of options.');
    });
  });

  test.each<[string, Partial<GoogleIdTokenVerifierOptions>]>([
    ['the least', { clockToleranceSeconds: 0, maxLifetimeSeconds: 1, tokenCacheSize: 0 }],
    ['much', { clockToleranceSeconds: 300, maxLifetimeSeconds: 86_400, tokenCacheSize: 10_000 }],
    ['fractions of seconds', { clockToleranceSeconds: 0.5, maxLifetimeSeconds: 3600.5 }],
    ['a list of audiences', { audience: [AUDIENCE, 'my-app'] }],
    ['a rule for audiences', { audience: (aud: string) => aud === AUDIENCE }],
    ['a list of rules', { callers: [serviceAccount('1'), subject('2')] }],
    [
      'undefined for whatever has a default',
      {
        clockToleranceSeconds: undefined,
        maxLifetimeSeconds: undefined,
        tokenCacheSize: undefined,
        keys: undefined,
        now: undefined,
        onEvent: undefined,
      },
    ],
  ])('takes %s', (_, options) => {
    expect(createGoogleIdTokenVerifier({ ...GOOD, ...options }).keys).toBeDefined();
  });

  test('takes frozen options, and leaves them as they are', () => {
    const options = Object.freeze({ ...GOOD, audience: Object.freeze([AUDIENCE]) });

    createGoogleIdTokenVerifier(options);

    expect(options).toStrictEqual({ ...GOOD, audience: [AUDIENCE] });
  });

  test('shares one key set with all verifiers of the process that were given none', () => {
    const { keys } = createGoogleIdTokenVerifier(GOOD);
    const own = google.keySet();

    expect(createGoogleIdTokenVerifier({ ...GOOD, audience: 'other' }).keys).toBe(keys);
    expect(createGoogleIdTokenVerifier({ ...GOOD, keys: own }).keys).toBe(own);
  });
});

describe('createGoogleKeySet', () => {
  const snapshot = {
    version: 1 as const,
    url: GOOGLE_JWKS_URL,
    fetchedAt: 0,
    freshForSeconds: 300,
    keys: google.jwks.keys.map(({ kty, kid, n, e }) => ({ kty, kid, n, e })),
  };

  describe('throws a TypeError that names the option', () => {
    describe.each<[keyof GoogleKeySetOptions, [string, unknown][]]>([
      [
        'url',
        [
          ['no URL', 'www.googleapis.com/oauth2/v3/certs'],
          ['empty', ''],
          ['http on another host', 'http://www.googleapis.com/oauth2/v3/certs'],
          ['http on a host that begins like loopback', 'http://localhost.example.com/certs'],
          ['http on a host that begins like 127.0.0.1', 'http://127.0.0.1.example.com/certs'],
          ['http on all interfaces', 'http://0.0.0.0/certs'],
          ['http on a private address', 'http://10.0.0.1/certs'],
          ['a file', 'file:///etc/certs.json'],
          ['data', 'data:application/json,{"keys":[]}'],
          ['with a user name', 'https://user@keys.example.com/certs'],
          ['with a password', 'https://:password@keys.example.com/certs'],
          ['a number', 8585],
        ],
      ],
      ['fetch', notFunctions],
      ['timeoutSeconds', [...notNumbers, ['0', 0], ['negative', -1], ['more than a minute', 61]]],
      ['maxStaleSeconds', [...notNumbers, ['negative', -1], ['more than a week', 604_801]]],
      [
        'snapshot',
        [
          ['null', null],
          ['JSON text', JSON.stringify(snapshot)],
          ['a JWKS', google.jwks],
          ['of another version', { ...snapshot, version: 2 }],
          ['of another URL', { ...snapshot, url: 'https://keys.example.com/certs' }],
          ['without a time', { ...snapshot, fetchedAt: undefined }],
          ['with a time that is no number', { ...snapshot, fetchedAt: new Date(0).toISOString() }],
          ['without a lifetime', { ...snapshot, freshForSeconds: Number.NaN }],
          ['without keys', { ...snapshot, keys: undefined }],
          ['with no usable key', { ...snapshot, keys: [{ kty: 'RSA' }] }],
          ['with keys of a fake Google', { ...snapshot, keys: google.jwks.keys }],
        ],
      ],
      [
        'store',
        [
          ['null', null],
          ['a Map of keys', {}],
          ['that can only read', { get: () => {} }],
          ['that can only write', { set: () => {} }],
        ],
      ],
      ['now', [...notFunctions, ['a time', Date.now()]]],
      ['onEvent', notFunctions],
    ])('"%s":', (name, values) => {
      test.each(values)('%s', (_, value) => {
        expectTypeError(() => createGoogleKeySet({ [name]: value }), `"${name}"`);
      });
    });

    test.each(['uri', 'jwksUrl', 'timeout', 'cache', 'refreshSeconds'])('"%s", which it does not know', (name) => {
      expectTypeError(() => createGoogleKeySet({ [name]: 'x' }), `Unknown option "${name}"`);
    });

    test.each<[string, unknown]>([
      ['null', null],
      ['a URL alone', GOOGLE_JWKS_URL],
      ['a list', []],
    ])('%s instead of options', (_, options) => {
      expectTypeError(() => createGoogleKeySet(options as GoogleKeySetOptions), 'createGoogleKeySet() takes an object');
    });
  });

  test.each<[string, GoogleKeySetOptions | undefined]>([
    ['nothing', undefined],
    ['the real URL', { url: GOOGLE_JWKS_URL }],
    ['a URL object', { url: new URL('https://keys.example.com/certs') }],
    ['http on localhost', { url: 'http://localhost:8585/oauth2/v3/certs' }],
    ['http on 127.0.0.1', { url: 'http://127.0.0.1:8585/oauth2/v3/certs' }],
    ['http on the IPv6 loopback', { url: 'http://[::1]:8585/oauth2/v3/certs' }],
    ['the least', { timeoutSeconds: 0.01, maxStaleSeconds: 0 }],
    ['the most', { timeoutSeconds: 60, maxStaleSeconds: 604_800 }],
    ['a store', { store: { get: async () => null, set: async () => {} } }],
    [
      'undefined for everything',
      {
        url: undefined,
        fetch: undefined,
        timeoutSeconds: undefined,
        maxStaleSeconds: undefined,
        snapshot: undefined,
        store: undefined,
        onEvent: undefined,
        now: undefined,
      },
    ],
  ])('takes %s, and fetches nothing yet', (_, options) => {
    expect(createGoogleKeySet(options).status()).toStrictEqual({ state: 'empty', usable: false, keyIds: [] });
  });

  test('takes a snapshot, and knows its keys without a fetch', () => {
    expect(createGoogleKeySet({ snapshot }).status()).toMatchObject({ keyIds: snapshot.keys.map(({ kid }) => kid) });
  });
});

describe('staticKeySet', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a list of keys', google.jwks.keys],
    ['one key', google.jwks.keys[0]],
    ['JSON text', JSON.stringify(google.jwks)],
    ['keys by their ids', { keys: { 'key-1': google.jwks.keys[0] } }],
    ['a URL', GOOGLE_JWKS_URL],
  ])('throws a TypeError for %s', (_, jwks) => {
    expectTypeError(() => staticKeySet(jwks as typeof google.jwks), 'staticKeySet() takes a JWKS');
  });
});

describe('createGuard, which reads the arguments of every adapter,', () => {
  const verifier = createGoogleIdTokenVerifier(GOOD);

  test.each<[string, string, unknown[]]>([
    ['"audience"', 'no argument', []],
    ['"audience"', 'an audience that is not set', [undefined]],
    ['"audience"', 'an empty audience', ['']],
    ['"audience"', 'a RegExp', [/example/]],
    ['"audience"', 'options without audience', [{ callers: anyCaller }]],
    ['"callers"', 'options without callers', [{ audience: AUDIENCE }]],
    ['"header"', 'another header', [{ ...GOOD, header: 'x-token' }]],
    ['"header"', 'a header in other case', [{ ...GOOD, header: 'Authorization' }]],
    ['"header"', 'null for a header', [{ ...GOOD, header: null }]],
    ['"onRefused"', 'a text for a function', [{ ...GOOD, onRefused: 'next' }]],
    ['Unknown option "onError"', 'an option that nobody knows', [{ ...GOOD, onError: () => {} }]],
    ['Unknown option "callers"', "a verifier's option beside a verifier", [verifier, { callers: anyCaller }]],
    ['"header"', 'another header beside a verifier', [verifier, { header: 'x-token' }]],
    ['an object of options', 'a list beside a verifier', [verifier, []]],
    ['second argument', 'options beside an audience', [AUDIENCE, { header: 'authorization' }]],
    ['second argument', 'options beside options', [GOOD, {}]],
  ])('names %s, given %s', (named, _, args) => {
    expectTypeError(() => createGuard(args as GuardArguments<unknown>, () => {}), named);
  });
});

function expectTypeError(build: () => unknown, named: string): void {
  expect(build).toThrow(TypeError);
  expect(build).toThrow(named);
}
