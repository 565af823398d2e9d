import { isSenderError, type SenderError } from '@id-token-guard/senders';
import { assert } from 'vitest';

/** A push as the documentation of Pub/Sub shows it, with every field there is. */
export const PUSH = {
  deliveryAttempt: 5,
  message: {
    attributes: { eventType: 'order.created', region: 'eu' },
    data: base64('{"apples":3}'),
    messageId: '2070443601311540',
    message_id: '2070443601311540',
    orderingKey: 'customer-42',
    publishTime: '2021-02-26T19:13:55.749Z',
    publish_time: '2021-02-26T19:13:55.749Z',
  },
  subscription: 'projects/my-project/subscriptions/orders-push',
};

/** The headers of an unwrapped push, as Pub/Sub writes them. */
export const UNWRAPPED = {
  'x-goog-pubsub-message-id': '2070443601311540',
  'x-goog-pubsub-publish-time': '2021-02-26T19:13:55.749Z',
  'x-goog-pubsub-subscription-name': 'projects/my-project/subscriptions/orders-push',
  'x-goog-pubsub-ordering-key': 'customer-42',
};

/** A push with this message in it. */
export function push(message: unknown): unknown {
  return { message, subscription: PUSH.subscription };
}

export function base64(bytes: string | Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** The error that something throws or rejects with. */
export async function errorOf(action: () => unknown): Promise<SenderError> {
  try {
    await action();
  } catch (error) {
    assert(isSenderError(error), `not a SenderError: ${error}`);
    return error;
  }
  assert.fail('nothing was thrown');
}
