/*
 * Keys through a real forward proxy, tinyproxy, by the environment variables that Node.js knows.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect, createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CertificateAuthority, createCertificateAuthority, hasOpenssl, isThere } from './certificates.ts';
import { runScript } from './child.ts';
import { goodKeys } from './scene.ts';

const hasTinyproxy = isThere('tinyproxy', ['-v']);
if (!hasTinyproxy || !hasOpenssl) {
  console.log('tinyproxy or openssl is not installed here, so keys through a proxy are not tried.');
}

interface Proxy {
  readonly url: string;
  /** The places that it was asked to connect to, since it started. */
  connections(): string[];
  stop(): Promise<void>;
}

async function startProxy(): Promise<Proxy> {
  const directory = mkdtempSync(join(tmpdir(), 'id-token-guard-proxy-'));
  const [port, log] = [await freePort(), join(directory, 'log')];
  const configuration = `Port ${port}\nListen 127.0.0.1\nTimeout 10\nLogFile "${log}"\nLogLevel Connect\nMaxClients 10\n`;
  writeFileSync(join(directory, 'conf'), configuration);
  const child = spawn('tinyproxy', ['-d', '-c', join(directory, 'conf')], { stdio: 'ignore' });
  await untilListening(port, child);
  return {
    url: `http://127.0.0.1:${port}`,
    connections: () => [...readFileSync(log, 'utf8').matchAll(/Request .*: CONNECT (\S+)/g)].map(([, to]) => `${to}`),
    async stop() {
      child.kill();
      await once(child, 'exit');
      rmSync(directory, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createNetServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) {
      return;
    }
    await sleep(20);
  }
  throw new Error('tinyproxy has ended.');
}

describe.skipIf(!hasTinyproxy || !hasOpenssl)('keys through a proxy', () => {
  let authority: CertificateAuthority;
  let proxy: Proxy;
  let before = 0;
  const server = { host: '', close() {} };
  /** What the requests have asked for: over node:https nothing compressed. */
  let codings: unknown[] = [];
  beforeAll(async () => {
    authority = createCertificateAuthority();
    proxy = await startProxy();
    const tls = createServer(authority.certificate(), (request, response) => {
      codings.push(request.headers['accept-encoding']);
      goodKeys(response, request);
    }).listen(0, '127.0.0.1');
    await once(tls, 'listening');
    server.host = `localhost:${(tls.address() as AddressInfo).port}`;
    server.close = () => void tls.close();
  });
  afterAll(async () => {
    server.close();
    await proxy.stop();
    authority.remove();
  });
  beforeEach(() => {
    before = proxy.connections().length;
    codings = [];
  });

  async function fetchKeysOver(transport: string, env: NodeJS.ProcessEnv): Promise<unknown> {
    const args = [`https://${server.host}/certs`, transport];
    const trust = { NODE_EXTRA_CA_CERTS: authority.path };
    return JSON.parse(await runScript('fetch-keys-child.ts', args, [], { ...trust, ...env }));
  }

  function connections(): string[] {
    return proxy.connections().slice(before);
  }

  test('come by an agent of node:https that knows it', async () => {
    expect(await fetchKeysOver('agent', { HTTPS_PROXY: proxy.url })).toEqual({ state: 'fresh' });

    expect(connections()).toEqual([server.host]);
    expect(codings).toEqual(['identity']);
  });

  // Node.js has loaded undici then, with an agent that knows the proxy: so the default is fetch.
  describe.each(['default', 'fetch'])('over the transport: %s', (transport) => {
    const fetchKeys = (env: NodeJS.ProcessEnv) => fetchKeysOver(transport, env);

    test.each(['HTTPS_PROXY', 'https_proxy'])('come where %s and NODE_USE_ENV_PROXY say so', async (name) => {
      expect(await fetchKeys({ NODE_USE_ENV_PROXY: '1', [name]: proxy.url })).toEqual({ state: 'fresh' });

      expect(connections()).toEqual([server.host]);
      expect(codings).toEqual([expect.stringContaining('gzip')]);
    });

    test('do not come where nothing but HTTPS_PROXY says so: Node.js wants both', async () => {
      expect(await fetchKeys({ HTTPS_PROXY: proxy.url })).toEqual({ state: 'fresh' });

      expect(connections()).toEqual([]);
    });

    test('do not come for what NO_PROXY names', async () => {
      const env = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxy.url, NO_PROXY: 'localhost' };

      expect(await fetchKeys(env)).toEqual({ state: 'fresh' });

      expect(connections()).toEqual([]);
    });

    test('do not come past a proxy that is not there', async () => {
      const result = await fetchKeys({ NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: `http://127.0.0.1:${await freePort()}` });

      expect(result).toEqual({
        state: 'empty',
        code: 'keys_unavailable',
        hint: expect.stringContaining('ECONNREFUSED'),
      });
      expect(codings).toEqual([]);
    });
  });
});

describe.each(['node:https', 'fetch'])('over %s, a proxy that does not let them through', (transport) => {
  test.each([407, 403])('with %i is told of by its answer', async (status) => {
    const refusing = createHttpServer().listen(0, '127.0.0.1');
    refusing.on('connect', (_, socket) => {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    });
    await once(refusing, 'listening');
    const proxy = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    const env = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxy };

    const result = await runScript('fetch-keys-child.ts', ['https://keys.example.com/certs', transport], [], env);

    refusing.close();
    expect(JSON.parse(result)).toEqual({
      state: 'empty',
      code: 'keys_unavailable',
      hint: expect.stringMatching(new RegExp(`: .*\\b${status}\\b.*\\. Good tokens cannot be told from bad ones`)),
    });
  });
});
