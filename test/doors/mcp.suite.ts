/*
 * A real server of the Model Context Protocol, and the client of its SDK.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFakeGoogle, refusedRequests } from '@id-token-guard/testing';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { REFUSAL_TABLE } from '../adapters/support/refusal-table.ts';
import { createApp } from './mcp.ts';

const audience = 'https://mcp.example.com';
const claims = { sub: '1234567890', email: 'agent@my-project.iam.gserviceaccount.com', email_verified: true };
const google = await createFakeGoogle();
const server = createServer(createApp({ keys: google.keySet() }));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => server.close());
const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);

beforeEach(() => google.answerWith('ok'));

async function connect(authorization: string): Promise<Client> {
  const client = new Client({ name: 'agent', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization } } });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  return client;
}

test('a tool sees who calls, and no token', async () => {
  const token = await google.idToken({ aud: audience, ...claims });
  const client = await connect(`Bearer ${token}`);

  const { content } = await client.callTool({ name: 'whoami' });
  await client.close();

  const [{ text }] = content as [{ text: string }];
  const seen = JSON.parse(text);
  expect(seen).toEqual({
    token: '',
    clientId: claims.sub,
    scopes: [],
    expiresAt: expect.any(Number),
    extra: { caller: expect.objectContaining({ kind: 'service_account', email: claims.email }) },
  });
  expect(seen.expiresAt).toBeGreaterThan(Date.now() / 1000);
  expect(text).not.toContain(token.split('.')[2]);
});

describe('a refused request', async () => {
  const requests = await refusedRequests(google, { audience, claims });

  test.each(requests.map((request) => [request.title, request] as const))('%s', async (_, request) => {
    google.answerWith(request.jwks);
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami' } });

    const response = await fetch(url, { method: 'POST', body, headers: { ...headers, ...request.headers } });

    const { status, challenge, body: expected } = REFUSAL_TABLE[request.code];
    expect([response.status, response.headers.get('www-authenticate'), await response.text()]).toEqual([
      status,
      challenge ?? null,
      expected,
    ]);
    expect(response.headers.has('retry-after')).toBe(status === 503);
  });

  test('is an error of the client of the SDK', async () => {
    await expect(connect('Bearer cut')).rejects.toThrow();
  });
});
