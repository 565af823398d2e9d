/*
 * Requests of Pub/Sub, Cloud Tasks and Cloud Scheduler, and what is nearly one.
 */
import fc from 'fast-check';
import { PUSH, UNWRAPPED } from '../../senders/fixtures.ts';
import { bytesOf, jsonTexts, objectTextsWith, often } from './json-texts.ts';

const base64 = fc.oneof(
  { weight: 3, arbitrary: fc.base64String() },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom('A', 'Q', 'R', '=', '/', '+', '-', '_', '\n', ' ') }) },
);
const time = often(
  PUSH.message.publishTime,
  fc.oneof(
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.constantFrom(
      '2021-02-30T00:00:00Z',
      '2021-02-26T24:00:00Z',
      '2021-02-26',
      '0',
      '2021-02-26T19:13:55.749123456+01:00',
    ),
    fc.string(),
  ),
);
const count = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom('-1', '1.5', '1e3', '0x1', '', ' 1', '9'.repeat(20), 'NaN'),
);
const word = often('orders', fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'a,b', 'a\nb', '\0')));

const messageText = time.chain((text) =>
  objectTextsWith({
    messageId: often('"42"', jsonTexts),
    data: fc.oneof(
      { weight: 9, arbitrary: base64.map((data) => JSON.stringify(data)) },
      { weight: 1, arbitrary: jsonTexts },
    ),
    publishTime: often(JSON.stringify(text), jsonTexts),
    attributes: often('{"__proto__":"a","b":"c"}', objectTextsWith({ a: often('"b"', jsonTexts) })),
    message_id: often('"42"', jsonTexts),
    publish_time: often(JSON.stringify(text), jsonTexts),
    orderingKey: often('""', jsonTexts),
  }),
);

/** Bodies near a wrapped push, as bytes. */
export const pushBodies: fc.Arbitrary<Uint8Array> = bytesOf(
  fc.oneof(
    {
      weight: 8,
      arbitrary: objectTextsWith({
        message: messageText,
        subscription: often('"s"', jsonTexts),
        deliveryAttempt: often('1', jsonTexts),
      }),
    },
    { weight: 1, arbitrary: objectTextsWith({ message: jsonTexts }) },
    { weight: 1, arbitrary: jsonTexts },
  ),
);

/** Bodies as a body parser may leave them: bytes, text, what JSON.parse makes of it, or anything. */
export const anyBodies: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 2, arbitrary: pushBodies },
  { weight: 2, arbitrary: pushBodies.map((bytes) => Buffer.from(bytes).toString()) },
  { weight: 4, arbitrary: pushBodies.map((bytes) => parsed(Buffer.from(bytes).toString())) },
  { weight: 1, arbitrary: fc.anything() },
  { weight: 1, arbitrary: fc.uint8Array().map((bytes) => bytes.buffer) },
);

const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
  ...Object.fromEntries(
    Object.entries(UNWRAPPED).map(([name, text]) => [name, often(text, fc.oneof(word, time, count))]),
  ),
  'content-length': count,
  'x-cloudtasks-queuename': word,
  'x-cloudtasks-taskname': word,
  'x-cloudtasks-taskretrycount': often('0', count),
  'x-cloudtasks-taskexecutioncount': often('0', count),
  'x-cloudtasks-tasketa': often('1616151600.123', fc.oneof(count, time)),
  'x-cloudtasks-taskpreviousresponse': often('503', count),
  'x-cloudscheduler-jobname': word,
  'x-cloudscheduler-scheduletime': time,
};

/** Headers of all senders at once, as Node.js has them; now and then one is missing, twice or in capitals. */
export const senderHeaders: fc.Arbitrary<Record<string, string | string[] | undefined>> = fc
  .tuple(
    fc.record(values),
    fc.subarray(Object.keys(values), { maxLength: 12 }),
    fc.dictionary(
      fc.constantFrom(...Object.keys(values), 'X-CloudTasks-TaskName', 'get', '__proto__'),
      fc.array(word),
      {
        maxKeys: 1,
      },
    ),
  )
  .map(([all, missing, more]) => ({
    ...Object.fromEntries(Object.entries(all).filter(([name]) => !missing.includes(name))),
    ...more,
  }));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
