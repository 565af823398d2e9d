import { createFakeGoogle } from '@id-token-guard/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { createHandler } from '../../examples/pubsub-edge.ts';

const google = await createFakeGoogle();
const handler = createHandler({ keys: google.keySet() });
const log = vi.spyOn(console, 'log').mockImplementation(() => {});
afterEach(() => log.mockClear());

async function push(claims: Record<string, unknown>): Promise<Response> {
  const token = await google.idToken({
    aud: 'https://edge.example.com/push?topic=orders',
    email: 'pubsub-push@my-project.iam.gserviceaccount.com',
    email_verified: true,
    ...claims,
  });
  const body = {
    message: { messageId: '42', data: btoa('three apples') },
    subscription: 'projects/my-project/subscriptions/orders-push',
  };
  const request = new Request('https://edge.example.com/push?topic=orders', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return handler(request);
}

test('acknowledges a push of the subscription', async () => {
  const response = await push({});

  expect(response.status).toBe(204);
  expect(log.mock.calls).toStrictEqual([['Message 42 from service_account: three apples']]);
});

test('does not read a push that another account signed for', async () => {
  const response = await push({ email: 'push@elsewhere.iam.gserviceaccount.com' });

  expect(response.status).toBe(403);
  expect(log).not.toHaveBeenCalled();
});
