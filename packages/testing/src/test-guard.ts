import { GoogleIdTokenError, type GoogleIdTokenErrorCode } from '@id-token-guard/core';
import type { FakeGoogle } from './fake-google.ts';
import {
  describeAnswer,
  type GuardAnswer,
  hadNoKeys,
  missingFrom,
  type ReadAnswer,
  readAnswer,
} from './guard-answer.ts';
import { type RefusedRequest, type RefusedRequestsOptions, refusedRequests } from './refused-requests.ts';

/** Sends one request with these headers to the app under test. */
export type SendRequest = (headers: Readonly<Record<string, string>>) => GuardAnswer | Promise<GuardAnswer>;

/** `describe`, of whichever test runner. */
export type DefineSuite = (name: string, define: () => void) => unknown;

/** `test` or `it`, of whichever test runner. */
export type DefineTest = (name: string, run: () => Promise<void>) => unknown;

/** Options of {@link testGuard}. */
export interface TestGuardOptions extends RefusedRequestsOptions {
  /**
   * The Google that the app under test trusts: it is given `google.keySet()`, or msw answers with `google.handlers`.
   * A promise of it, or a function that gives it, where tests are registered without `await`, as in CommonJS.
   */
  readonly google: FakeGoogle | PromiseLike<FakeGoogle> | (() => FakeGoogle | PromiseLike<FakeGoogle>);
  /** `send` tries an upgrade, as `sendHandshake()` does: a good token must be answered with 101. @default false */
  readonly upgrade?: boolean | undefined;
  /** The guard is `optional`: a request without any credential must pass. One with another scheme must not. */
  readonly optional?: boolean | undefined;
  /** @default the global one, as jest has it */
  readonly describe?: DefineSuite | undefined;
  /** @default the global `test` or `it`, as jest has them */
  readonly test?: DefineTest | undefined;
}

/** For whoever's test fails: what an app that fails this one most likely lacks. */
const ADVICE: Readonly<Record<GoogleIdTokenErrorCode, string>> = {
  token_missing: 'Is the guard mounted, and before this route?',
  request_invalid: 'A header with the scheme and no token is an error of the client: 400, not 401.',
  token_malformed: 'Does the app decode the token before it has checked its form?',
  algorithm_unsupported: 'Only RS256 may pass. Whoever lets the token choose the algorithm accepts unsigned ones.',
  key_unknown: 'Does the app look the key up by "kid", in the keys of this Google only?',
  signature_removed: 'A token whose signature was removed can be written by anybody.',
  signature_invalid: 'Does the app verify the signature, or only decode the token?',
  claim_invalid: 'Does the app demand "iss", "aud", "sub", "iat" and "exp"?',
  issuer_mismatch: 'Does the app compare "iss" with https://accounts.google.com?',
  audience_mismatch:
    'Does the app compare "aud" with its own audience? Tokens for other services must not open this one.',
  token_expired: 'Does the app check "exp"?',
  token_not_yet_valid: 'Does the app check "iat"?',
  caller_not_allowed:
    'Whoever asks Google for a token chooses its audience, so the right audience says nothing about who is calling: give the guard "callers", and this suite the "claims" of one of them.',
  keys_unavailable:
    'The token may be good, so the sender must try again: answer 503 with Retry-After. A 401 makes some senders drop the request. Give the app google.keySet() or google.handlers, not a fixed list of keys.',
};

const ADVICE_FOR_A_GOOD_TOKEN =
  'Is "audience" the one that the app expects, do "claims" say who may call, and has the app the keys of this Google (google.keySet() or google.handlers)?';

const ADVICE_FOR_AN_UPGRADE =
  'The connection was opened. An upgrade passes by every middleware: put guard.upgrade() of @id-token-guard/node before its listener, or io.engine.use(guard) for socket.io.';

/** For whoever gets a 503 where no outage is meant: then no check of the app is at fault. */
const ADVICE_WITHOUT_KEYS =
  'The app had no keys. Either it does not get those of this Google (google.keySet() or google.handlers), or an earlier outage left its key set in its back-off: give the guard a set of its own (keys: google.keySet()), or send a good request before the outage.';

/**
 * Registers tests that prove that your app is guarded: one request that it must accept, and one hostile request per
 * error code that it must refuse as the guards of this library do, with status, JSON code and `WWW-Authenticate`.
 *
 * Works with every test runner that has `describe` and `test` and runs tests one after the other. It does not look at
 * what your handler does, nor try what `send` cannot express, such as two `Authorization` headers. Answers of your own
 * (`onRefused`) are held against the same expectations: let `send` translate them.
 *
 * ```ts
 * const send = (headers) => app.request('/push', { method: 'POST', headers });
 * testGuard('POST /push', send, { google, audience, claims, describe, test });
 * ```
 *
 * @throws TypeError where an option is missing, or there is neither a given nor a global `describe` and `test`
 */
export function testGuard(name: string, send: SendRequest, options: TestGuardOptions): void {
  const { describe, test } = checkedRunner(name, send, options);
  // A promise that is rejected before a test waits for it would end the process.
  const given = options.google;
  const google = async () => checkedGoogle(await (typeof given === 'function' ? given() : given));
  if (typeof given !== 'function') {
    google().catch(() => {});
  }
  describe(`${name}: guarded by Google ID tokens`, () => {
    test('accepts a good token of an allowed caller', async () =>
      testAccepted(send, { ...options, google: await google() }));
    if (options.optional === true) {
      test('lets a request without a token pass', () => testPasses(send, options));
    }
    for (const code of Object.keys(ADVICE) as GoogleIdTokenErrorCode[]) {
      const { status } = new GoogleIdTokenError(code);
      test(`refuses with ${status} ${code}`, async () =>
        testRefused(send, { ...options, google: await google() }, code));
    }
  });
}

/** The options, with a Google that is there. */
type ReadyOptions = Omit<TestGuardOptions, 'google'> & { readonly google: FakeGoogle };

async function testAccepted(send: SendRequest, options: ReadyOptions): Promise<void> {
  const answer = await readAnswer(await sendGood(send, options));
  const advice = hadNoKeys(answer) ? ADVICE_WITHOUT_KEYS : ADVICE_FOR_A_GOOD_TOKEN;
  requirePassed(answer, options, 'The app refused a good token of a caller that it must let in.', advice);
}

async function testPasses(send: SendRequest, options: TestGuardOptions): Promise<void> {
  const answer = await readAnswer(await send({}));
  const what = 'The app refused a request without a token, and its guard is said to be optional.';
  requirePassed(answer, options, what, 'Has the guard of this route the option "optional: true"?');
}

function requirePassed(answer: ReadAnswer, { upgrade }: TestGuardOptions, what: string, advice: string): void {
  if (upgrade ? answer.status !== 101 : [400, 401, 403, 503].includes(answer.status)) {
    throw new Error(
      [
        what,
        upgrade ? '  expected: status 101' : '  expected: any status but 400, 401, 403 and 503',
        `  answered: ${describeAnswer(answer)}`,
        advice,
      ].join('\n'),
    );
  }
}

async function testRefused(send: SendRequest, options: ReadyOptions, code: GoogleIdTokenErrorCode): Promise<void> {
  const request = await refusedRequest(options, code);
  try {
    if (request.jwks !== 'ok') {
      // The app gets the keys first: an outage must not leave it without them for the tests that follow.
      await readAnswer(await sendGood(send, options));
      options.google.answerWith(request.jwks);
    }
    const answer = await readAnswer(await send(request.headers));
    const missing = missingFrom(answer, code);
    if (missing.length > 0) {
      const isUnguarded = options.upgrade === true && answer.status === 101;
      throw new Error(
        [
          `The app did not refuse this request as it must: ${request.title}.`,
          ...missing.map((part) => `  expected: ${part}`),
          `  answered: ${describeAnswer(answer)}`,
          isUnguarded
            ? ADVICE_FOR_AN_UPGRADE
            : hadNoKeys(answer) && code !== 'keys_unavailable'
              ? ADVICE_WITHOUT_KEYS
              : ADVICE[code],
        ].join('\n'),
      );
    }
  } finally {
    options.google.answerWith('ok');
  }
}

async function sendGood(send: SendRequest, options: ReadyOptions): Promise<GuardAnswer> {
  const { google, audience, claims, header = 'authorization' } = options;
  return send({ [header]: `Bearer ${await google.idToken({ ...claims, aud: audience })}` });
}

async function refusedRequest(options: ReadyOptions, code: GoogleIdTokenErrorCode): Promise<RefusedRequest> {
  const requests = await refusedRequests(options.google, options);
  const request = requests.find((candidate) => candidate.code === code);
  if (request === undefined) {
    throw new Error(`There is no hostile request for ${code}.`);
  }
  if (options.optional === true && code === 'token_missing') {
    const { header = 'authorization' } = options;
    return { ...request, title: 'a credential of another scheme', headers: { [header]: 'Basic Og==' } };
  }
  return request;
}

function checkedGoogle(google: Partial<FakeGoogle> | undefined): FakeGoogle {
  if (typeof google?.answerWith !== 'function') {
    throw new TypeError(
      'testGuard(): "google" must be a fake Google, a promise of one, or a function that gives one: createFakeGoogle().',
    );
  }
  return google as FakeGoogle;
}

function checkedRunner(
  name: string,
  send: SendRequest,
  options: TestGuardOptions,
): { describe: DefineSuite; test: DefineTest } {
  if (typeof name !== 'string' || typeof send !== 'function') {
    throw new TypeError('testGuard() takes a name, a function that sends a request, and options.');
  }
  const google = options?.google as Partial<FakeGoogle & PromiseLike<FakeGoogle>> | undefined;
  if (typeof google !== 'function' && typeof google?.then !== 'function') {
    checkedGoogle(google);
  }
  if (typeof options.audience !== 'string' || options.audience === '') {
    throw new TypeError('testGuard(): "audience" must be the audience that the app expects.');
  }
  const globals = globalThis as { describe?: unknown; test?: unknown; it?: unknown };
  const describe = options.describe ?? globals.describe;
  const test = options.test ?? globals.test ?? globals.it;
  if (typeof describe !== 'function' || typeof test !== 'function') {
    throw new TypeError(
      'testGuard() needs "describe" and "test" of your test runner, such as import { describe, test } from \'vitest\' or \'node:test\'.',
    );
  }
  return { describe: describe as DefineSuite, test: test as DefineTest };
}
