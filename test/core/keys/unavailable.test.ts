import { createGoogleKeySet, type GoogleIdTokenError } from '@id-token-guard/core';
import { expect, test } from 'vitest';
import { refusalOf } from '../refusal-of.ts';

const url = 'https://keys.example.com/certs';

function refusal(thrown: Error): Promise<GoogleIdTokenError> {
  const fetch = () => Promise.reject(thrown);
  return refusalOf(() => createGoogleKeySet({ url, fetch }).preload());
}

test.each([
  ['the system says', { code: 'ECONNREFUSED' }, 'No answer. (ECONNREFUSED).'],
  ['the cause has no code', {}, 'No answer.'],
  ['the code is a number', { code: 111 }, 'No answer.'],
  ['there is no cause', undefined, 'No answer.'],
])('the hint of keys_unavailable says why they cannot be had: %s', async (_, cause, reason) => {
  const thrown = new Error('No answer.', { cause });

  expect(await refusal(thrown)).toMatchObject({
    code: 'keys_unavailable',
    status: 503,
    hint: `The keys could not be fetched from ${url}: ${reason} Good tokens cannot be told from bad ones until that works.`,
    cause: thrown,
  });
});
