import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createFakeGoogle } from '@id-token-guard/testing';
import { jwksAnswers } from '../core/hostile/families/jwks-answers.ts';
import { AUDIENCE, SENDER } from './conformance/kit.ts';
import type { BadAnswer, KeyServer } from './conformance/outside.ts';

/** Serves keys on loopback, well and badly. */
export async function startKeyServer(): Promise<KeyServer & { close(): void }> {
  const google = await createFakeGoogle();
  const keys = JSON.stringify(google.jwks);
  const paths: Record<string, RequestListener> = {
    '/keys': (_, response) => response.writeHead(200, { ...GZIP, 'cache-control': 'max-age=7200' }).end(gzipSync(keys)),
    '/redirect': (_, response) => response.writeHead(302, { location: '/keys' }).end(),
    '/outage': (_, response) => response.writeHead(503).end(keys),
    // Good keys, small until they are decompressed.
    '/large': (_, response) => response.writeHead(200, GZIP).end(gzipSync(keys + ' '.repeat(1_000_000))),
    '/silent': () => {},
    '/slow': (_, response) => response.writeHead(200).write(keys.slice(0, 100)),
  };
  const badAnswers = jwksAnswers.map(({ name, answer, endless = false }, index): BadAnswer => {
    const [path, respond] = [`/bad/${index}`, answer(google.jwks)];
    paths[path] = (request, response) => respond(response, request);
    return { name, path, endless };
  });
  const server = createServer((request, response) => paths[`${request.url}`]?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: await google.idToken({ aud: AUDIENCE, ...SENDER }),
    badAnswers,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const GZIP = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
