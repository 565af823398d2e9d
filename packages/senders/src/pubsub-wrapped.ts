import { decodeBase64 } from './base64.ts';
import { SenderError } from './errors.ts';
import { isJsonObject, type JsonObject, own } from './json.ts';
import { createPubSubData } from './pubsub-data.ts';
import { type PubSubMessage, toAttributes } from './pubsub-message.ts';
import { invalidHint, shapeOf } from './shapes.ts';
import { COUNT, type Format, TEXT, TIME } from './values.ts';

/**
 * Reads the JSON value in which Pub/Sub wraps a message.
 *
 * @throws SenderError
 */
export function readWrapped(body: unknown, maxBytes: number): PubSubMessage {
  const message = isJsonObject(body) ? own(body, 'message') : undefined;
  if (!isJsonObject(body) || !isJsonObject(message)) {
    const what = isJsonObject(body) ? `"message" is ${shapeOf(message)}` : `The body is ${shapeOf(body)}`;
    throw new SenderError('not_a_pubsub_push', undefined, `${what}, expected an object.`);
  }
  const id = text('message.messageId', either(message, 'messageId', 'message_id'), TEXT);
  if (id === undefined) {
    throw new SenderError(
      'field_missing',
      'message.messageId',
      'message.messageId is missing or empty, expected a text.',
    );
  }
  return {
    id,
    publishTime: text('message.publishTime', either(message, 'publishTime', 'publish_time'), TIME),
    attributes: readAttributes(own(message, 'attributes')),
    data: createPubSubData(readData(own(message, 'data'), maxBytes)),
    orderingKey: text('message.orderingKey', own(message, 'orderingKey'), TEXT),
    deliveryAttempt: number('deliveryAttempt', own(body, 'deliveryAttempt')),
    subscription: text('subscription', own(body, 'subscription'), TEXT),
    wrapped: true,
  };
}

/** Pub/Sub writes some fields in both spellings, with the same value. */
function either(message: JsonObject, name: string, otherName: string): unknown {
  const value = own(message, name);
  const other = own(message, otherName);
  if (value !== undefined && other !== undefined && value !== other) {
    throw new SenderError('field_invalid', `message.${name}`, `message.${name} contradicts its other spelling.`);
  }
  return value ?? other;
}

/** A text that `format` makes something of; the empty one counts as missing, as in protocol buffers. */
function text<T>(field: string, value: unknown, format: Format<T>): T | undefined {
  if (value === undefined || value === '') {
    return undefined;
  }
  const parsed = typeof value === 'string' ? format.parse(value) : undefined;
  if (parsed === undefined) {
    throw invalid(field, value, format.expected);
  }
  return parsed;
}

function invalid(field: string, value: unknown, expected: string): SenderError {
  return new SenderError('field_invalid', field, invalidHint(field, value, expected));
}

/** A whole number from 0. The JSON form of protocol buffers allows it in quotes too. */
function number(field: string, value: unknown): number | undefined {
  return text(field, typeof value === 'number' ? String(value) : value, COUNT);
}

function readAttributes(value: unknown = {}): PubSubMessage['attributes'] {
  if (!isAttributes(value)) {
    throw invalid('message.attributes', value, 'an object of texts');
  }
  return toAttributes(value);
}

function isAttributes(value: unknown): value is Record<string, string> {
  return isJsonObject(value) && Object.values(value).every((attribute) => typeof attribute === 'string');
}

function readData(value: unknown = '', maxBytes: number): Uint8Array {
  if (typeof value === 'string' && value.length > maxBytes) {
    throw new SenderError('body_too_large', 'message.data');
  }
  const bytes = typeof value === 'string' ? decodeBase64(value) : undefined;
  if (bytes === undefined) {
    throw new SenderError(
      'data_not_base64',
      'message.data',
      `message.data is ${shapeOf(value)}, expected base64 with padding (RFC 4648 §4).`,
    );
  }
  return bytes;
}
