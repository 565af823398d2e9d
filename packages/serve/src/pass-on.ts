import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from '@id-token-guard/core';
import { type Answer, rawAnswer, send, UPGRADE_REFUSED } from './answer.ts';
import type { Serving } from './serving.ts';

/** How long the rest of a refused body may take in all, and between two pieces. In milliseconds, as nginx has it. */
const DISCARD_LIMIT = 30_000;
const DISCARD_PAUSE = 5000;

/**
 * As a proxy: nothing of a request reaches the app before the guard has said yes.
 *
 * @param isWaiting the client sends its body only when it is told to
 */
export async function passOn(
  serving: Serving,
  req: IncomingMessage,
  res: ServerResponse,
  isWaiting: boolean,
): Promise<void> {
  const { guard, proxy } = serving;
  const decision = await guard.decide(req);
  if (serving.isClosing) {
    res.setHeader('connection', 'close');
  }
  if ('refusal' in decision) {
    return refuse(req, res, decision.refusal, isWaiting);
  }
  if (isWaiting) {
    res.writeContinue();
  }
  return proxy?.forward(req, res, decision.token);
}

function refuse(req: IncomingMessage, res: ServerResponse, refusal: Refusal | Answer, isWaiting: boolean): void {
  if (isWaiting) {
    // RFC 9110 §10.1.1: whether the body comes all the same cannot be known, so nothing can come behind it.
    res.setHeader('connection', 'close');
  } else if (!req.complete) {
    res.once('finish', () => discardRest(req));
  }
  send(res, refusal);
}

/**
 * Node reads what is left of a body, and drops it: a client that is still sending would not see the answer otherwise, and
 * Apache sends all of it first. But not for ever.
 */
function discardRest(req: IncomingMessage): void {
  const { socket } = req;
  const limit = setTimeout(() => socket.destroy(), DISCARD_LIMIT);
  socket.setTimeout(DISCARD_PAUSE);
  req.once('close', () => clearTimeout(limit));
}

/** The same for a request that asks for another protocol. Its answers go to the bare socket. */
export async function passOnUpgrade(
  { guard, proxy }: Serving,
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const decision = await guard.decide(req);
  if ('refusal' in decision) {
    socket.end(rawAnswer(decision.refusal));
  } else if (!asksForWebSocket(req)) {
    socket.end(rawAnswer(UPGRADE_REFUSED));
  } else {
    proxy?.upgrade(req, socket, head, decision.token);
  }
}

/**
 * Others, as `h2c`, would be a way past the guard for all that follows on the connection. RFC 9110 §7.8 lets a server go
 * on as if they were not asked for, and Node.js 22.21, 24.9 and newer can.
 */
export function asksForWebSocket(req: IncomingMessage): boolean {
  return req.headers.upgrade?.toLowerCase() === 'websocket' && req.method === 'GET';
}
