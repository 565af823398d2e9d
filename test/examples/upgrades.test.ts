/*
 * The examples with WebSockets, held to the hostile suite over real handshakes, and met by real clients.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFakeGoogle, sendHandshake, testGuard } from '@id-token-guard/testing';
import express from 'express';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createApp as createSocketIoApp } from '../../examples/socket-io.ts';
import { createApp as createWebSocketApp } from '../../examples/websocket.ts';

const google = await createFakeGoogle();
const audience = 'https://api.example.com';
const claims = { email: 'sender@my-project.iam.gserviceaccount.com', email_verified: true };
const caller = {
  kind: 'service_account',
  uniqueId: '112010400000000710080',
  email: claims.email,
  projectId: 'my-project',
};

async function authorization(): Promise<string> {
  return `Bearer ${await google.idToken({ aud: audience, ...claims })}`;
}

/** Serves until the end of the file; what it returns makes URLs when the server listens. */
function serveAll(server: Server): (path: string, protocol?: string) => string {
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  return (path, protocol = 'http') => `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
}

describe('the websocket example', () => {
  const url = serveAll(createWebSocketApp({ keys: google.keySet() }));
  const send = (headers: Readonly<Record<string, string>>) => fetch(url('/hello'), { headers });

  testGuard('its pages', send, { google, audience, claims, describe, test });
  testGuard(
    'its WebSockets',
    sendHandshake(() => url('/feed')),
    {
      google,
      audience,
      claims,
      upgrade: true,
      describe,
      test,
    },
  );

  test('tells a client of ws who it is', async () => {
    const socket = new WebSocket(url('/feed', 'ws'), { headers: { authorization: await authorization() } });

    const message = await new Promise((resolve, reject) => {
      socket.on('message', (data) => resolve(JSON.parse(String(data))));
      socket.on('error', reject);
    });
    socket.terminate();

    expect(message).toEqual({ hello: caller });
  });
});

describe('the socket.io example', () => {
  const url = serveAll(createSocketIoApp({ keys: google.keySet() }));
  const polling = '/socket.io/?EIO=4&transport=polling';

  testGuard('long polling', (headers) => fetch(url(polling), { headers }), {
    google,
    audience,
    claims,
    describe,
    test,
  });
  testGuard(
    'WebSockets',
    sendHandshake(() => url('/socket.io/?EIO=4&transport=websocket')),
    {
      google,
      audience,
      claims,
      upgrade: true,
      describe,
      test,
    },
  );

  test.each(['polling', 'websocket'])('tells a client over %s who it is', async (transport) => {
    const client = io(url(''), {
      transports: [transport],
      extraHeaders: { authorization: await authorization() },
      reconnection: false,
    });

    const hello = await new Promise((resolve, reject) => {
      client.on('hello', resolve);
      client.on('connect_error', reject);
    });
    client.disconnect();

    expect(hello).toEqual(caller);
  });
});

test('testGuard says what an app lacks whose WebSockets nobody guards', async () => {
  const server = createServer(express());
  new WebSocketServer({ server });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const failures: string[] = [];
  const runs: Promise<void>[] = [];
  testGuard('an unguarded feed', sendHandshake(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`), {
    google,
    audience,
    claims,
    upgrade: true,
    describe: (_name, define) => define(),
    test: (name, run) => void runs.push(run().catch((error: Error) => void failures.push(`${name}: ${error.message}`))),
  });

  await Promise.all(runs);
  server.close();
  server.closeAllConnections();

  expect(failures.length).toBe(14);
  expect(failures.find((failure) => failure.includes('token_missing'))).toContain(
    'An upgrade passes by every middleware: put guard.upgrade() of @id-token-guard/node before its listener',
  );
});
