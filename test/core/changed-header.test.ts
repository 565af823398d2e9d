/*
 * What came over the wire counts. Where a middleware has made something else of it, the hint of a refusal says so.
 */
import { nodeHeaders } from '@id-token-guard/core';
import { describe, expect, test } from 'vitest';
import { createVerifier, idToken } from './fixtures.ts';
import { refusalOf } from './refusal-of.ts';

const HINT =
  'A middleware has changed req.headers["authorization"]: what came over the wire counts, not what it became.';

/** A request of Node.js that came with one value, and has another now. */
function request(received: string | undefined, now: string | undefined) {
  const rawHeaders = ['Host', 'api.example.com', ...(received === undefined ? [] : ['Authorization', received])];
  return nodeHeaders({ rawHeaders, headers: { host: 'api.example.com', authorization: now } });
}

describe('a header that a middleware has changed', () => {
  test.each([
    ['token_missing', 'Basic c2VjcmV0'],
    ['request_invalid', 'Bearer'],
    ['token_malformed', 'Bearer of-a-session'],
  ])('counts as it came, and is refused as %s with a hint that tells of the change', async (code, received) => {
    const token = await idToken();

    const refusal = await refusalOf(() => createVerifier().authenticate(request(received, `Bearer ${token}`)));

    expect(refusal).toMatchObject({ code, hint: expect.stringMatching(/[.?] A middleware has changed/) });
    expect(refusal.hint?.endsWith(HINT)).toBe(true);
    expect(refusal.hint).not.toContain(token);
  });

  test('counts as it came where that is a good token', async () => {
    const headers = request(`Bearer ${await idToken()}`, 'Bearer of-a-session');

    expect((await createVerifier().authenticate(headers)).caller.kind).toBe('service_account');
  });

  test('is told of as the header that the guard reads', async () => {
    const headers = nodeHeaders({
      rawHeaders: ['X-Serverless-Authorization', 'Basic x'],
      headers: { 'x-serverless-authorization': 'Bearer x' },
    });

    const refusal = await refusalOf(() =>
      createVerifier().authenticate(headers, { header: 'x-serverless-authorization' }),
    );

    expect(refusal.hint).toContain('req.headers["x-serverless-authorization"]');
  });

  test('is removed: the hint tells that too', async () => {
    const refusal = await refusalOf(() => createVerifier().authenticate(request('Basic x', undefined)));

    expect(refusal.hint).toContain(HINT);
  });
});

describe('nothing is said of a change', () => {
  test.each([
    ['where there is none', request('Basic x', 'Basic x')],
    ['where nothing came', request(undefined, 'Basic x')],
    ['where the request has no raw headers', nodeHeaders({ headers: { authorization: 'Basic x' } })],
    ['where the headers are those of the Web', new Headers({ authorization: 'Basic x' })],
    ['where they are a plain object', { authorization: 'Basic x', tellingOfChange: 'x' }],
  ])('%s', async (_, headers) => {
    const refusal = await refusalOf(() => createVerifier().authenticate(headers));

    expect(refusal).toMatchObject({ code: 'token_missing', hint: expect.not.stringContaining('middleware') });
  });

  test('where the token was a good one of the wrong caller', async () => {
    const stranger = await idToken({ email: 'stranger@my-project.iam.gserviceaccount.com' });

    const refusal = await refusalOf(() => createVerifier().authenticate(request(`Bearer ${stranger}`, 'Bearer x')));

    expect(refusal).toMatchObject({ code: 'caller_not_allowed', hint: expect.not.stringContaining('middleware') });
  });
});

test('a header that did not come may be added by a middleware', async () => {
  const headers = request(undefined, `Bearer ${await idToken()}`);

  expect((await createVerifier().authenticate(headers)).caller.kind).toBe('service_account');
});
