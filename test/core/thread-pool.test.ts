/*
 * Which new tokens are verified on the spot, and which by the threads of the process: counted by the calls of
 * `crypto.verify`, which has a callback for the threads.
 */
import crypto from 'node:crypto';
import { createGoogleIdTokenVerifier, serviceAccount } from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { runtime } from '../../packages/core/src/runtime/current.ts';
import { webRuntime } from '../../packages/core/src/runtime/web.ts';

const google = await createFakeGoogle();
const audience = 'https://api.example.com';
const sender = { aud: audience, email: 'sender@my-project.iam.gserviceaccount.com', email_verified: true };

/** As many threads as may be busy with signatures at once. */
const MAX_IN_POOL = 4;

interface Calls {
  onTheSpot: number;
  inPool: number;
  mostAtOnce: number;
}

/** Counts from now on, until the end of the test. */
function watchCalls(): Calls {
  const calls = { onTheSpot: 0, inPool: 0, mostAtOnce: 0 };
  const { verify } = crypto;
  let atOnce = 0;
  vi.spyOn(crypto, 'verify').mockImplementation(((...args: unknown[]) => {
    const callback = args[4] as ((error: Error | null, isValid: boolean) => void) | undefined;
    if (callback === undefined) {
      calls.onTheSpot += 1;
      return Reflect.apply(verify, crypto, args);
    }
    calls.inPool += 1;
    atOnce += 1;
    calls.mostAtOnce = Math.max(calls.mostAtOnce, atOnce);
    args[4] = (error: Error | null, isValid: boolean) => {
      atOnce -= 1;
      callback(error, isValid);
    };
    return Reflect.apply(verify, crypto, args);
  }) as typeof verify);
  return calls;
}

function newTokens(count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => google.idToken({ ...sender, jti: `${i}` })));
}

async function createVerifier() {
  const keys = google.keySet();
  await keys.preload();
  return createGoogleIdTokenVerifier({ audience, callers: serviceAccount(sender.email), keys });
}

afterEach(() => {
  vi.restoreAllMocks();
});

// In the project for the Web there is another runtime, which has no such choice.
describe.skipIf(runtime === webRuntime)('new tokens', () => {
  test('one after the other are verified on the spot, each', async () => {
    const verifier = await createVerifier();
    const tokens = await newTokens(20);
    const calls = watchCalls();

    for (const token of tokens) {
      await verifier.verify(token);
    }

    expect(calls).toEqual({ onTheSpot: 20, inPool: 0, mostAtOnce: 0 });
  });

  test('that wait together go to the threads but for the first, a few at once and the others on the spot', async () => {
    const verifier = await createVerifier();
    const tokens = await newTokens(20);
    const calls = watchCalls();

    const verified = await Promise.all(tokens.map((token) => verifier.verify(token)));

    expect(verified.map(({ claims }) => claims.jti)).toEqual(tokens.map((_, i) => `${i}`));
    expect(calls.onTheSpot + calls.inPool).toBe(20);
    expect(calls.inPool).toBe(MAX_IN_POOL);
    expect(calls.mostAtOnce).toBe(MAX_IN_POOL);
  });

  test('that are forged are refused, wherever they are verified, and good ones beside them accepted', async () => {
    const verifier = await createVerifier();
    const tokens = await newTokens(12);
    const forged = tokens.map((token, i) => (i % 2 === 0 ? token : `${token.slice(0, -8)}AAAAAAAA`));

    const outcomes = await Promise.allSettled(forged.map((token) => verifier.verify(token)));

    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'ok' : outcome.reason.code))).toEqual(
      forged.map((_, i) => (i % 2 === 0 ? 'ok' : 'signature_invalid')),
    );
  });

  test('in a flood leave the threads to files and names: no more than a few are with them at any time', async () => {
    const verifier = await createVerifier();
    const [token = ''] = await newTokens(1);
    const calls = watchCalls();

    const flood = Array.from({ length: 500 }, (_, i) => `${token.slice(0, -8)}${String(i).padStart(7, '0')}A`);
    const outcomes = await Promise.allSettled(flood.map((each) => verifier.verify(each)));

    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(calls.mostAtOnce).toBe(MAX_IN_POOL);
  });
});

test('a known token is answered without a thread, a signature or a wait', async () => {
  const verifier = await createVerifier();
  const [token = ''] = await newTokens(1);
  await verifier.verify(token);
  const calls = watchCalls();

  await Promise.all(Array.from({ length: 50 }, () => verifier.verify(token)));

  expect(calls).toEqual({ onTheSpot: 0, inPool: 0, mostAtOnce: 0 });
});
