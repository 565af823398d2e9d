/*
 * Google's keys over HTTP, in a process of its own: what it costs to serve them is not to be counted with the verifiers.
 * This file is both: as a program, it is the server.
 */
import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerQuestions, isProgram, startChild } from '../measuring/child.ts';

/** A public key as Google publishes it. */
export type PublicJwk = Readonly<Record<'kty' | 'alg' | 'use' | 'kid' | 'n' | 'e', string>>;

export interface KeyServer {
  readonly origin: string;
  /** How often keys have been fetched so far. */
  fetches(): Promise<number>;
  close(): void;
}

type Question = { readonly keys: readonly PublicJwk[] } | { readonly fetches: true };

/** Serves the keys on loopback: as a JWKS, and as the PEM texts that google-auth-library wants. */
export async function startKeyServer(keys: readonly PublicJwk[]): Promise<KeyServer> {
  const child = startChild(import.meta.url);
  return {
    origin: await child.ask({ keys } satisfies Question),
    fetches: () => child.ask({ fetches: true } satisfies Question),
    close: () => child.end(),
  };
}

if (isProgram(import.meta.url)) {
  let count = 0;
  answerQuestions((question: Question) =>
    'keys' in question
      ? serve(question.keys, () => {
          count += 1;
        })
      : count,
  );
}

/** As long as Google's are good for, so that no fetch falls into a measurement. */
const HEADERS = { 'content-type': 'application/json', 'cache-control': 'public, max-age=21600' };

async function serve(keys: readonly PublicJwk[], onFetch: () => void): Promise<string> {
  const bodies: Record<string, string> = {
    '/keys': JSON.stringify({ keys }),
    '/pem': JSON.stringify(Object.fromEntries(keys.map((key) => [key.kid, pemText(key)]))),
  };
  const server = createServer((request, response) => {
    onFetch();
    const body = bodies[`${request.url}`];
    response.writeHead(body === undefined ? 404 : 200, HEADERS).end(body);
  });
  // Between two fetches may lie minutes; a connection that is closed just then would fail the second one.
  server.keepAliveTimeout = 0;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function pemText(key: PublicJwk): string | Buffer {
  return createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
}
