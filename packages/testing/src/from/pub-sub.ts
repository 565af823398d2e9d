import { bearerRequest, type SenderRequest, type ServiceOptions, type TokenSource } from './sender-request.ts';
import { signAsService } from './service-account.ts';

/** Options of `google.from.pubSub`. */
export interface PubSubOptions extends ServiceOptions {
  /** What was published. @default { data: 'Hello' } */
  readonly message?: PubSubMessage;
  /** @default 'projects/my-project/subscriptions/my-subscription' */
  readonly subscription?: string;
  /** How often the message has been tried; only subscriptions with a dead-letter topic tell. @default not told */
  readonly deliveryAttempt?: number;
  /**
   * Payload unwrapping: the body is the data itself. With `writeMetadata`, the rest is in headers, and each attribute,
   * whose name the publisher chose, is a header too. @default the message is wrapped in JSON
   */
  readonly noWrapper?: { readonly writeMetadata?: boolean };
}

/** A published message. */
export interface PubSubMessage {
  /** As text; base64 in a wrapped message. A message with attributes may have none. */
  readonly data?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** @default a random one */
  readonly messageId?: string;
  /** @default now */
  readonly publishTime?: string;
  readonly orderingKey?: string;
}

/**
 * @see https://cloud.google.com/pubsub/docs/push
 * @see https://cloud.google.com/pubsub/docs/payload-unwrapping
 */
export async function pubSub(google: TokenSource, options: PubSubOptions): Promise<SenderRequest> {
  const signed = await signAsService(google, options);
  const delivery = deliveryOf(google, options);
  const parts = options.noWrapper ? unwrapped(delivery, options.noWrapper) : wrapped(delivery);
  const userAgent = 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)';
  const headers = { ...parts.headers, 'user-agent': userAgent };
  return bearerRequest(signed, { method: 'POST', headers, body: parts.body }, options);
}

/** A message on its way: with what Pub/Sub adds. */
interface Delivery {
  readonly message: PubSubMessage & { readonly messageId: string; readonly publishTime: string };
  readonly subscription: string;
  readonly deliveryAttempt: number | undefined;
}

interface Parts {
  readonly headers: Record<string, string>;
  readonly body: string;
}

function deliveryOf(google: TokenSource, options: PubSubOptions): Delivery {
  const messageId = String(crypto.getRandomValues(new BigUint64Array(1))[0]);
  const publishTime = new Date(google.now()).toISOString();
  return {
    message: { messageId, publishTime, ...(options.message ?? { data: 'Hello' }) },
    subscription: options.subscription ?? 'projects/my-project/subscriptions/my-subscription',
    deliveryAttempt: options.deliveryAttempt,
  };
}

function wrapped({ message, subscription, deliveryAttempt }: Delivery): Parts {
  const { attributes, data, messageId, orderingKey, publishTime } = message;
  const body = {
    deliveryAttempt,
    message: {
      attributes,
      data: data === undefined ? undefined : base64(data),
      // Pub/Sub sends both spellings.
      messageId,
      message_id: messageId,
      orderingKey,
      publishTime,
      publish_time: publishTime,
    },
    subscription,
  };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function unwrapped({ message, subscription }: Delivery, { writeMetadata = false }: { writeMetadata?: boolean }): Parts {
  const body = message.data ?? '';
  if (!writeMetadata) {
    return { headers: {}, body };
  }
  const headers: Record<string, string> = {
    ...message.attributes,
    'x-goog-pubsub-message-id': message.messageId,
    'x-goog-pubsub-publish-time': message.publishTime,
    'x-goog-pubsub-subscription-name': subscription,
  };
  if (message.orderingKey !== undefined) {
    headers['x-goog-pubsub-ordering-key'] = message.orderingKey;
  }
  return { headers, body };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
