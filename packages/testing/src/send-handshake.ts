import type * as net from 'node:net';
import type { GuardAnswer } from './guard-answer.ts';

/** Longer answers are cut: a refusal has a few hundred characters. */
const MAX_ANSWER_LENGTH = 64 * 1024;

/**
 * Makes the `send` of `testGuard()` for an upgrade: it sends a WebSocket handshake to your running app, with the headers
 * it is given, and resolves to the answer. An opened connection is an answer with status 101, and is closed at once.
 *
 * ```ts
 * testGuard('/feed', sendHandshake(() => url), { google, audience, claims, upgrade: true, describe, test });
 * ```
 *
 * It speaks to the socket directly, on Node.js, Deno and Bun, so that no mocked network has a part in it.
 *
 * @param url where the app takes upgrades, `ws:` or `http:` and without TLS; a function where it is known later only
 * @throws TypeError where the URL is another one
 */
export function sendHandshake(
  url: string | (() => string),
): (headers: Readonly<Record<string, string>>) => Promise<GuardAnswer> {
  return async (headers) => {
    const { protocol, hostname, port, host, pathname, search } = new URL(typeof url === 'function' ? url() : url);
    if (protocol !== 'ws:' && protocol !== 'http:') {
      throw new TypeError('sendHandshake() takes a URL that begins with ws:// or http://.');
    }
    const lines = Object.entries({ ...HANDSHAKE, host, ...headers }).map(([name, value]) => `${name}: ${value}`);
    const text = [`GET ${pathname}${search} HTTP/1.1`, ...lines, '', ''].join('\r\n');
    return readAnswer(await exchange(hostname, Number(port || 80), text));
  };
}

/** RFC 6455 §4.1. The key is the one of its example: it proves nothing, and protects nothing. */
const HANDSHAKE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** Resolves to all that came until the connection was closed, or opened. */
function exchange(hostname: string, port: number, text: string): Promise<string> {
  const { connect } = netModule();
  return new Promise((resolve, reject) => {
    const socket = connect(port, hostname.replace(/^\[|\]$/g, ''), () => socket.write(text, 'latin1'));
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      received += chunk;
      if (/^HTTP\/1\.1 101 /.test(received) || received.length > MAX_ANSWER_LENGTH) {
        socket.destroy();
      }
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}

function netModule(): typeof net {
  const process = globalThis.process as { getBuiltinModule?: (id: string) => unknown } | undefined;
  const found = process?.getBuiltinModule?.('node:net');
  if (found === undefined) {
    throw new TypeError('sendHandshake() needs the sockets of Node.js 20.16 or newer, Deno or Bun.');
  }
  return found as typeof net;
}

function readAnswer(text: string): GuardAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, Math.max(0, end)).split('\r\n');
  const headers = lines.map((line) => [line.split(':', 1)[0] ?? '', line.slice(line.indexOf(':') + 1).trim()]);
  // Without an answer, no status: NaN is none that anybody expects.
  return {
    status: Number(statusLine.split(' ')[1] ?? Number.NaN),
    headers: Object.fromEntries(headers),
    body: text.slice(end + 4),
  };
}
