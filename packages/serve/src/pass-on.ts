import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { rawAnswer, send, UPGRADE_REFUSED } from './answer.ts';
import type { Serving } from './serving.ts';

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
  const refused = 'refusal' in decision;
  if (refused || serving.isClosing) {
    res.setHeader('connection', 'close'); // Whatever is still to come of a refused body is not read.
  }
  if (refused) {
    return send(res, decision.refusal);
  }
  if (isWaiting) {
    res.writeContinue();
  }
  return proxy?.forward(req, res, decision.token);
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
 * on as if they were not asked for, and Node.js 24.9 and newer can.
 */
export function asksForWebSocket(req: IncomingMessage): boolean {
  return req.headers.upgrade?.toLowerCase() === 'websocket' && req.method === 'GET';
}
