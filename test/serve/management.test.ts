/*
 * What operators look at.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { exchange, requestText } from '../adapters/support/raw-http.ts';
import { good, google, guardHere, startGuardHere } from './support/world.ts';

beforeEach(() => google.answerWith('ok'));

describe.each([
  ['on the port where it is asked', {}],
  ['on a port of their own', { managementPort: 0 }],
])('%s', (_, where) => {
  const config = { metrics: true, managementPort: undefined, ...where };

  test('/healthz tells that it is alive', async () => {
    const { managementUrl } = await guardHere(config);
    const answer = await fetch(`${managementUrl}/healthz?from=probe`);

    expect({ status: answer.status, body: await answer.text() }).toEqual({ status: 200, body: '{"status":"alive"}' });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('/readyz tells whether there are keys, and gets them', async () => {
    google.answerWith('outage');
    const guard = await startGuardHere(config);
    google.answerWith('outage');
    const probe = async () => {
      const answer = await fetch(`${guard.managementUrl}/readyz`);
      return { status: answer.status, body: await answer.text() };
    };

    expect(await probe()).toEqual({ status: 503, body: '{"status":"no keys"}' });
    expect((await fetch(`${guard.managementUrl}/healthz`)).status).toBe(200);
    google.answerWith('ok');
    await expect.poll(probe, { timeout: 5000 }).toEqual({ status: 200, body: '{"status":"ready"}' });
    await guard.close();
  });

  test('HEAD has no body, other methods are not allowed, other paths are not there', async () => {
    const { managementPort } = await guardHere(config);
    const answer = await exchange(managementPort, requestText('POST /metrics HTTP/1.1', []));

    expect(answer).toMatchObject({ status: 405 });
    expect(answer.headers['allow']).toBe('GET, HEAD');
    expect(await exchange(managementPort, requestText('HEAD /healthz HTTP/1.1', []))).toMatchObject({
      status: 200,
      body: '',
    });
    expect(await exchange(managementPort, requestText('GET /constructor HTTP/1.1', []))).toMatchObject({ status: 404 });
  });
});

test('/metrics counts what was let in and refused, and tells how the keys are', async () => {
  const guard = await startGuardHere({ metrics: true, managementPort: undefined });
  const ask = (lines: readonly string[]) => exchange(guard.port, requestText('GET /auth HTTP/1.1', lines));
  await ask([good]);
  await ask([good]);
  await ask([good]);
  await ask([]);
  await ask(['Authorization: Bearer x']);
  const answer = await fetch(`${guard.managementUrl}/metrics`);
  const lines = (await answer.text()).split('\n');

  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(lines).toEqual(
    expect.arrayContaining([
      'id_token_guard_accepted_total{remembered="no"} 1',
      'id_token_guard_accepted_total{remembered="yes"} 2',
      'id_token_guard_refused_total{code="token_missing"} 1',
      'id_token_guard_refused_total{code="token_malformed"} 1',
      'id_token_guard_refused_total{code="keys_unavailable"} 0',
      'id_token_guard_key_refreshes_total{result="google"} 1',
      'id_token_guard_keys_usable 1',
      expect.stringMatching(/^id_token_guard_keys [1-9]/),
      'id_token_guard_reloads_total{result="failed"} 0',
      expect.stringMatching(/^id_token_guard_keys_age_seconds \d/),
      expect.stringMatching(/^id_token_guard_keys_fresh_for_seconds \d/),
      expect.stringMatching(/^process_resident_memory_bytes \d/),
    ]),
  );
  expect(lines.join('\n')).not.toContain('eyJ');
  await guard.close();
});

test('without "metrics" there are none', async () => {
  const { managementUrl } = await guardHere();

  expect((await fetch(`${managementUrl}/metrics`)).status).toBe(404);
});
