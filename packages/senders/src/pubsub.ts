import type { RequestHeaders } from '@id-token-guard/core';
import { bytesOf, readBody, unreadBody } from './body.ts';
import { SenderError } from './errors.ts';
import { hasHeader, header, requiredHeader } from './headers.ts';
import { jsonOf } from './json.ts';
import { maxBytesOf, type PubSubPushOptions } from './options.ts';
import { createPubSubData } from './pubsub-data.ts';
import { type PubSubMessage, toAttributes } from './pubsub-message.ts';
import { readWrapped } from './pubsub-wrapped.ts';
import { NAME, TEXT, TIME } from './values.ts';

/**
 * The statuses with which a push is acknowledged. Pub/Sub delivers the message again after every other one.
 *
 * @see https://cloud.google.com/pubsub/docs/push
 */
export const PUBSUB_ACK_STATUSES: readonly number[] = Object.freeze([102, 200, 201, 202, 204]);

/** A push whose body somebody else has read. */
export interface PubSubPush {
  /** Web `Headers`, or Node's `req.headersDistinct`, in which a header that comes twice is seen. */
  readonly headers: RequestHeaders;
  /** The body as text, as bytes, or, for a wrapped push only, as the object that a JSON parser has made of it. */
  readonly body: unknown;
}

/**
 * Reads the message that Pub/Sub has pushed with this request. Call it behind the guard: header and body prove nothing
 * by themselves.
 *
 * **Answer** with one of {@link PUBSUB_ACK_STATUSES} when the message is done. After any other status, and after no
 * answer before the acknowledgement deadline, Pub/Sub delivers it again, until its retention ends or it goes to a
 * dead-letter topic. The `status` of an error never acknowledges.
 *
 * Takes both forms of a push. One with the header `x-goog-pubsub-message-id` is unwrapped (`--push-no-wrapper`
 * together with `--push-no-wrapper-write-metadata`): the body is the data. Any other must be wrapped, in JSON. Do not
 * use it for a subscription that unwraps without writing metadata: the publisher writes the whole body there, and can
 * make it look like a wrapped push with any id and subscription.
 *
 * In an unwrapped push **a publisher-chosen attribute becomes a request header**. This function reads only the headers
 * that Pub/Sub writes. Behind such a subscription never trust a header like `x-forwarded-for` or `x-user`, nor a
 * middleware that does.
 *
 * It does not check who publishes, nor which subscription it is, nor whether the message came before.
 *
 * ```ts
 * const handler = requireGoogleIdToken(options)(async (request) => {
 *   const message = await readPubSubPush(request);
 *   await store(message.id, message.data.json());
 *   return new Response(null, { status: 204 });
 * });
 * ```
 *
 * @throws SenderError for what is not a push, or is too large
 * @throws TypeError that names a wrong option
 * @see https://cloud.google.com/pubsub/docs/push and https://cloud.google.com/pubsub/docs/payload-unwrapping
 */
export async function readPubSubPush(request: Request, options: PubSubPushOptions = {}): Promise<PubSubMessage> {
  const body = await readBody(request, maxBytesOf(options));
  return parsePubSubPush({ headers: request.headers, body }, options);
}

/**
 * {@link readPubSubPush} for servers without Web `Request`, and for bodies that a body parser has read.
 *
 * In Express, `express.json({ limit: '10mb' })` does for wrapped pushes; its own limit is 100 kB. Unwrapped ones need
 * the bytes: `express.raw({ type: () => true, limit: '10mb' })`.
 *
 * ```ts
 * app.post('/push', express.json({ limit: '10mb' }), async (req, res) => {
 *   const message = parsePubSubPush({ headers: req.headersDistinct, body: req.body });
 *   await store(message.id, message.data.json());
 *   res.status(204).end();
 * });
 * ```
 *
 * @param push headers and body, as the server has them
 * @throws SenderError for what is not a push, or is too large
 * @throws TypeError that names a wrong option
 */
export function parsePubSubPush({ headers, body }: PubSubPush, options: PubSubPushOptions = {}): PubSubMessage {
  const maxBytes = maxBytesOf(options);
  const bytes = bytesOf(body, maxBytes);
  // The header decides, never the look of the body: in an unwrapped push the publisher chooses the body.
  if (hasHeader(headers, 'x-goog-pubsub-message-id')) {
    return readUnwrapped(headers, bytes ?? emptyBody(headers));
  }
  if (body === undefined) {
    throw unreadBody();
  }
  return readWrapped(bytes === undefined ? body : jsonOf(bytes), maxBytes);
}

function readUnwrapped(headers: RequestHeaders, body: Uint8Array): PubSubMessage {
  return {
    id: requiredHeader(headers, 'x-goog-pubsub-message-id', NAME),
    publishTime: header(headers, 'x-goog-pubsub-publish-time', TIME),
    attributes: toAttributes({}),
    data: createPubSubData(body),
    orderingKey: header(headers, 'x-goog-pubsub-ordering-key', TEXT),
    deliveryAttempt: undefined,
    subscription: header(headers, 'x-goog-pubsub-subscription-name', NAME),
    wrapped: false,
  };
}

/** Body parsers leave the same behind where there is no body, and where they have not read it. */
function emptyBody(headers: RequestHeaders): Uint8Array {
  if (header(headers, 'content-length', TEXT) !== '0') {
    throw new SenderError(
      'body_unavailable',
      undefined,
      'An unwrapped push needs the bytes of its body, as express.raw({ type: () => true }) has them.',
    );
  }
  return new Uint8Array();
}
