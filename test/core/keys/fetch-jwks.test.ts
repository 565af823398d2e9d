import { expect, test, vi } from 'vitest';
import { createAgeGauge } from '../../../packages/core/src/keys/age.ts';
import { fetchJwks } from '../../../packages/core/src/keys/fetch-jwks.ts';
import { fetchTransport } from '../../../packages/core/src/keys/transport/fetch.ts';
import { google } from './scene.ts';

const LIMIT = 64 * 1024;
const document = JSON.stringify(google.jwks);

function fetchFrom(response: Response): ReturnType<typeof fetchJwks> {
  return fetchWith(async () => response);
}

function fetchWith(fetch: typeof globalThis.fetch, timeoutSeconds = 60): ReturnType<typeof fetchJwks> {
  const url = 'https://keys.example.com/';
  return fetchJwks({ url, transport: fetchTransport(fetch), timeoutSeconds, now: Date.now, age: createAgeGauge() });
}

/** A body of these pieces. */
function streamOf(pieces: readonly Uint8Array[], cancel: () => Promise<void> = async () => {}): ReadableStream {
  const rest = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const piece = rest.shift();
      return piece === undefined ? controller.close() : controller.enqueue(piece);
    },
    cancel,
  });
}

test('a document that comes in pieces is put together', async () => {
  const bytes = new TextEncoder().encode(document);
  const pieces = [bytes.slice(0, 1), bytes.slice(1, 300), bytes.slice(300)];

  const { jwks } = await fetchFrom(new Response(streamOf(pieces)));

  expect(jwks.map(({ kid }) => kid)).toEqual(google.jwks.keys.map(({ kid }) => kid));
});

test.each([
  ['no body', () => new Response(null), 'is not a JSON object with a "keys" array.'],
  ['an empty body', () => new Response(''), 'is not a JSON object with a "keys" array.'],
  ['a page', () => new Response('<html>'), 'is not a JSON object with a "keys" array.'],
  ['another document', () => new Response('{"certs":[]}'), 'is not a JSON object with a "keys" array.'],
  ['no key', () => new Response('{"keys":[]}'), 'has no usable key.'],
  ['no usable key', () => new Response('{"keys":[{"kty":"EC"}]}'), 'has no usable key.'],
  ['one byte too many', () => new Response(document.padEnd(LIMIT + 1)), 'is larger than 64 KiB.'],
])('an answer with %s is none', async (_, answer, message) => {
  await expect(fetchFrom(answer())).rejects.toThrow(new Error(`The answer of the key URL ${message}`));
});

test('an answer of 64 KiB is one', async () => {
  const { jwks } = await fetchFrom(new Response(document.padEnd(LIMIT)));

  expect(jwks).toHaveLength(google.jwks.keys.length);
});

test.each([
  ['with a body', () => new Response(document, { status: 404 })],
  ['without a body', () => new Response(null, { status: 404 })],
])('another status fails, %s', async (_, answer) => {
  await expect(fetchFrom(answer())).rejects.toThrow(new Error('The key URL answered with status 404.'));
});

test.each([
  ['of an answer with another status', { status: 500 }, new Uint8Array(1)],
  ['of an answer that is too large', {}, new Uint8Array(LIMIT + 1)],
])('the rest %s is not read, even if to say so fails', async (_, init, piece) => {
  const cancel = vi.fn(() => Promise.reject(new Error('It is over.')));

  await expect(fetchFrom(new Response(streamOf([piece, piece], cancel), init))).rejects.toThrow('The ');

  expect(cancel).toHaveBeenCalledOnce();
});

test('a server that does not answer is given up', async () => {
  const fetch = () => new Promise<never>(() => {});

  await expect(fetchWith(fetch, 0.01)).rejects.toThrow(new Error('The key URL did not answer in time.'));
});
