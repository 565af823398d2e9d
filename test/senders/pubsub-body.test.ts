import { type PubSubPushOptions, parsePubSubPush, readPubSubPush } from '@id-token-guard/senders';
import { describe, expect, test } from 'vitest';
import { base64, errorOf, PUSH, push, UNWRAPPED } from './fixtures.ts';

const MB = 1_000_000;
const URL = 'https://api.example.com/push';

/** A request whose body is made chunk by chunk, as fast as it is read, and never held as a whole. */
function streamed(chunks: Iterator<Uint8Array>, headers: Record<string, string> = {}) {
  const seen = { bytes: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = chunks.next();
      if (done) {
        controller.close();
      } else {
        seen.bytes += value.byteLength;
        controller.enqueue(value);
      }
    },
    cancel() {
      seen.cancelled = true;
    },
  });
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' };
  return { request: new Request(URL, init), seen };
}

/** A push in about `size` bytes of JSON, most of them data, in chunks of 64 kB. */
function* largePush(size: number): Generator<Uint8Array, undefined> {
  const encoder = new TextEncoder();
  yield encoder.encode('{"message":{"messageId":"42","data":"');
  for (let left = size; left > 0; left -= 64_000) {
    yield encoder.encode('A'.repeat(64_000));
  }
  yield encoder.encode('"}}');
}

async function readAndRelease(request: Request): Promise<void> {
  const reader = request.body?.getReader();
  while ((await reader?.read())?.done === false) {}
  reader?.releaseLock();
}

describe('a body of 11 MB', () => {
  test('is refused while it is read, and the rest is not asked for', async () => {
    const { request, seen } = streamed(largePush(11 * MB));

    const error = await errorOf(() => readPubSubPush(request));

    expect(error).toMatchObject({ code: 'body_too_large', status: 413, field: undefined });
    expect(seen.cancelled).toBe(true);
    expect(seen.bytes).toBeLessThan(10.7 * MB);
  });

  test('is refused unread where its length is known', async () => {
    const { request, seen } = streamed(largePush(11 * MB), { 'content-length': String(11 * MB) });

    const error = await errorOf(() => readPubSubPush(request));

    expect(error).toMatchObject({ code: 'body_too_large', status: 413 });
    expect(request.bodyUsed).toBe(false);
    expect(seen.bytes).toBeLessThan(64_000);
  });

  test('is refused also where its length is a lie', async () => {
    const { request } = streamed(largePush(11 * MB), { 'content-length': '100' });

    expect(await errorOf(() => readPubSubPush(request))).toMatchObject({ code: 'body_too_large', status: 413 });
  });

  test('is refused also where its source does not like to be cancelled', async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(MB)),
      cancel: () => Promise.reject(new Error('no')),
    });
    const request = new Request(URL, { method: 'POST', body, duplex: 'half' } as RequestInit);

    expect(await errorOf(() => readPubSubPush(request))).toMatchObject({ code: 'body_too_large', status: 413 });
  });

  test.each<[string, unknown]>([
    ['text', 'A'.repeat(11 * MB)],
    ['bytes', new Uint8Array(11 * MB)],
    ['text of 3.7 million characters', '€'.repeat(3_700_000)],
    ['an ArrayBuffer', new ArrayBuffer(11 * MB)],
  ])('is refused as %s, wrapped or not', async (_, body) => {
    const refused = { code: 'body_too_large', status: 413 };

    expect(await errorOf(() => parsePubSubPush({ headers: {}, body }))).toMatchObject(refused);
    expect(await errorOf(() => parsePubSubPush({ headers: UNWRAPPED, body }))).toMatchObject(refused);
  });

  test('is refused also after a JSON parser has read it', async () => {
    const body = push({ messageId: '42', data: base64(new Uint8Array(8.25 * MB)) });

    const error = await errorOf(() => parsePubSubPush({ headers: {}, body }));

    expect(error).toMatchObject({ code: 'body_too_large', status: 413, field: 'message.data' });
  });

  test('is read where the service says so', async () => {
    const { request } = streamed(largePush(11 * MB));

    const { data } = await readPubSubPush(request, { maxBytes: 14 * 1024 * 1024 });

    expect(data.bytes.byteLength).toBeGreaterThan(8.2 * MB);
  });
});

describe('maxBytes', () => {
  const json = JSON.stringify(PUSH);

  test('by default lets in the largest unwrapped push', () => {
    const { data } = parsePubSubPush({ headers: UNWRAPPED, body: new Uint8Array(10 * MB) });

    expect(data.bytes.byteLength).toBe(10 * MB);
  });

  test('at 14 MiB lets in the largest wrapped push', () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`${index}`.padEnd(256, '\u0001'), '\u0001'.repeat(1024)]),
    );
    const largest = JSON.stringify(push({ messageId: '42', data: base64(new Uint8Array(10 * MB)), attributes }));

    const message = parsePubSubPush({ headers: {}, body: largest }, { maxBytes: 14 * 1024 * 1024 });

    expect(message.data.bytes.byteLength).toBe(10 * MB);
    expect(Object.keys(message.attributes)).toHaveLength(100);
  });

  test('is a limit of bytes: just as many are read, one more is refused', async () => {
    const body = json.replace('eu', '€');
    const length = Buffer.byteLength(body);
    const request = () => new Request(URL, { method: 'POST', body });

    expect(await readPubSubPush(request(), { maxBytes: length })).toMatchObject({ id: '2070443601311540' });
    expect(parsePubSubPush({ headers: {}, body }, { maxBytes: length })).toMatchObject({ id: '2070443601311540' });
    for (const refused of [
      () => readPubSubPush(request(), { maxBytes: length - 1 }),
      () => parsePubSubPush({ headers: {}, body }, { maxBytes: length - 1 }),
    ]) {
      expect(await errorOf(refused)).toMatchObject({ code: 'body_too_large', status: 413 });
    }
  });

  test.each<[string, object]>([
    ['"maxBytes"', { maxBytes: 0 }],
    ['"maxBytes"', { maxBytes: -1 }],
    ['"maxBytes"', { maxBytes: 1.5 }],
    ['"maxBytes"', { maxBytes: Number.NaN }],
    ['"maxBytes"', { maxBytes: Number.POSITIVE_INFINITY }],
    ['"maxBytes"', { maxBytes: '1000' }],
    ['"maxBytes"', { maxBytes: null }],
    ['"maxbytes"', { maxbytes: 1000 }],
  ])('is refused with a TypeError that names %s for %j', async (name, options) => {
    const wrong = options as PubSubPushOptions;
    const request = new Request(URL, { method: 'POST', body: json });

    expect(() => parsePubSubPush({ headers: {}, body: json }, wrong)).toThrow(TypeError);
    expect(() => parsePubSubPush({ headers: {}, body: json }, wrong)).toThrow(name);
    await expect(readPubSubPush(request, wrong)).rejects.toThrow(name);
    expect(request.bodyUsed).toBe(false);
  });

  test('may be undefined', () => {
    expect(parsePubSubPush({ headers: {}, body: json }, { maxBytes: undefined }).id).toBe('2070443601311540');
  });
});

describe('a Web request', () => {
  test.each<[string, string, (request: Request) => Promise<unknown>]>([
    ['wrapped', 'text()', (request) => request.text()],
    ['unwrapped', 'text()', (request) => request.text()],
    ['unwrapped', 'a reader that let it go', readAndRelease],
  ])('is not taken for an empty %s push where %s has read its body before', async (form, _, readBefore) => {
    const headers = form === 'unwrapped' ? UNWRAPPED : {};
    const request = new Request(URL, { method: 'POST', headers, body: JSON.stringify(PUSH) });
    await readBefore(request);

    expect(await errorOf(() => readPubSubPush(request))).toMatchObject({ code: 'body_unavailable', status: 500 });
  });

  test('whose body somebody else is reading is refused', async () => {
    const request = new Request(URL, { method: 'POST', headers: UNWRAPPED, body: 'x' });
    request.body?.getReader();

    expect(await errorOf(() => readPubSubPush(request))).toMatchObject({ code: 'body_unavailable', status: 500 });
  });

  test('without a body is not JSON', async () => {
    const request = new Request(URL);

    expect(await errorOf(() => readPubSubPush(request))).toMatchObject({ code: 'body_not_json', status: 400 });
  });

  test('that breaks off is a failure of the network, which passes through', async () => {
    const failure = new Error('connection reset');
    const body = new ReadableStream({ pull: (controller) => controller.error(failure) });
    const request = new Request(URL, { method: 'POST', body, duplex: 'half' } as RequestInit);

    await expect(readPubSubPush(request)).rejects.toBe(failure);
  });

  test('in many chunks, cut within a character, is put together again', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(push({ messageId: '42', attributes: { price: '3 €' } })));
    const { request } = streamed([...bytes].map((byte) => Uint8Array.of(byte)).values());

    expect((await readPubSubPush(request)).attributes['price']).toBe('3 €');
  });
});
