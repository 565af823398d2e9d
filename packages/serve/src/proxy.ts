import http, { type ClientRequest, type IncomingMessage, type RequestOptions, type ServerResponse } from 'node:http';
import https from 'node:https';
import { type Duplex, pipeline } from 'node:stream';
import type { GoogleIdToken } from '@id-token-guard/core';
import { BAD_GATEWAY, errorAnswer, send } from './answer.ts';
import { onwardHeaders } from './onward-headers.ts';
import { upgradeThrough } from './proxy-upgrade.ts';
import { endToEndHeaders, headerFacts } from './request-headers.ts';

/** Hands requests on to the app, and its answers back. Bodies stream through as they are. */
export interface AppProxy {
  forward(req: IncomingMessage, res: ServerResponse, token: GoogleIdToken): void;
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer, token: GoogleIdToken): void;
}

/** Below what apps wait for the next request of a connection (2 s and more), so that none is closed as it is used again. */
const IDLE_TIMEOUT = 1500;
const CONNECT_TIMEOUT = 10_000;
/** A client that sends nothing more of its body for so long is cut off. In milliseconds. */
const BODY_TIMEOUT = 5 * 60_000;

/** RFC 9110 §9.2.2: these may be sent twice; without a body, which is gone once it was sent. */
const IDEMPOTENT = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'];

const GATEWAY_TIMEOUT = errorAnswer(504, 'gateway_timeout', 'The app behind the guard cannot be reached in time.');
const NO_PROXY = errorAnswer(400, 'invalid_request', 'The request must name a path, not a whole URL.');

/** @param report is told why the app did not answer */
export function createProxy(upstream: string, report: (error: Error) => void): AppProxy {
  const url = new URL(upstream);
  const { request, Agent } = url.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, timeout: IDLE_TIMEOUT });
  const target: RequestOptions = { protocol: url.protocol, hostname: hostnameOf(url), port: url.port };

  return {
    forward(req, res, token) {
      const { method = 'GET', url: path = '' } = req;
      if (!path.startsWith('/') && !(path === '*' && method === 'OPTIONS')) {
        send(res, NO_PROXY);
        return;
      }
      exchange(req, res, { ...target, method, path, headers: onwardHeaders(req, token, url.host), agent });
    },
    upgrade(req, socket, head, token) {
      // A connection of its own, which the client and the app then have.
      const options = { ...target, method: req.method, path: req.url, agent: false };
      const headers = [...onwardHeaders(req, token, url.host), 'Connection', 'Upgrade', 'Upgrade', 'websocket'];
      const onward = request({ ...options, headers });
      limitConnecting(onward);
      upgradeThrough(onward, socket, head, report);
    },
  };

  function exchange(req: IncomingMessage, res: ServerResponse, options: RequestOptions): void {
    if (res.destroyed) {
      return; // The client has hung up meanwhile.
    }
    const { body } = headerFacts(req.rawHeaders);
    const onward = request(options);
    limitConnecting(onward);
    onward.once('response', (answer) => {
      res.sendDate = false;
      try {
        res.writeHead(answer.statusCode ?? 0, answer.statusMessage, endToEndHeaders(answer.rawHeaders).flat());
      } catch (error) {
        onward.destroy(error as Error); // Not HTTP, as a status of 99: told as any other failure.
        return;
      }
      res.flushHeaders();
      // Where one side breaks off, the other does too: that is how a client learns that a body is not whole.
      pipeline(answer, res, () => {});
    });
    onward.on('error', (error: Error & { code?: string }) => {
      if (res.headersSent || res.destroyed) {
        return; // Once there is an answer, its own end counts: an app may answer without reading all of the request.
      }
      if (onward.reusedSocket && error.code === 'ECONNRESET' && !body && IDEMPOTENT.includes(req.method ?? '')) {
        // The app has closed a connection that was idle just when it was used again.
        exchange(req, res, { ...options, agent: false });
        return;
      }
      report(error);
      send(res, error instanceof ConnectTimeout ? GATEWAY_TIMEOUT : BAD_GATEWAY);
    });
    res.once('close', () => onward.destroy());
    // What the app did not want is read all the same: a client that is still sending does not see an answer.
    onward.once('close', () => req.resume());
    if (body) {
      cutOffSlowBody(req);
      req.pipe(onward);
    } else {
      onward.end();
    }
  }
}

/** IPv6 addresses stand in brackets in a URL, and nowhere else. */
function hostnameOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

class ConnectTimeout extends Error {
  override readonly message: string = 'The app could not be reached in time.';
}

function limitConnecting(onward: ClientRequest): void {
  const timer = setTimeout(() => onward.destroy(new ConnectTimeout()), CONNECT_TIMEOUT);
  const stop = () => clearTimeout(timer);
  onward.once('close', stop).once('socket', (socket) => {
    if (socket.connecting) {
      socket.once('secureConnect', stop).once('connect', () => {
        if (!('encrypted' in socket)) {
          stop();
        }
      });
    } else {
      stop();
    }
  });
}

function cutOffSlowBody(req: IncomingMessage): void {
  req.socket.setTimeout(BODY_TIMEOUT);
  req.once('end', () => req.socket.setTimeout(0));
}
