/*
 * What differs by runtime must not differ in what it says: both ways to decode and both ways to verify are held against
 * each other, over every hostile input and over mutations of good tokens. Which one is taken is decided when the program
 * runs.
 */
import nodeCrypto from 'node:crypto';
import { createGoogleIdTokenVerifier, staticKeySet } from '@id-token-guard/core';
import fc from 'fast-check';
import { base64url, compactVerify, importJWK } from 'jose';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { VerificationKey } from '../../packages/core/src/keys/key-set.ts';
import { runtime } from '../../packages/core/src/runtime/current.ts';
import { nodeRuntime } from '../../packages/core/src/runtime/node.ts';
import { webRuntime as web } from '../../packages/core/src/runtime/web.ts';
import {
  acceptedInputs,
  authorizationOf,
  createKit,
  type HostileInput,
  hostileFamilies,
  isTokenInput,
  type Kit,
} from './hostile/catalogue.ts';

const node = nodeRuntime() ?? expect.fail('This is not Node.js.');

let kit: Kit;
let key: VerificationKey;

beforeAll(async () => {
  kit = await createKit();
  key = (await kit.options.keys?.get(kit.keys.google.kid)) ?? expect.fail('The key set has no key.');
});

describe.each(Object.entries(hostileFamilies))('hostile input: %s', (_, inputs) => {
  test('is decoded and verified alike', async () => {
    for (const input of inputs) {
      await expectAlike(await textOf(input), input.name);
    }
  });
});

test('odd input that is good is decoded and verified alike', async () => {
  for (const input of acceptedInputs) {
    await expectAlike(`${await authorizationOf(input, kit)}`.replace(/^\S+ +/, ''), input.name);
  }
});

test('mutations of good tokens are decoded and verified alike, and as jose does', async () => {
  const joseKey = await importJWK({ kty: 'RSA', n: key.n, e: key.e }, 'RS256');
  const good = kit.token();
  let verified = 0;
  const mutation = fc.record({
    at: fc.nat(good.length),
    remove: fc.nat(3),
    insert: fc.oneof(fc.constant(''), fc.string({ maxLength: 3 }), fc.constantFrom('A', '-', '_', '+', '/', '=', '.')),
  });
  await fc.assert(
    fc.asyncProperty(mutation, async ({ at, remove, insert }) => {
      const token = good.slice(0, at) + insert + good.slice(at + remove);
      const result = await expectAlike(token, 'a mutation');
      if (result === true) {
        verified += 1;
        await compactVerify(token, joseKey, { algorithms: ['RS256'] });
      }
      expect(result === true).toBe(token === good);
    }),
    { numRuns: 1500, examples: [[{ at: 0, remove: 0, insert: '' }]] },
  );
  expect(verified).toBeGreaterThan(0);
});

test('any text is decoded alike: to the bytes that it is the one spelling of, or not at all', () => {
  const almost = fc.string({ unit: fc.constantFrom(...'AQgwEIMUYckos048Bz_-+/= \n') });
  fc.assert(
    fc.property(fc.oneof(fc.string(), almost, fc.uint8Array().map(base64url.encode)), (text) => {
      const bytes = node.decodeBase64url(text);

      expect(hexOf(web.decodeBase64url(text))).toBe(hexOf(bytes));
      expect(bytes === undefined || base64url.encode(bytes) === text).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ['', 0],
  ['AA', 1],
  ['AAA', 2],
  ['AAAA', 3],
  ['-_-_', 3],
])('%j is the one spelling of %i bytes', (text, length) => {
  expect(node.decodeBase64url(text)).toHaveLength(length);
  expect(web.decodeBase64url(text)).toHaveLength(length);
});

test.each(['A', 'AAAAA', 'AB', 'AAB', 'AA==', 'AA=', '+/+/', 'AA AA', 'AAAA\n', '\tAAAA', 'ÄAAA', '….', 'AAAA\0'])(
  '%j is no spelling of anything',
  (text) => {
    expect(node.decodeBase64url(text)).toBeUndefined();
    expect(web.decodeBase64url(text)).toBeUndefined();
  },
);

test('a key that node:crypto does not take is ignored, as one that Web Cryptography does not take', async () => {
  const keys = { keys: [{ kty: 'RSA', kid: key.kid, n: key.n, e: key.e }] };
  const refusing = vi.spyOn(nodeCrypto, 'createPublicKey').mockImplementation(() => {
    throw new Error('modulus too large');
  });
  onTestFinished(() => refusing.mockRestore());

  expect(await staticKeySet(keys).get(key.kid)).toBeUndefined();
});

test('a copy of ASCII is the same text', () => {
  const token = kit.token();

  expect(node.copyOfAscii(token)).toBe(token);
  expect(web.copyOfAscii(token)).toBe(token);
});

test('both ways offer the same', () => {
  expect(Object.keys(web).sort()).toEqual(Object.keys(node).sort());
});

describe('when the program runs', () => {
  test('node:crypto is taken, and verifies', async () => {
    const verify = vi.spyOn(nodeCrypto, 'verify');
    onTestFinished(() => verify.mockRestore());

    await createGoogleIdTokenVerifier(kit.options).verify(kit.token());

    expect(runtime).not.toBe(web);
    expect(verify).toHaveBeenCalledOnce();
  });

  test.each<[string, Record<string, unknown>]>([
    ['there is no process', { process: undefined }],
    ['a bundler puts its own process', { process: { env: {}, browser: true, nextTick: () => {} } }],
    ['Node.js is older than 20.16', { process: { version: 'v20.15.1', versions: { node: '20.15.1' } } }],
    ['Node.js was built without OpenSSL', { process: { getBuiltinModule: () => undefined } }],
    [
      'the edge runtime of Next.js has functions that only throw',
      { process: { getBuiltinModule: () => expect.fail('A Node.js API is used which is not supported.') } },
    ],
    ['Cloudflare Workers have some of Node.js', { WebSocketPair: class {} }],
  ])('what the Web has is taken where %s', (_, globals) => {
    for (const [name, value] of Object.entries(globals)) {
      vi.stubGlobal(name, value);
    }
    onTestFinished(() => void vi.unstubAllGlobals());

    expect(nodeRuntime()).toBeUndefined();
  });
});

/** @returns what the signature check says, where there is something to check */
async function expectAlike(token: string, name: string): Promise<boolean | undefined> {
  // As parse.ts does: nobody looks at what is behind the third dot.
  const segments = token.split('.', 4);
  const decoded = segments.map((segment) => {
    const [bytes, other] = [node.decodeBase64url(segment), web.decodeBase64url(segment)];
    expect(hexOf(other), name).toBe(hexOf(bytes));
    return bytes;
  });
  const signature = decoded[2];
  if (segments.length !== 3 || signature === undefined || decoded.includes(undefined)) {
    return undefined;
  }
  const text = token.slice(0, token.lastIndexOf('.'));
  const verified = node.verifyRs256(key, signature, text);
  expect(await web.verifyRs256(key, signature, text), name).toBe(verified);
  return verified;
}

function hexOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('hex');
}

async function textOf(input: HostileInput): Promise<string> {
  if (isTokenInput(input)) {
    return `${await input.token(kit)}`;
  }
  return [(await authorizationOf(input, kit)) ?? []]
    .flat()
    .join(' ')
    .replace(/^\S+ +/, '');
}
