/*
 * A real server and real clients of gRPC: all four kinds of method.
 */
import {
  type ClientReadableStream,
  credentials,
  Metadata,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
} from '@grpc/grpc-js';
import { createGoogleIdTokenVerifier } from '@id-token-guard/core';
import { refusedRequests } from '@id-token-guard/testing';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { AUDIENCE, google, guardOptions, idToken, SENDER } from '../adapters/support/fixtures.ts';
import { googleIdToken, requireGoogleIdToken } from './grpc.ts';

const serialize = (value: string) => Buffer.from(value);
const deserialize = (bytes: Buffer) => bytes.toString();
const method = (path: string, requestStream: boolean, responseStream: boolean) => ({
  path,
  requestStream,
  responseStream,
  requestSerialize: serialize,
  requestDeserialize: deserialize,
  responseSerialize: serialize,
  responseDeserialize: deserialize,
});
const service = {
  unary: method('/greet.Greeter/Unary', false, false),
  client: method('/greet.Greeter/Client', true, false),
  server: method('/greet.Greeter/Server', false, true),
  both: method('/greet.Greeter/Both', true, true),
} as unknown as ServiceDefinition;
const health = { check: method('/grpc.health.v1.Health/Check', false, false) } as unknown as ServiceDefinition;

const handled: string[] = [];
const received: string[] = [];
beforeEach(() => {
  google.answerWith('ok');
  handled.length = 0;
  received.length = 0;
});

const verifier = createGoogleIdTokenVerifier(guardOptions());
const server = new Server({ interceptors: [requireGoogleIdToken(verifier)] });
server.addService(service, {
  unary: (call: never, done: (error: null, answer: string) => void) => done(null, hello(call, 'unary')),
  client: (call: NodeJS.ReadableStream, done: (error: null, answer: string) => void) => {
    const answer = hello(call as never, 'client');
    call.on('data', (message: string) => received.push(message)).on('end', () => done(null, answer));
  },
  server: (call: NodeJS.WritableStream) => {
    call.write(hello(call as never, 'server'));
    call.end();
  },
  both: (call: NodeJS.ReadWriteStream) => {
    const answer = hello(call as never, 'both');
    call
      .on('data', (message: string) => received.push(message))
      .on('end', () => {
        call.write(answer);
        call.end();
      });
  },
});
server.addService(health, { check: (_call: unknown, done: (error: null, answer: string) => void) => done(null, 'ok') });
const port = await new Promise<number>((resolve, reject) =>
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
    error === null ? resolve(bound) : reject(error),
  ),
);
const Client = makeGenericClientConstructor({ ...service, ...health }, 'Greeter');
const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
afterAll(() => {
  client.close();
  server.forceShutdown();
});

function hello(call: { metadata: Metadata }, kind: string): string {
  handled.push(kind);
  return `hello ${googleIdToken(call).claims['email']}`;
}

interface Outcome {
  readonly answers: readonly string[];
  readonly code: status;
  readonly details: string;
  readonly trailers: Record<string, unknown>;
}

/** Calls a method with these values of `authorization`, and sends two messages where it is a stream. */
function call(name: string, ...authorization: string[]): Promise<Outcome> {
  const metadata = new Metadata();
  for (const value of authorization) {
    metadata.add('authorization', value);
  }
  return new Promise((resolve) => {
    const answers: string[] = [];
    // biome-ignore lint/suspicious/noExplicitAny: the methods of a generic client have no types.
    const methods = client as any;
    const sendsOne = name === 'unary' || name === 'server' || name === 'check';
    const isStream = name === 'server' || name === 'both';
    const callback = (_error: unknown, answer?: string) => answer !== undefined && answers.push(answer);
    const args = [...(sendsOne ? ['a message'] : []), metadata, ...(isStream ? [] : [callback])];
    const running = methods[name](...args) as ClientReadableStream<string> & NodeJS.WritableStream;
    if (!sendsOne) {
      running.write('one');
      running.write('two');
      running.end();
    }
    if (isStream) {
      running.on('data', (answer: string) => answers.push(answer)).on('error', () => {});
    }
    running.on('status', ({ code, details, metadata: trailers }) =>
      setImmediate(() => resolve({ answers, code, details, trailers: trailers.getMap() })),
    );
  });
}

describe.each(['unary', 'client', 'server', 'both'])('a call of kind "%s"', (kind) => {
  test('reaches the handler with a good token', async () => {
    const { code, answers } = await call(kind, `Bearer ${await idToken()}`);

    expect({ code, answers }).toEqual({ code: status.OK, answers: [`hello ${SENDER.email}`] });
    expect(handled).toEqual([kind]);
    expect(received).toEqual(kind === 'client' || kind === 'both' ? ['one', 'two'] : []);
  });

  const expected = {
    400: status.UNAUTHENTICATED,
    401: status.UNAUTHENTICATED,
    403: status.PERMISSION_DENIED,
    503: status.UNAVAILABLE,
  };

  test('is refused by every code, and nothing of it reaches the handler', async () => {
    for (const request of await refusedRequests(google, { audience: AUDIENCE, claims: SENDER })) {
      google.answerWith(request.jwks);
      const { authorization } = request.headers;

      const outcome = await call(kind, ...(authorization === undefined ? [] : [authorization]));

      expect([request.title, outcome.code, outcome.trailers['id-token-guard-code']]).toEqual([
        request.title,
        expected[request.status as keyof typeof expected],
        request.code,
      ]);
      expect(outcome.answers).toEqual([]);
      if (request.code === 'keys_unavailable') {
        expect(Number(outcome.trailers['grpc-retry-pushback-ms'])).toBeGreaterThanOrEqual(1000);
      }
    }
    expect([handled, received]).toEqual([[], []]);
  });

  // In one value: the client of Node.js does not send two of them.
  test('is refused with two tokens', async () => {
    const token = `Bearer ${await idToken()}`;

    const { code, trailers } = await call(kind, `${token}, ${token}`);

    expect([code, trailers['id-token-guard-code']]).toEqual([status.UNAUTHENTICATED, 'request_invalid']);
    expect(handled).toEqual([]);
  });
});

test('the health service asks for no token', async () => {
  expect(await call('check')).toMatchObject({ code: status.OK, answers: ['ok'] });
});
