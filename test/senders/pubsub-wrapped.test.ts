import { type PubSubMessage, parsePubSubPush, readPubSubPush, type SenderErrorCode } from '@id-token-guard/senders';
import { describe, expect, test } from 'vitest';
import { base64, errorOf, PUSH, push } from './fixtures.ts';

function parse(body: unknown): PubSubMessage {
  return parsePubSubPush({ headers: {}, body });
}

describe('a wrapped push', () => {
  const json = JSON.stringify(PUSH);

  test.each<[string, unknown]>([
    ['an object that a body parser has made', PUSH],
    ['text', json],
    ['bytes', new TextEncoder().encode(json)],
    ['a Buffer', Buffer.from(json)],
    ['a view on a part of a buffer', Buffer.from(`##${json}##`).subarray(2, -2)],
    ['an ArrayBuffer', new TextEncoder().encode(json).buffer],
  ])('is read from %s', (_, body) => {
    const message = parse(body);

    expect(message).toMatchObject({
      id: '2070443601311540',
      publishTime: new Date('2021-02-26T19:13:55.749Z'),
      orderingKey: 'customer-42',
      deliveryAttempt: 5,
      subscription: 'projects/my-project/subscriptions/orders-push',
      wrapped: true,
    });
    expect({ ...message.attributes }).toStrictEqual({ eventType: 'order.created', region: 'eu' });
    expect(message.data.text()).toBe('{"apples":3}');
    expect(message.data.json()).toStrictEqual({ apples: 3 });
    expect(Buffer.from(message.data.bytes).toString()).toBe('{"apples":3}');
  });

  test('is read from a Web request', async () => {
    const request = new Request('https://api.example.com/push', { method: 'POST', body: json });

    const message = await readPubSubPush(request);

    expect(message).toMatchObject({ id: '2070443601311540', wrapped: true });
    expect(message.data.json()).toStrictEqual({ apples: 3 });
  });

  test('needs no more than an id: all else is absent, the data and the attributes are empty', () => {
    const message = parse({ message: { messageId: '42' } });

    expect(message).toMatchObject({
      id: '42',
      publishTime: undefined,
      orderingKey: undefined,
      deliveryAttempt: undefined,
      subscription: undefined,
    });
    expect(Object.keys(message.attributes)).toStrictEqual([]);
    expect(message.data.bytes).toStrictEqual(new Uint8Array());
    expect(message.data.text()).toBe('');
  });

  test('may have null or nothing in place of any field but the id', () => {
    const nothing = { data: null, attributes: null, publishTime: null, orderingKey: '' };

    expect(parse({ message: { messageId: '42', ...nothing }, subscription: '', deliveryAttempt: null })).toMatchObject({
      id: '42',
      publishTime: undefined,
      orderingKey: undefined,
      deliveryAttempt: undefined,
      subscription: undefined,
    });
  });

  test.each([
    ['messageId and publishTime', { messageId: '42', publishTime: '2021-02-26T19:13:55Z' }],
    ['message_id and publish_time', { message_id: '42', publish_time: '2021-02-26T19:13:55Z' }],
    ['one of each', { messageId: '42', publish_time: '2021-02-26T19:13:55Z' }],
  ])('may spell %s', (_, message) => {
    expect(parse(push(message))).toMatchObject({ id: '42', publishTime: new Date('2021-02-26T19:13:55Z') });
  });

  test('may have its delivery attempt in quotes', () => {
    expect(parse({ ...PUSH, deliveryAttempt: '5' }).deliveryAttempt).toBe(5);
  });

  test('may have members that nobody knows', () => {
    expect(parse({ ...PUSH, future: { message: 1 } }).id).toBe('2070443601311540');
  });
});

describe('the publish time', () => {
  test.each([
    ['2021-02-26T19:13:55Z', '2021-02-26T19:13:55.000Z'],
    ['2021-02-26T19:13:55.7Z', '2021-02-26T19:13:55.700Z'],
    ['2021-02-26T19:13:55.749999999Z', '2021-02-26T19:13:55.749Z'],
    ['2021-02-26T11:13:55.749-08:00', '2021-02-26T19:13:55.749Z'],
    ['2021-02-27t00:58:55+05:45', '2021-02-26T19:13:55.000Z'],
    ['2024-02-29T00:00:00z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (publishTime, expected) => {
    expect(parse(push({ messageId: '42', publishTime })).publishTime?.toISOString()).toBe(expected);
  });

  test.each([
    'yesterday',
    '2021-02-26',
    '2021-02-26T19:13:55',
    '2021-02-26 19:13:55Z',
    '2021-02-26T19:13Z',
    '2021-02-26T19:13:55.Z',
    '2021-02-26T19:13:55Z ',
    ' 2021-02-26T19:13:55Z',
    '2021-02-31T19:13:55Z',
    '2023-02-29T00:00:00Z',
    '2021-13-01T00:00:00Z',
    '2021-00-01T00:00:00Z',
    '2021-02-26T24:00:00Z',
    '2021-02-26T19:60:00Z',
    '2021-02-26T19:13:55+24:00',
    '2021-02-26T19:13:55+01:60',
    '12021-02-26T19:13:55Z',
    'Fri, 26 Feb 2021 19:13:55 GMT',
    '1614366835',
    1_614_366_835,
    true,
    {},
    [],
  ])('%j is no time', async (publishTime) => {
    const error = await errorOf(() => parse(push({ messageId: '42', publishTime })));

    expect(error).toMatchObject({ code: 'field_invalid', status: 400, field: 'message.publishTime' });
  });
});

describe('the attributes', () => {
  test('have no prototype: what every object inherits is not among them', () => {
    const { attributes } = parse(push({ messageId: '42', attributes: { a: '1' } }));

    expect(Object.getPrototypeOf(attributes)).toBeNull();
    expect(attributes['toString']).toBeUndefined();
    expect(attributes['constructor']).toBeUndefined();
  });

  test('cannot be changed', () => {
    const { attributes } = parse(push({ messageId: '42', attributes: { a: '1' } }));

    expect(() => Object.assign(attributes, { a: '2' })).toThrow(TypeError);
    expect(() => Object.assign(attributes, { b: '2' })).toThrow(TypeError);
  });

  test('may have one with the name __proto__, which is an attribute and nothing else', () => {
    const { attributes } = parse('{"message":{"messageId":"42","attributes":{"__proto__":"x","a":"1"}}}');

    expect(Object.entries(attributes)).toStrictEqual([
      ['__proto__', 'x'],
      ['a', '1'],
    ]);
    expect(Object.getPrototypeOf(attributes)).toBeNull();
  });

  test('cannot smuggle in others under the name __proto__', async () => {
    const error = await errorOf(() =>
      parse('{"message":{"messageId":"42","attributes":{"__proto__":{"admin":"true"}}}}'),
    );

    expect(error).toMatchObject({ code: 'field_invalid', field: 'message.attributes' });
    expect({}).not.toHaveProperty('admin');
  });

  test('are only those that the object itself has', () => {
    const attributes = Object.assign(Object.create({ admin: 'true' }), { a: '1' });

    expect(Object.entries(parse(push({ messageId: '42', attributes })).attributes)).toStrictEqual([['a', '1']]);
  });
});

test('no field is taken from __proto__ or from a prototype', async () => {
  const smuggled = '{"message":{"__proto__":{"messageId":"42"}}}';
  const inherited = Object.create(PUSH);

  expect(await errorOf(() => parse(smuggled))).toMatchObject({ code: 'field_missing', field: 'message.messageId' });
  expect(await errorOf(() => parse(inherited))).toMatchObject({ code: 'not_a_pubsub_push' });
});

describe('the data', () => {
  test.each([
    ['', ''],
    ['AA==', '00'],
    ['AAA=', '0000'],
    ['AAAA', '000000'],
    ['/+8=', 'ffef'],
    ['++++', 'fbefbe'],
  ])('%j is the bytes %j', (data, hex) => {
    expect(Buffer.from(parse(push({ messageId: '42', data })).data.bytes).toString('hex')).toBe(hex);
  });

  test('may have every value of a byte, and be long', () => {
    const bytes = Uint8Array.from({ length: 3_000_001 }, (_, index) => (index * 31) % 256);

    const { data } = parse(push({ messageId: '42', data: base64(bytes) }));

    expect(Buffer.from(bytes).equals(data.bytes)).toBe(true);
  });

  test.each<[string, unknown]>([
    ['no padding', 'QQ'],
    ['too little padding', 'QQ='],
    ['too much padding', 'QUI=='],
    ['padding alone', '===='],
    ['padding in the middle', 'QQ==QQ=='],
    ['a length that cannot be', 'QUJDR'],
    ['the URL-safe alphabet', '_-8='],
    ['white space', 'QU JD'],
    ['a line break', 'QUJD\nQUJD'],
    ['a line break at the end', 'QUJ\n'],
    ['bits left over before ==', 'QR=='],
    ['bits left over before =', 'QUJ='],
    ['a letter beyond ASCII', 'QUJÄ'],
    ['a number', 42],
    ['an object', {}],
    ['a list', ['QUJD']],
    ['true', true],
  ])('is refused with %s', async (_, data) => {
    const error = await errorOf(() => parse(push({ messageId: '42', data })));

    expect(error).toMatchObject({ code: 'data_not_base64', status: 400, field: 'message.data' });
  });

  test('that is not UTF-8 can be read as bytes only', async () => {
    const { data } = parse(push({ messageId: '42', data: base64(Buffer.from([0x61, 0xff])) }));

    expect(data.bytes).toStrictEqual(Uint8Array.of(0x61, 0xff));
    expect(await errorOf(() => data.text())).toMatchObject({ code: 'data_not_utf8', status: 400 });
    expect(await errorOf(() => data.json())).toMatchObject({ code: 'data_not_utf8', status: 400 });
  });

  test.each(['', '{', '{"a":1,}', 'three apples', 'undefined'])('%j can be read as text only', async (text) => {
    const { data } = parse(push({ messageId: '42', data: base64(text) }));

    expect(data.text()).toBe(text);
    expect(await errorOf(() => data.json())).toMatchObject({ code: 'data_not_json', status: 400 });
  });

  test.each([null, false, 0, '', [], {}])('may be the JSON value %j', (value) => {
    const { data } = parse(push({ messageId: '42', data: base64(JSON.stringify(value)) }));

    expect(data.json()).toStrictEqual(value);
  });

  test('is read as text and JSON without the byte order mark before it, which its bytes keep', () => {
    const { data } = parse(push({ messageId: '42', data: base64('\uFEFF{"apples":3}') }));

    expect(data.text()).toBe('{"apples":3}');
    expect(data.json()).toStrictEqual({ apples: 3 });
    expect(data.bytes.byteLength).toBe(15);
  });
});

describe('refuses', () => {
  test.each<[SenderErrorCode, number, string, unknown]>([
    ['body_not_json', 400, 'an empty text', ''],
    ['body_not_json', 400, 'no bytes', new Uint8Array()],
    ['body_not_json', 400, 'a form', 'message=42'],
    ['body_not_json', 400, 'half of the JSON', JSON.stringify(PUSH).slice(0, -5)],
    ['body_not_json', 400, 'two JSON values', `${JSON.stringify(PUSH)}{}`],
    [
      'body_not_json',
      400,
      'bytes that are not UTF-8',
      Buffer.from(JSON.stringify(PUSH).replace('eu', '\xff'), 'latin1'),
    ],
    ['body_not_json', 400, 'JSON in UTF-16', Buffer.from(JSON.stringify(PUSH), 'utf16le')],
    ['not_a_pubsub_push', 400, 'the JSON value null', 'null'],
    ['not_a_pubsub_push', 400, 'a JSON number', '42'],
    ['not_a_pubsub_push', 400, 'a JSON list', '[]'],
    ['not_a_pubsub_push', 400, 'an empty object', {}],
    ['not_a_pubsub_push', 400, 'parsed null', null],
    ['not_a_pubsub_push', 400, 'a parsed number', 42],
    ['not_a_pubsub_push', 400, 'a list with a push', [PUSH]],
    ['not_a_pubsub_push', 400, 'a message without wrapper', PUSH.message],
    ['not_a_pubsub_push', 400, 'a message that is null', push(null)],
    ['not_a_pubsub_push', 400, 'a message that is a text', push('42')],
    ['not_a_pubsub_push', 400, 'a message that is a list', push([PUSH.message])],
    ['body_unavailable', 500, 'a body that nothing has read', undefined],
  ])('with %s and %i %s', async (code, status, _, body) => {
    const error = await errorOf(() => parse(body));

    expect(error).toMatchObject({ code, status, field: undefined });
  });

  const message = { messageId: '42' };
  test.each<[SenderErrorCode, string, string, unknown]>([
    ['field_missing', 'message.messageId', 'a message without id', push({ data: 'QQ==' })],
    ['field_missing', 'message.messageId', 'an empty id', push({ messageId: '' })],
    ['field_missing', 'message.messageId', 'an id that is null', push({ messageId: null, message_id: null })],
    ['field_invalid', 'message.messageId', 'an id that is a number', push({ messageId: 2070443601311540 })],
    ['field_invalid', 'message.messageId', 'an id that is an object', push({ messageId: {} })],
    ['field_invalid', 'message.messageId', 'two ids', push({ messageId: '42', message_id: '43' })],
    [
      'field_invalid',
      'message.publishTime',
      'two publish times',
      push({ ...message, publishTime: '2021-02-26T19:13:55Z', publish_time: '2021-02-26T19:13:56Z' }),
    ],
    ['field_invalid', 'message.attributes', 'attributes in a list', push({ ...message, attributes: ['a'] })],
    ['field_invalid', 'message.attributes', 'attributes in a text', push({ ...message, attributes: 'a=1' })],
    [
      'field_invalid',
      'message.attributes',
      'an attribute that is a number',
      push({ ...message, attributes: { a: 1 } }),
    ],
    ['field_invalid', 'message.attributes', 'an attribute that is null', push({ ...message, attributes: { a: null } })],
    ['field_invalid', 'message.orderingKey', 'an ordering key that is a number', push({ ...message, orderingKey: 1 })],
    ['field_invalid', 'subscription', 'a subscription that is an object', { message, subscription: {} }],
    ['field_invalid', 'deliveryAttempt', 'a delivery attempt below 0', { message, deliveryAttempt: -1 }],
    ['field_invalid', 'deliveryAttempt', 'half a delivery attempt', { message, deliveryAttempt: 1.5 }],
    ['field_invalid', 'deliveryAttempt', 'a delivery attempt in words', { message, deliveryAttempt: 'five' }],
    ['field_invalid', 'deliveryAttempt', 'a delivery attempt in hexadecimal', { message, deliveryAttempt: '0x5' }],
    ['field_invalid', 'deliveryAttempt', 'a delivery attempt with a space', { message, deliveryAttempt: ' 5' }],
    ['field_invalid', 'deliveryAttempt', 'a delivery attempt beyond counting', { message, deliveryAttempt: 1e300 }],
    ['field_invalid', 'deliveryAttempt', 'a delivery attempt that is true', { message, deliveryAttempt: true }],
  ])('with %s of %s %s', async (code, field, _, body) => {
    const error = await errorOf(() => parse(body));

    expect(error).toMatchObject({ code, status: 400, field });
  });
});
