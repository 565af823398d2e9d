import { parsePubSubPush, readPubSubPush, type SenderErrorCode } from '@id-token-guard/senders';
import { describe, expect, test } from 'vitest';
import { errorOf, PUSH, UNWRAPPED } from './fixtures.ts';

describe('an unwrapped push', () => {
  test.each<[string, unknown]>([
    ['bytes', Buffer.from('three apples')],
    ['text', 'three apples'],
  ])('has its data in the body, here as %s, and the rest in headers', (_, body) => {
    const message = parsePubSubPush({ headers: UNWRAPPED, body });

    expect(message).toMatchObject({
      id: '2070443601311540',
      publishTime: new Date('2021-02-26T19:13:55.749Z'),
      orderingKey: 'customer-42',
      deliveryAttempt: undefined,
      subscription: 'projects/my-project/subscriptions/orders-push',
      wrapped: false,
    });
    expect(message.data.text()).toBe('three apples');
  });

  test('is read from a Web request, its data byte for byte', async () => {
    const body = Uint8Array.of(0x00, 0xff, 0x0a);
    const request = new Request('https://api.example.com/push', { method: 'POST', headers: UNWRAPPED, body });

    const message = await readPubSubPush(request);

    expect(message).toMatchObject({ id: '2070443601311540', orderingKey: 'customer-42', wrapped: false });
    expect(message.data.bytes).toStrictEqual(body);
  });

  test('may have no data', async () => {
    const request = new Request('https://api.example.com/push', { method: 'POST', headers: UNWRAPPED });

    expect((await readPubSubPush(request)).data.bytes).toStrictEqual(new Uint8Array());
  });

  test('needs no header but the id', () => {
    const message = parsePubSubPush({ headers: { 'x-goog-pubsub-message-id': '42' }, body: '' });

    expect(message).toMatchObject({
      id: '42',
      publishTime: undefined,
      orderingKey: undefined,
      subscription: undefined,
    });
  });

  test.each([
    ['Web Headers', new Headers(UNWRAPPED)],
    ['names in any case', { 'X-Goog-Pubsub-Message-Id': '2070443601311540' }],
    ["Node's headersDistinct", { 'x-goog-pubsub-message-id': ['2070443601311540'] }],
    ['whatever has get(name)', new Map(Object.entries(UNWRAPPED)) as unknown as Headers],
  ])('is known by its header in %s', (_, headers) => {
    expect(parsePubSubPush({ headers, body: 'x' })).toMatchObject({ id: '2070443601311540', wrapped: false });
  });

  test('offers no attributes: nothing tells their headers from the others', () => {
    const headers = { ...UNWRAPPED, eventtype: 'order.created', 'x-user': 'root', 'x-forwarded-for': '203.0.113.1' };

    const { attributes } = parsePubSubPush({ headers, body: 'x' });

    expect(Object.keys(attributes)).toStrictEqual([]);
    expect(Object.getPrototypeOf(attributes)).toBeNull();
    expect(Object.isFrozen(attributes)).toBe(true);
  });

  test('is never taken for a wrapped one, whatever the publisher has put into the body', () => {
    const forged = JSON.stringify({
      message: { messageId: '1', attributes: { admin: 'true' } },
      subscription: 'projects/elsewhere/subscriptions/admin',
    });

    const message = parsePubSubPush({ headers: UNWRAPPED, body: forged });

    expect(message).toMatchObject({
      id: '2070443601311540',
      subscription: 'projects/my-project/subscriptions/orders-push',
      wrapped: false,
    });
    expect(message.data.text()).toBe(forged);
  });

  test('takes no delivery attempt from a header: Pub/Sub writes none, so a publisher has', () => {
    const headers = { ...UNWRAPPED, 'x-goog-pubsub-delivery-attempt': '5' };

    expect(parsePubSubPush({ headers, body: 'x' }).deliveryAttempt).toBeUndefined();
  });

  test('may have commas in its ordering key', () => {
    const headers = { ...UNWRAPPED, 'x-goog-pubsub-ordering-key': 'a, b' };

    expect(parsePubSubPush({ headers, body: 'x' }).orderingKey).toBe('a, b');
    expect(parsePubSubPush({ headers: new Headers(headers), body: 'x' }).orderingKey).toBe('a, b');
  });
});

describe('refuses an unwrapped push', () => {
  const id = 'x-goog-pubsub-message-id';
  const time = 'x-goog-pubsub-publish-time';
  const subscription = 'x-goog-pubsub-subscription-name';
  const orderingKey = 'x-goog-pubsub-ordering-key';

  test.each<[SenderErrorCode, string, string, Record<string, string | string[]>]>([
    ['field_missing', id, 'an empty id', { [id]: '' }],
    ['field_invalid', id, 'two ids', { [id]: ['42', '43'] }],
    ['field_invalid', id, 'two empty ids', { [id]: ['', ''] }],
    ['field_invalid', id, 'ids joined by a proxy', { [id]: '42, 43' }],
    ['field_invalid', id, 'two ids whose names differ in case', { 'X-Goog-Pubsub-Message-Id': '43' }],
    ['field_invalid', time, 'two publish times', { [time]: ['2021-02-26T19:13:55Z', '2021-02-26T19:13:55Z'] }],
    [
      'field_invalid',
      time,
      'publish times joined by a proxy',
      { [time]: '2021-02-26T19:13:55Z, 2021-02-26T19:13:55Z' },
    ],
    ['field_invalid', time, 'a publish time that never was', { [time]: '2021-02-31T19:13:55Z' }],
    ['field_invalid', subscription, 'two subscriptions', { [subscription]: ['a', 'b'] }],
    ['field_invalid', subscription, 'subscriptions joined by a proxy', { [subscription]: 'a, b' }],
    ['field_invalid', orderingKey, 'two ordering keys', { [orderingKey]: ['a', 'b'] }],
  ])('with %s of %s for %s', async (code, field, _, headers) => {
    const error = await errorOf(() => parsePubSubPush({ headers: { ...UNWRAPPED, ...headers }, body: 'x' }));

    expect(error).toMatchObject({ code, status: 400, field });
  });

  test('with field_invalid where Web Headers have joined two ids', async () => {
    const headers = new Headers(UNWRAPPED);
    headers.append('x-goog-pubsub-message-id', '43');

    const error = await errorOf(() => parsePubSubPush({ headers, body: 'x' }));

    expect(error).toMatchObject({ code: 'field_invalid', status: 400, field: 'x-goog-pubsub-message-id' });
  });

  test.each<[string, unknown]>([
    ['was parsed', { apples: 3 }],
    ['was parsed, and looks like a wrapped push', PUSH],
    ['was parsed as null', null],
    ['was read by nothing', undefined],
  ])('with body_unavailable where the body %s: its bytes are the data', async (_, body) => {
    const headers = { ...UNWRAPPED, 'content-length': '12' };

    const error = await errorOf(() => parsePubSubPush({ headers, body }));

    expect(error).toMatchObject({ code: 'body_unavailable', status: 500, field: undefined });
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty object', {}],
  ])('unless there is no body, for which body parsers leave %s', (_, body) => {
    const headers = { ...UNWRAPPED, 'content-length': '0' };

    expect(parsePubSubPush({ headers, body }).data.bytes).toStrictEqual(new Uint8Array());
  });
});
