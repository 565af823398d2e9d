/*
 * What an adapter works with. That each adapter does so is tested with the adapters; here is what whoever mistakes the
 * arguments is told, and what becomes of a request.
 */
import {
  type Admission,
  createGoogleIdTokenVerifier,
  createGuard,
  type GoogleIdTokenError,
  type GoogleIdTokenVerifierOptions,
  type GuardArguments,
  type RequestContext,
  responseOf,
  serviceAccount,
  whenAdmitted,
} from '@id-token-guard/core';
import { describe, expect, test, vi } from 'vitest';
import { AUDIENCE, google, idToken, SENDER } from './fixtures.ts';

const OPTIONS: GoogleIdTokenVerifierOptions = {
  audience: AUDIENCE,
  callers: serviceAccount(SENDER.email),
  keys: google.keySet(),
};

const VERIFIER = createGoogleIdTokenVerifier(OPTIONS);

type OnRefused = (error: GoogleIdTokenError) => unknown;

/** Asks a guard whose way to refuse is to tell what it was given. */
async function admit(
  args: readonly unknown[],
  headers: Record<string, string> = {},
  context: RequestContext = {},
): Promise<Admission<unknown>> {
  const guard = createGuard(args as GuardArguments<OnRefused>, (error, onRefused, ...rest: unknown[]) =>
    onRefused === undefined ? [error.code, ...rest] : onRefused(error),
  );
  return guard.admit(() => headers, context, 'request', 'response');
}

describe('a guard', () => {
  test('admits a request with a good token', async () => {
    const admission = await admit([VERIFIER], { authorization: `Bearer ${await idToken()}` });

    expect(admission).toEqual({
      outcome: 'admitted',
      googleIdToken: expect.objectContaining({ header: expect.anything() }),
    });
    expect(await admit([VERIFIER], { authorization: 'Bearer cut' })).toHaveProperty('outcome', 'refused');
  });

  test('refuses in the way of its framework, which it gives what the framework gave', async () => {
    expect(await admit([VERIFIER])).toEqual({ outcome: 'refused', answer: ['token_missing', 'request', 'response'] });
  });

  test.each<[string, (options: object) => unknown[]]>([
    ['beside those of a verifier', (options) => [{ ...OPTIONS, ...options }]],
    ['behind a verifier', (options) => [VERIFIER, options]],
  ])('takes the options of the adapter %s', async (_, args) => {
    const onRefused: OnRefused = async ({ code }) => `refused: ${code}`;
    const guard = args({ header: 'x-serverless-authorization', onRefused });

    const good = await admit(guard, { 'x-serverless-authorization': `Bearer ${await idToken()}` });
    const elsewhere = await admit(guard, { authorization: `Bearer ${await idToken()}` });

    expect(good.outcome).toBe('admitted');
    expect(elsewhere).toEqual({ outcome: 'refused', answer: 'refused: token_missing' });
  });

  test('hands what it is told of the request to the verifier', async () => {
    const verifier = createGoogleIdTokenVerifier(OPTIONS);
    const authenticate = vi.spyOn(verifier, 'authenticate');
    const waitUntil = () => {};

    await admit([verifier], { authorization: 'Bearer cut' }, { waitUntil });

    expect(authenticate).toHaveBeenCalledWith({ authorization: 'Bearer cut' }, { waitUntil, header: 'authorization' });
  });

  test.each<[string, unknown]>([
    ['an error', new TypeError('no headers')],
    ['nothing', undefined],
    ['a word', 'route'],
  ])('fails where reading the headers throws %s', async (_, thrown) => {
    const guard = createGuard([VERIFIER], () => 'refused');

    const admission = await guard.admit(() => {
      throw thrown;
    }, {});

    expect(admission).toEqual({ outcome: 'failed', error: expect.any(Error) });
    const { error } = admission as { error: Error };
    expect(error === thrown || error.cause === thrown).toBe(true);
  });

  test('fails with the very error that refusing throws', async () => {
    const broken = new Error('onRefused is broken');

    const admission = await admit([VERIFIER, { onRefused: () => Promise.reject(broken) }]);

    expect(admission).toEqual({ outcome: 'failed', error: broken });
    expect((admission as { error: Error }).error).toBe(broken);
  });

  test('fails where something that has been revoked is thrown', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();

    const admission = await admit([VERIFIER, { onRefused: () => Promise.reject(proxy) }]);

    expect(admission).toHaveProperty('outcome', 'failed');
    expect((admission as { error: Error }).error.message).toBe('Something that is not an Error was thrown.');
  });
});

describe('a verifier of another copy of this package, as of one that was required and not imported,', () => {
  test('is taken, and so are its tokens and its refusals', async () => {
    vi.resetModules();
    const other: typeof import('@id-token-guard/core') = await import('@id-token-guard/core');
    expect(other.createGoogleIdTokenVerifier).not.toBe(createGoogleIdTokenVerifier);
    const verifier = other.createGoogleIdTokenVerifier(OPTIONS);

    const admission = await admit([verifier], { authorization: `Bearer ${await idToken()}` });

    expect(admission.outcome).toBe('admitted');
    expect(await admit([verifier])).toEqual({ outcome: 'refused', answer: ['token_missing', 'request', 'response'] });
  });

  test('leaves nothing behind that shows, or that can be replaced', () => {
    const symbols = Object.getOwnPropertySymbols(globalThis).filter((symbol) =>
      `${symbol.description}`.startsWith('id-token-guard'),
    );

    expect(symbols).toHaveLength(1);
    for (const symbol of symbols) {
      expect(Object.getOwnPropertyDescriptor(globalThis, symbol)).toMatchObject({
        writable: false,
        enumerable: false,
        configurable: false,
      });
    }
  });
});

describe('where nothing can be added to the global object', () => {
  test('a guard takes the verifiers of its own copy', async () => {
    const spies = [
      vi.spyOn(Reflect, 'defineProperty').mockReturnValue(false),
      vi.spyOn(Symbol, 'for').mockImplementation((name) => Symbol(name)),
    ];
    vi.resetModules();
    const copy: typeof import('@id-token-guard/core') = await import('@id-token-guard/core');
    const verifier = copy.createGoogleIdTokenVerifier(OPTIONS);
    const guard = copy.createGuard([verifier], () => 'refused');
    for (const spy of spies) {
      spy.mockRestore();
    }

    const admission = await guard.admit(() => ({ authorization: 'Bearer cut' }), {});

    expect(admission).toEqual({ outcome: 'refused', answer: 'refused' });
    expect(() => createGuard([verifier], () => 'refused')).toThrow(TypeError);
  });
});

describe('a wrong argument', () => {
  test.each<[string, unknown[]]>([
    ['"header" must be "authorization" or "x-serverless-authorization".', [{ ...OPTIONS, header: 'cookie' }]],
    [
      'The options of the adapter come behind the verifier: requireGoogleIdToken(verifier, options).',
      [{ ...VERIFIER, header: 'authorization' }],
    ],
    [
      'requireGoogleIdToken() takes a verifier only as createGoogleIdTokenVerifier() made it, not a copy of one or another object with the method authenticate: put what you add into a caller rule or into onEvent.',
      [{ ...VERIFIER }],
    ],
    [
      'Unknown option "audience": requireGoogleIdToken(verifier, options) knows header, onRefused, optional.',
      [VERIFIER, { audience: AUDIENCE }],
    ],
    [
      'Unknown option "audiences": requireGoogleIdToken() knows audience, callers, clockToleranceSeconds, maxLifetimeSeconds, keys, tokenCacheSize, now, onEvent, header, onRefused, optional.',
      [{ ...OPTIONS, audiences: [] }],
    ],
    [
      'requireGoogleIdToken() takes a second argument only after a verifier: put all options into one object.',
      [AUDIENCE, { header: 'authorization' }],
    ],
    ['"audience" must be a string or a list here: a rule belongs into the options, beside "callers".', [() => true]],
  ])('throws: %s', (message, args) => {
    const build = () => createGuard(args as GuardArguments<unknown>, () => {});

    expect(build).toThrow(TypeError);
    expect(build).toThrow(message);
  });
});

describe('whenAdmitted', () => {
  const neverCalled = () => expect.unreachable();
  const admission: Admission<never> = { outcome: 'failed', error: new Error('no keys') };

  test('goes on at once where the admission is there', () => {
    const goOn = vi.fn();

    expect(whenAdmitted(admission, goOn, neverCalled)).toBeUndefined();
    expect(goOn).toHaveBeenCalledExactlyOnceWith(admission);
  });

  test('goes on later where it is not there yet', async () => {
    const goOn = vi.fn();

    expect(whenAdmitted(Promise.resolve(admission), goOn, neverCalled)).toBeUndefined();

    expect(goOn).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(goOn).toHaveBeenCalledExactlyOnceWith(admission));
  });

  test.each([undefined, 'route', new Error('no database')])(
    'hands on as an error what is thrown later: %j',
    async (thrown) => {
      const fail = vi.fn();
      const goOn = () => {
        throw thrown;
      };

      whenAdmitted(Promise.resolve(admission), goOn, fail);

      await vi.waitFor(() => expect(fail).toHaveBeenCalledExactlyOnceWith(expect.any(Error)));
      const [[error]] = fail.mock.calls as [[Error]];
      expect(error === thrown || error.cause === thrown).toBe(true);
    },
  );
});

describe('responseOf', () => {
  test.each<[string, () => Response | Promise<Response>]>([
    ['a response', () => new Response('no')],
    ['a promise of one', async () => new Response('no')],
    ['one of another class', () => ({ status: 418, headers: new Map() }) as unknown as Response],
  ])('passes on %s', async (_, answer) => {
    const given = answer();

    expect(await responseOf(given)).toBe(await given);
  });

  test.each([
    undefined,
    null,
    0,
    '',
    'no',
    true,
    {},
    [],
    { status: 418 },
    { status: '418', headers: new Map() },
    new Map(),
  ])('throws a TypeError for what is none: %j', async (value) => {
    await expect(responseOf(value as unknown as Response)).rejects.toThrow(TypeError);
    await expect(responseOf(Promise.resolve(value as unknown as Response))).rejects.toThrow(
      '"onRefused" must return a Response, or a promise of one.',
    );
  });
});
