import { inspect } from 'node:util';
import {
  GoogleIdTokenError,
  type GoogleIdTokenErrorCode,
  isGoogleIdTokenError,
  serviceAccount,
  toRefusal,
} from '@id-token-guard/core';
import { refusedRequests } from '@id-token-guard/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { REFUSALS } from '../../packages/core/src/errors.ts';
import { AUDIENCE, createVerifier, google, SENDER } from './fixtures.ts';
import { refusalOf } from './refusal-of.ts';

const CODES = Object.keys(REFUSALS) as GoogleIdTokenErrorCode[];

describe('a GoogleIdTokenError', () => {
  test('carries what the operator needs beside the message', () => {
    const cause = new Error('The key URL answered with status 500.');

    const error = new GoogleIdTokenError('keys_unavailable', {
      claim: 'aud',
      hint: 'Look for a firewall.',
      retryAfterSeconds: 7,
      cause,
    });

    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'GoogleIdTokenError',
      code: 'keys_unavailable',
      status: 503,
      message: 'The keys to verify the token with are not available. Try again later.',
      claim: 'aud',
      hint: 'Look for a firewall.',
      retryAfterSeconds: 7,
      cause,
    });
  });

  test('has no cause, rather than one that is undefined, where nothing went wrong underneath', () => {
    const error = new GoogleIdTokenError('token_missing');

    expect('cause' in error).toBe(false);
    expect(error).toMatchObject({ claim: undefined, hint: undefined, retryAfterSeconds: undefined });
  });

  test.each(CODES)('has the same message for %s whatever the details', (code) => {
    const plain = new GoogleIdTokenError(code);
    const detailed = new GoogleIdTokenError(code, {
      claim: 'aud',
      hint: 'x',
      retryAfterSeconds: 7,
      cause: new Error('y'),
    });

    expect(detailed.message).toBe(plain.message);
    expect(detailed.status).toBe(plain.status);
  });
});

describe('the stack traces of other errors', () => {
  test.each<[string, () => unknown]>([
    ['after a refusal', () => new GoogleIdTokenError('token_missing')],
    ['after a code that there is not', () => new GoogleIdTokenError('no_such_code' as GoogleIdTokenErrorCode)],
    ['after details that are null', () => new GoogleIdTokenError('token_missing', null as unknown as object)],
    [
      'after details that throw',
      () =>
        new GoogleIdTokenError('token_missing', {
          get cause() {
            throw new Error('x');
          },
        }),
    ],
  ])('are as long as before %s', (_, make) => {
    const before = Error.stackTraceLimit;
    onTestFinished(() => {
      Error.stackTraceLimit = before;
    });

    try {
      make();
    } catch {
      // Whatever is wrong with it, the process must not pay for it.
    }

    expect(Error.stackTraceLimit).toBe(before);
    expect(new Error('x').stack).toContain('errors.test.ts');
  });
});

describe('an engine that lets nobody change the length of stack traces', () => {
  const descriptor = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') as PropertyDescriptor;

  test.each<[string, PropertyDescriptor]>([
    ['because it is fixed', { ...descriptor, writable: false }],
    ['because it is computed', { configurable: true, get: () => 10 }],
  ])('makes a refusal all the same: %s', (_, limit) => {
    onTestFinished(() => void Object.defineProperty(Error, 'stackTraceLimit', descriptor));
    Object.defineProperty(Error, 'stackTraceLimit', limit);

    expect(new GoogleIdTokenError('token_expired')).toMatchObject({ code: 'token_expired', status: 401 });
    expect(Error.stackTraceLimit).toBe(10);
  });
});

test('an error has no stack trace: all that it could tell is where this package refuses', () => {
  expect(new GoogleIdTokenError('token_expired').stack).toBe('GoogleIdTokenError: The token has expired.');
});

describe('isGoogleIdTokenError', () => {
  test.each(CODES)('knows an error with the code %s', (code) => {
    expect(isGoogleIdTokenError(new GoogleIdTokenError(code))).toBe(true);
  });

  test('knows an error of a subclass', () => {
    class AuthError extends GoogleIdTokenError {}

    expect(isGoogleIdTokenError(new AuthError('token_expired'))).toBe(true);
  });

  test('knows an error by its brand, which no version may change', () => {
    const brand = Symbol.for('id-token-guard.GoogleIdTokenError');
    const theirs = Object.defineProperty(new Error('x'), brand, { value: true });

    expect(isGoogleIdTokenError(Object.assign(theirs, { code: 'token_expired' }))).toBe(true);
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a text', 'GoogleIdTokenError'],
    ['an error', new Error('The token has expired.')],
    ['an error with its name', Object.assign(new Error('The token has expired.'), { name: 'GoogleIdTokenError' })],
    ['an error with its members', Object.assign(new Error('x'), { ...new GoogleIdTokenError('token_expired') })],
    ['an object with its members', { ...new GoogleIdTokenError('token_expired') }],
    ['its JSON', JSON.parse(JSON.stringify(new GoogleIdTokenError('token_expired')))],
    ['an error that inherits from one', Object.create(new GoogleIdTokenError('token_expired'))],
    ['the class', GoogleIdTokenError],
    ['its prototype', GoogleIdTokenError.prototype],
    ['a promise of one', Promise.resolve(new GoogleIdTokenError('token_expired'))],
  ])('is not fooled by %s', (_, value) => {
    expect(isGoogleIdTokenError(value)).toBe(false);
  });
});

describe('with two copies of the package', async () => {
  const copy = await secondCopy();

  test('the copies are copies', () => {
    expect(copy.GoogleIdTokenError).not.toBe(GoogleIdTokenError);
    expect(new copy.GoogleIdTokenError('token_expired')).not.toBeInstanceOf(GoogleIdTokenError);
  });

  test.each(CODES)('each knows and answers the %s of the other', (code) => {
    const theirs = new copy.GoogleIdTokenError(code, { retryAfterSeconds: 7 });
    const ours = new GoogleIdTokenError(code, { retryAfterSeconds: 7 });

    expect(isGoogleIdTokenError(theirs)).toBe(true);
    expect(copy.isGoogleIdTokenError(ours)).toBe(true);
    expect(toRefusal(theirs)).toStrictEqual(toRefusal(ours));
  });

  test.each(['token_replayed', 'toString', '__proto__', '', undefined])(
    'an error of a newer one, with a code that this one does not know, is not answered: %s',
    (code) => {
      const theirs = Object.defineProperty(new copy.GoogleIdTokenError('token_expired'), 'code', { value: code });

      expect(isGoogleIdTokenError(theirs)).toBe(false);
      expect(() => toRefusal(theirs)).toThrow(theirs);
    },
  );
});

describe('no error tells the token:', async () => {
  const requests = await refusedRequests(google, { audience: AUDIENCE, claims: SENDER });

  test.each(requests)('$code', async ({ code, headers, jwks }) => {
    google.answerWith(jwks);

    const error = await refusalOf(() => createVerifier({ callers: serviceAccount(SENDER.sub) }).authenticate(headers));

    google.answerWith('ok');
    expect(error).toMatchObject({ code, message: REFUSALS[code].message, hint: expect.any(String) });
    // What a log line, JSON and the console would show of it, causes included.
    const shown = [error.hint, error.stack, JSON.stringify(error), inspect(error, { depth: 9 })].join('\n');
    const segments = (headers['authorization'] ?? '').replace('Bearer', '').trim().split('.');
    for (const segment of segments.filter((text) => text !== '')) {
      expect(shown).not.toContain(segment);
    }
  });
});

/** As where two versions of the package are installed side by side. */
async function secondCopy(): Promise<typeof import('../../packages/core/src/errors.ts')> {
  vi.resetModules();
  return import('../../packages/core/src/errors.ts');
}
