/*
 * Google's key URL on loopback, one path for each service, so that the judge knows which service has which keys.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SoakGoogle } from './google.ts';
import { MAX_AGE_SECONDS } from './promises.ts';

export const FAILURES = ['error', 'hang', 'html', 'empty', 'reset'] as const;
export type Failure = (typeof FAILURES)[number];

/** Keys that a service was given, and when the last byte had left. */
export interface KeyAnswer {
  readonly at: number;
  readonly kids: ReadonlySet<string>;
}

/** A time in which Google's keys could not be had. */
export interface Outage {
  readonly from: number;
  /** `Infinity` while it lasts. */
  to: number;
}

export interface KeyServer {
  urlOf(service: string): string;
  /** All good answers to a service so far, the oldest first. */
  answersTo(service: string): readonly KeyAnswer[];
  /** How often a service has asked, in vain or not. */
  requestsOf(service: string): number;
  readonly outages: readonly Outage[];
  readonly failure: Failure | undefined;
  /** Fails from now on, in this way; `undefined`: recovers. */
  fail(how: Failure | undefined): void;
  close(): Promise<void>;
}

export async function startKeyServer(google: SoakGoogle): Promise<KeyServer> {
  const answers = new Map<string, KeyAnswer[]>();
  const requests = new Map<string, number>();
  const outages: Outage[] = [];
  let failure: Failure | undefined;

  const server = createServer((req, res) => {
    const service = `${req.url}`.slice(1);
    requests.set(service, (requests.get(service) ?? 0) + 1);
    if (failure !== undefined) {
      answerBadly(failure, res);
      return;
    }
    const keys = google.published;
    res.once('finish', () => {
      const known = answers.get(service) ?? [];
      known.push({ at: google.now(), kids: new Set(keys.map(({ kid }) => kid)) });
      answers.set(service, known);
    });
    res
      .writeHead(200, {
        'content-type': 'application/json',
        'cache-control': `public, max-age=${MAX_AGE_SECONDS}`,
        // By the clock of the soak: an answer with the one on the wall would be hours old.
        date: new Date(google.now()).toUTCString(),
      })
      .end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    urlOf: (service) => `http://127.0.0.1:${port}/${service}`,
    answersTo: (service) => answers.get(service) ?? [],
    requestsOf: (service) => requests.get(service) ?? 0,
    outages,
    get failure() {
      return failure;
    },
    fail(how) {
      const last = outages.at(-1);
      if (how !== undefined && failure === undefined) {
        outages.push({ from: google.now(), to: Number.POSITIVE_INFINITY });
      } else if (how === undefined && last !== undefined) {
        last.to = Math.min(last.to, google.now());
      }
      failure = how;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerBadly(failure: Failure, res: ServerResponse): void {
  const json = { 'content-type': 'application/json' };
  const answers: Readonly<Record<Failure, () => void>> = {
    error: () => res.writeHead(500).end('Internal Server Error'),
    hang: () => {}, // The key set gives up first.
    html: () => res.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sorry</title>'),
    empty: () => res.writeHead(200, json).end('{"keys":[]}'),
    reset: () => res.destroy(),
  };
  answers[failure]();
}
