/*
 * Configuration that looks right to the compiler, and would let everybody in or nobody.
 */
import {
  anyCaller,
  createGoogleIdTokenVerifier,
  createGuard,
  GoogleIdTokenError,
  type GoogleIdTokenVerifierOptions,
  serviceAccount,
  urlsUnder,
} from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { AUDIENCE } from './fixtures.ts';

const callers = serviceAccount('sender@my-project.iam.gserviceaccount.com');

describe('a TypeError that names the option is thrown for', () => {
  test.each<[string, string, object]>([
    ['"audience"', 'a rule that accepts everything', { audience: Boolean }],
    ['"audience"', 'a rule that always says yes', { audience: () => true }],
    ['"audience"', 'a variable that is not set, in a template', { audience: 'https://undefined' }],
    ['"audience"', 'undefined as text', { audience: 'undefined' }],
    ['"audience"', 'null as text', { audience: 'null' }],
    ['"audience"', 'a list in one text', { audience: 'https://a.example,https://b.example' }],
    ['"audience"', 'quotes from a .env file', { audience: '"https://a.example"' }],
    ['"audience"', 'two lines', { audience: 'https://a.example\nhttps://b.example' }],
    ['"audience"', 'a character that cannot be seen', { audience: 'https://a.example\u200b' }],
    ['"callers"', 'a maker of rules that was not called', { callers: serviceAccount }],
    ['"callers"', 'a maker of rules beside a rule', { callers: [callers, serviceAccount] }],
    ['"callers"', 'anyCaller beside a rule, which then means nothing', { callers: [anyCaller, callers] }],
    ['"keys"', 'a Map', { keys: new Map() }],
    ['"keys"', 'half a key set', { keys: { get: async () => undefined } }],
  ])('%s: %s', (name, _, wrong) => {
    const build = () =>
      createGoogleIdTokenVerifier({ audience: AUDIENCE, callers, ...wrong } as GoogleIdTokenVerifierOptions);

    expect(build).toThrow(TypeError);
    expect(build).toThrow(name);
  });

  test('a variable that is not set, and asks whether that is so', () => {
    const options = { audience: process.env['NO_SUCH_VARIABLE'], callers } as GoogleIdTokenVerifierOptions;

    expect(() => createGoogleIdTokenVerifier(options)).toThrow(
      /^"audience" is required: .* Is it read from an environment variable that is not set\?$/,
    );
  });

  test('urlsUnder() of a wildcard, or of a variable that is not set', () => {
    expect(() => urlsUnder('https://*.example.com')).toThrow(TypeError);
    expect(() => urlsUnder('https://undefined/push')).toThrow(TypeError);
  });

  test('options of the adapter within the verifier, where they would be ignored', () => {
    const verifier = createGoogleIdTokenVerifier({ audience: AUDIENCE, callers });

    expect(() => createGuard([{ ...verifier, onRefused: () => {} } as never], () => {})).toThrow(TypeError);
  });

  test('a header that carries no token', async () => {
    const verifier = createGoogleIdTokenVerifier({ audience: AUDIENCE, callers });

    await expect(verifier.authenticate({ cookie: 'Bearer x' }, { header: 'cookie' as never })).rejects.toThrow(
      TypeError,
    );
  });
});

test('an error as JSON does not have the hint: it is for the operator', () => {
  const error = new GoogleIdTokenError('audience_mismatch', {
    hint: 'expected "https://api.example.com"',
    claim: 'aud',
  });

  expect(JSON.parse(JSON.stringify(error))).toStrictEqual({
    name: 'GoogleIdTokenError',
    code: 'audience_mismatch',
    status: 401,
    message: 'The token was issued for another audience.',
  });
});
