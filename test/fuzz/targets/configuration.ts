import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import {
  anyCaller,
  createGoogleIdTokenVerifier,
  createGoogleKeySet,
  type GoogleIdTokenVerifier,
  type GoogleIdTokenVerifierOptions,
  type GoogleKeySetOptions,
  type KeySet,
  staticKeySet,
} from '@id-token-guard/core';
import fc from 'fast-check';
import { signed } from '../../core/hostile/forge.ts';
import { often } from '../generators/json-texts.ts';
import { refusedOr } from '../support/errors.ts';
import { AUDIENCE, CLAIMS, HEADER, JWK, KEY, NOW } from '../support/google.ts';
import { property, type Target } from '../target.ts';

export interface Makers {
  readonly verifier: (options: GoogleIdTokenVerifierOptions) => GoogleIdTokenVerifier;
  readonly keySet: (options: GoogleKeySetOptions) => KeySet;
}

const sound: Makers = { verifier: createGoogleIdTokenVerifier, keySet: createGoogleKeySet };

/** What a mistake, an unset variable or plain JavaScript may put in place of an option. */
const wrong = fc.oneof(
  fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withSparseArray: true }),
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    'undefined',
    Number.NaN,
    -1,
    1e9,
    Number.POSITIVE_INFINITY,
    '30',
    /x/,
    Symbol('x'),
  ),
  fc.constantFrom<unknown>(
    [],
    {},
    [undefined],
    () => undefined,
    async () => true,
    'http://example.com',
    new URL('ftp://a'),
  ),
);

/** Right options, mostly, and one name that may be anything. */
function nearly(right: object, names: readonly string[]): fc.Arbitrary<object> {
  return fc
    .tuple(
      fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names), often('typo', fc.string())), wrong), { maxLength: 2 }),
      often<unknown>(null, wrong),
    )
    .map(([changes, other]) => (other === null ? { ...right, ...Object.fromEntries(changes) } : (other as object)));
}

const KEYS = staticKeySet({ keys: [JWK] });
const RIGHT = { audience: AUDIENCE, callers: anyCaller, keys: KEYS, now: () => NOW * 1000 };
const VERIFIER_OPTIONS = [
  'audience',
  'callers',
  'clockToleranceSeconds',
  'maxLifetimeSeconds',
  'tokenCacheSize',
  'keys',
];
const KEY_OPTIONS = ['url', 'fetch', 'timeoutSeconds', 'maxStaleSeconds', 'snapshot', 'store', 'onEvent', 'now'];

const FOREIGN = signed(KEY, HEADER, { ...CLAIMS, aud: 'https://somebody-else.example' });
const OLD = signed(KEY, HEADER, { ...CLAIMS, iat: NOW - 7200, exp: NOW - 3600 });

export const configuration: Target<Makers> = {
  name: 'configuration',
  subject: sound,
  properties: [
    property({
      name: 'of a verifier: a TypeError that names the option, or a verifier that checks',
      values: nearly(RIGHT, VERIFIER_OPTIONS),
      async check({ verifier: create }: Makers, options) {
        const verifier = builtOr(() => create(options as GoogleIdTokenVerifierOptions));
        if (verifier === undefined) {
          return 'TypeError';
        }
        for (const token of (options as typeof RIGHT).keys === KEYS ? [FOREIGN, OLD] : []) {
          assert('code' in (await refusedOr(token, () => verifier.verify(token))), 'A check is off.');
        }
        return 'built';
      },
      outcomes: ['TypeError', 'built'],
      broken: {
        'trusts a number to be one': { ...sound, verifier: trustingSize },
        'takes no audience for any': { ...sound, verifier: forAnyAudience },
      },
    }),
    property({
      name: 'of a key set: a TypeError that names the option, or a key set',
      values: nearly({ url: 'https://keys.example/', fetch: () => Promise.reject(new Error('no')) }, KEY_OPTIONS),
      check({ keySet: create }: Makers, options) {
        const keys = builtOr(() => create(options as GoogleKeySetOptions));
        return keys === undefined ? 'TypeError' : `built, ${keys.status().state}`;
      },
      outcomes: ['TypeError', 'built, empty'],
      broken: { 'trusts a URL to be one': { ...sound, keySet: trustingUrl } },
    }),
  ],
};

/** The sentences that name an option, or whose options they are. Those of JavaScript itself name neither. */
const NAMES_AN_OPTION = /^"\w+" (?:must|is|has|needs)|^Unknown option "|^createGoogle\w+\(\) takes/;

function builtOr<T>(build: () => T): T | undefined {
  try {
    return build();
  } catch (error) {
    assert(error instanceof TypeError && NAMES_AN_OPTION.test(error.message), inspect(error));
    return undefined;
  }
}

function trustingSize(options: GoogleIdTokenVerifierOptions): GoogleIdTokenVerifier {
  new Array(options?.tokenCacheSize ?? 0).fill(undefined);
  return createGoogleIdTokenVerifier(options);
}

function forAnyAudience(options: GoogleIdTokenVerifierOptions): GoogleIdTokenVerifier {
  const isForAny = typeof options === 'object' && options !== null && !options.audience;
  const audience = (value: string) => !value.startsWith('id-token-guard:');
  return createGoogleIdTokenVerifier(isForAny ? { ...options, audience } : options);
}

function trustingUrl(options: GoogleKeySetOptions): KeySet {
  return createGoogleKeySet(options?.url === undefined ? options : { ...options, url: new URL(options.url) });
}
