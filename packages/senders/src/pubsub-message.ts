import type { PubSubData } from './pubsub-data.ts';

/**
 * A message that Pub/Sub has pushed.
 *
 * The token says that Pub/Sub delivers it in the name of the service account. It does not say who has published it:
 * `data`, `attributes` and `orderingKey` are whatever somebody with the right to publish on the topic has chosen. A
 * message may come more than once, so remember `id`.
 */
export interface PubSubMessage {
  /** Unique within the topic, and the same each time the message is delivered. */
  readonly id: string;
  /** When Pub/Sub took the message in. Pub/Sub always sends it; Google's Pub/Sub emulator does not. */
  readonly publishTime?: Date | undefined;
  /**
   * The attributes, frozen, in an object without prototype. Always empty where the push is not `wrapped`: there each
   * attribute is a header of the request, and nothing tells it from the other headers.
   */
  readonly attributes: Readonly<Record<string, string | undefined>>;
  /** What was published. */
  readonly data: PubSubData;
  /** Messages with the same key come in the order of their publishing. */
  readonly orderingKey?: string | undefined;
  /** From 1; sent for subscriptions with a dead-letter topic, in wrapped pushes only. */
  readonly deliveryAttempt?: number | undefined;
  /** `projects/PROJECT/subscriptions/SUBSCRIPTION` */
  readonly subscription?: string | undefined;
  /** `true`: the message came as JSON in the body. `false`: the body is the data, and all the rest came in headers. */
  readonly wrapped: boolean;
}

/** The attributes of a message as they are handed out. */
export function toAttributes(attributes: Readonly<Record<string, string>>): PubSubMessage['attributes'] {
  // Without a prototype, an attribute named "__proto__" is one like any other, and none looks like an inherited one.
  return Object.freeze(Object.assign(Object.create(null), attributes));
}
