/*
 * A guarded service on loopback, the same whatever the framework: what its handler saw and what reached the framework's
 * error handling can be looked at.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GoogleIdToken, GoogleIdTokenError, GuardArguments } from '@id-token-guard/core';
import { onTestFinished } from 'vitest';
import { type Answer, exchange, requestText } from './raw-http.ts';

/** What the tests need of a framework. */
export interface Adapter<OnRefused> {
  requireGoogleIdToken(...args: GuardArguments<OnRefused>): unknown;
  /** Makes an app of three parts: the guard, the handler behind it, and the framework's error handling around both. */
  createServer(app: App<OnRefused>): Server | Promise<Server>;
  /** Makes an `onRefused` that answers 418 with what `answer` returns, as JSON; the path is the request's. */
  onRefused(answer: (error: GoogleIdTokenError, path: string) => Promise<object>): OnRefused;
}

/** The parts of an app that are the same in all frameworks. */
export interface App<OnRefused> {
  readonly guard: GuardArguments<OnRefused>;
  /** The handler: answers 200 with what this returns, as JSON. */
  handle(token: GoogleIdToken): Promise<object>;
  /** The error handling: answers 500 with what this returns, as JSON. */
  fail(error: unknown): object;
}

export interface Service {
  readonly port: number;
  /** What the handler was given, one entry for each time it ran. */
  readonly handled: readonly GoogleIdToken[];
  /** What reached the framework's error handling. */
  readonly failures: readonly unknown[];
  /** The work of the handler; a test may put in one that fails. */
  work(token: GoogleIdToken): Promise<object>;
  /** `GET /orders?key=in-the-url` with these header lines. */
  get(...headerLines: string[]): Promise<Answer>;
  /** Any other request, such as `HEAD /orders HTTP/1.1`. */
  request(requestLine: string, ...headerLines: string[]): Promise<Answer>;
  /** Any text at all. */
  send(text: string): Promise<Answer>;
}

/** Starts a service that is closed at the end of the test. */
export async function startService<OnRefused>(
  adapter: Adapter<OnRefused>,
  ...guard: GuardArguments<OnRefused>
): Promise<Service> {
  const handled: GoogleIdToken[] = [];
  const failures: unknown[] = [];
  const server = await adapter.createServer({
    guard,
    handle(token) {
      handled.push(token);
      return service.work(token);
    },
    fail(error) {
      failures.push(error);
      return { failed: true };
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;

  const service: Service = {
    port,
    handled,
    failures,
    work: async (token) => ({ sub: token?.claims?.sub }),
    get: (...headerLines) => service.request('GET /orders?key=in-the-url HTTP/1.1', ...headerLines),
    request: (requestLine, ...headerLines) => service.send(requestText(requestLine, headerLines)),
    send: (text) => exchange(port, text),
  };
  return service;
}
