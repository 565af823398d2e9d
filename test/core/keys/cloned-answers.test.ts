import { createGoogleKeySet } from '@id-token-guard/core';
import { expect, test } from 'vitest';
import './unhandled-rejections.ts';

// A clone that nobody reads keeps the cancelling of the other one waiting: agents that record traffic make such.
test.each([
  ['a refusal', () => new Response('x'.repeat(100_000), { status: 503 }), 'status 503'],
  ['a body that is too large', () => new Response('x'.repeat(100_000)), 'larger than 64 KiB'],
])('%s is told as what it is where a copy of the answer is kept', async (_, answer, reason) => {
  const copies: Response[] = [];
  const keys = createGoogleKeySet({
    fetch: async () => {
      const response = answer();
      copies.push(response.clone());
      return response;
    },
  });

  await expect(keys.preload()).rejects.toMatchObject({
    code: 'keys_unavailable',
    hint: expect.stringContaining(reason),
  });
});
