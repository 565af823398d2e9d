import { createGoogleKeySet, type GoogleIdTokenError } from '@id-token-guard/core';
import { expect, test } from 'vitest';
import { refusalOf } from '../refusal-of.ts';

const url = 'https://keys.example.com/certs';

function refusal(thrown: Error): Promise<GoogleIdTokenError> {
  const fetch = () => Promise.reject(thrown);
  return refusalOf(() => createGoogleKeySet({ url, fetch }).preload());
}

test.each([
  ['the system says', { code: 'ECONNREFUSED' }, 'No answer (ECONNREFUSED).'],
  [
    'the cause has a message',
    new Error('connect ECONNREFUSED 127.0.0.1:1', { cause: undefined }),
    'No answer: connect ECONNREFUSED 127.0.0.1:1.',
  ],
  [
    'the message of the cause has its code',
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }),
    'No answer: connect ECONNREFUSED 127.0.0.1:1.',
  ],
  [
    'a proxy says so, two causes deep',
    new Error('Request was aborted.', {
      cause: Object.assign(new Error('Proxy response (407) !== 200 when HTTP Tunneling'), { code: 'UND_ERR_ABORTED' }),
    }),
    'No answer: Proxy response (407) !== 200 when HTTP Tunneling (UND_ERR_ABORTED).',
  ],
  [
    'both addresses refuse, which is an error without a message',
    Object.assign(new AggregateError([new Error('one'), new Error('two')], ''), { code: 'ECONNREFUSED' }),
    'No answer (ECONNREFUSED).',
  ],
  ['the causes go round in circles', circle(), 'No answer: Round and round.'],
  ['the cause has no code', {}, 'No answer.'],
  ['the cause is a text', 'because', 'No answer.'],
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

function circle(): Error {
  const error: Error = new Error('Round and round.');
  error.cause = error;
  return error;
}
