/*
 * The watch itself: a watch that sees nothing would let everything pass.
 */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup, Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { get } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { get as getSecurely } from 'node:https';
import { connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startJwksServer } from '../keys/jwks-server.ts';
import { type NetworkWatch, watchNetwork } from './watch-network.ts';

describe('the watch sees', () => {
  test.each<[string, (port: number) => Promise<unknown>]>([
    ['fetch', (port) => fetch(`http://127.0.0.1:${port}`)],
    ['node:http', (port) => once(get(`http://127.0.0.1:${port}`), 'response')],
    ['node:https', (port) => failed(getSecurely(`https://127.0.0.1:${port}`))],
    ['node:http2', (port) => failed(connectHttp2(`http://127.0.0.1:${port}`))],
    ['node:net', (port) => once(connect(port, '127.0.0.1'), 'connect')],
    ['node:tls', (port) => failed(connectSecurely(port, '127.0.0.1'))],
    ['WebSocket', (port) => refusedWebSocket(`ws://127.0.0.1:${port}`)],
  ])('a connection of %s', async (_, open) => {
    const { host, port } = await startServer();
    const watch = startWatch();

    await open(port);

    expect(watch.seen).toEqual([`tcp ${host}`]);
  });

  test('a look-up by fetch, and the connection', async () => {
    const { host, port } = await startServer();
    const watch = startWatch();

    await fetch(`http://localhost:${port}`);

    expect(watch.seen).toContain('lookup localhost');
    expect(watch.seen).toContain(`tcp ${host}`);
  });

  test.each<[string, string, () => Promise<unknown>]>([
    ['a look-up of a name', 'lookup localhost', () => lookup('localhost')],
    ['a query to a name server', 'query a.example', () => resolveNowhere('a.example')],
    ['a datagram', 'udp', sendDatagram],
    ['a Unix socket', 'pipe /nowhere', () => failed(connect('/nowhere'))],
    ['a process', 'process', () => once(spawn(process.execPath, ['--version']), 'exit')],
    ['a worker', 'worker', () => once(new Worker('', { eval: true }), 'exit')],
  ])('%s', async (_, expected, act) => {
    const watch = startWatch();

    await act();

    expect(watch.seen).toContain(expected);
  });

  test('nothing where nothing is sent', async () => {
    const watch = startWatch();

    await new Promise((resolve) => setTimeout(resolve));

    expect(watch.seen).toEqual([]);
  });
});

function failed(emitter: NodeJS.EventEmitter): Promise<unknown> {
  return once(emitter, 'error');
}

function resolveNowhere(name: string): Promise<unknown> {
  const resolver = new Resolver({ tries: 1, timeout: 100 });
  resolver.setServers(['127.0.0.1:9']);
  return resolver.resolve4(name).catch(() => {});
}

async function sendDatagram(): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise((resolve) => socket.send('x', 9, '127.0.0.1', resolve));
  socket.close();
}

function refusedWebSocket(url: string): Promise<unknown> {
  return new Promise((resolve) => new WebSocket(url).addEventListener('error', resolve));
}

async function startServer(): Promise<{ host: string; port: number }> {
  const server = await startJwksServer((response) => void response.end('{}'));
  onTestFinished(() => server.close());
  const { host, port } = new URL(server.url);
  return { host, port: Number(port) };
}

function startWatch(): NetworkWatch {
  const watch = watchNetwork();
  onTestFinished(() => watch.stop());
  return watch;
}
