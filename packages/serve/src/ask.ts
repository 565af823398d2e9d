import type { IncomingMessage, ServerResponse } from 'node:http';
import { FORGED, sendNo, sendYes } from './answer.ts';
import type { Dialect } from './config.ts';
import { headerFacts } from './request-headers.ts';
import type { Serving } from './serving.ts';

/** `undefined` where it is no question. Envoy puts the path that its client asked for behind `/auth`. */
export function dialectOf(url: string, ofAuth: Dialect = 'standard'): Dialect | undefined {
  if (url === '/nginx-auth') {
    return 'nginx';
  }
  return url.startsWith('/auth') && /^$|^[/?]/.test(url.slice('/auth'.length)) ? ofAuth : undefined;
}

/** A server in front asks whether a request may go on: the question has its headers. */
export async function ask(
  { guard, isClosing, logger }: Serving,
  dialect: Dialect,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { forged, body } = headerFacts(req.rawHeaders);
  if (body || isClosing) {
    // The body is not for the guard: it is left unread, and the connection ends.
    res.setHeader('connection', 'close');
  }
  if (forged) {
    logger.warn({ code: 'identity_header_forged' }, 'refused');
    return sendNo(res, FORGED, dialect);
  }
  const decision = await guard.decide(req);
  return 'token' in decision ? sendYes(res, decision.token) : sendNo(res, decision.refusal, dialect);
}
