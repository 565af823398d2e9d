/*
 * Keys over real TLS, in processes of their own, since Node.js reads NODE_EXTRA_CA_CERTS when it starts.
 */
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Certificate, type CertificateAuthority, createCertificateAuthority, hasOpenssl } from './certificates.ts';
import { runScript } from './child.ts';
import { goodKeys } from './scene.ts';

if (!hasOpenssl) {
  console.log('openssl is not installed here, so keys over TLS are not tried.');
}

/** The port of a key server over TLS. */
async function startTlsServer(certificate: Certificate): Promise<number> {
  const server = createServer(certificate, (request, response) => goodKeys(response, request));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe.skipIf(!hasOpenssl)('keys over TLS', () => {
  let authority: CertificateAuthority;
  beforeAll(() => {
    authority = createCertificateAuthority();
  });
  afterAll(() => authority.remove());

  describe.each(['default', 'fetch'])('over the transport: %s', (transport) => {
    async function fetchKeys(port: number, env: NodeJS.ProcessEnv = {}, host = 'localhost'): Promise<unknown> {
      const url = `https://${host}:${port}/certs`;
      return JSON.parse(await runScript('fetch-keys-child.ts', [url, transport], [], env));
    }

    test.each(['localhost', '127.0.0.1'])('come from %s, whose authority NODE_EXTRA_CA_CERTS names', async (host) => {
      const port = await startTlsServer(authority.certificate());

      expect(await fetchKeys(port, { NODE_EXTRA_CA_CERTS: authority.path }, host)).toEqual({ state: 'fresh' });
    });

    test('do not come from a server whose authority is not known', async () => {
      const port = await startTlsServer(authority.certificate());

      expect(await fetchKeys(port)).toEqual(unavailable('UNABLE_TO_VERIFY_LEAF_SIGNATURE'));
    });

    test('do not come from a server of another name', async () => {
      const port = await startTlsServer(authority.certificate({ name: 'www.googleapis.com' }));

      const result = await fetchKeys(port, { NODE_EXTRA_CA_CERTS: authority.path });

      expect(result).toEqual(unavailable('ERR_TLS_CERT_ALTNAME_INVALID'));
    });

    test('do not come from a server whose certificate has expired', async () => {
      const port = await startTlsServer(authority.certificate({ days: -1 }));

      const result = await fetchKeys(port, { NODE_EXTRA_CA_CERTS: authority.path });

      expect(result).toEqual(unavailable('CERT_HAS_EXPIRED'));
    });
  });
});

function unavailable(code: string): object {
  return { state: 'empty', code: 'keys_unavailable', hint: expect.stringContaining(`(${code})`) };
}
