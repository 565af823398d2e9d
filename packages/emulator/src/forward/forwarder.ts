import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { Emulator } from '../emulator.ts';
import { type Forwarding, readForwardPath } from './forward-path.ts';
import { endToEndHeaders } from './hop-by-hop.ts';

/** Answered or made anew on the way to the target. */
const REPLACED = ['authorization', 'content-length', 'expect', 'host'];

/**
 * `ANY /forward/{sender}/{audience}/{host}/…`: sends a request on to a service on this machine, with a fresh token, since
 * Google's Pub/Sub emulator sends none. Bodies and answers stream through as they are.
 */
export async function forward(emulator: Emulator, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const forwarding = readForwardPath(req.url ?? '');
  if (typeof forwarding === 'string') {
    return refuse(res, 400, forwarding);
  }
  const { sender, audience } = forwarding;
  const serviceAccount = await emulator.accounts.find(sender);
  if (serviceAccount === undefined) {
    return refuse(res, 404, `${JSON.stringify(sender)} is not the e-mail of a service account.`);
  }
  const { token } = await emulator.google.from.pubSub({ serviceAccount, url: audience });
  send(req, res, forwarding, token);
}

function send(req: IncomingMessage, res: ServerResponse, { host, path }: Forwarding, token: string): void {
  // Without an agent there is a connection for each request: none that the target closes just when it is used again.
  const onward = request(new URL(`http://${host}`), {
    method: req.method,
    path,
    headers: onwardHeaders(req, host, token),
    agent: false,
  });
  onward.once('response', (answer) => {
    res.sendDate = false;
    res.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEndHeaders(answer.rawHeaders).flat());
    res.flushHeaders();
    // Where one side breaks off, the other does too: that is how a client learns that a body is not whole.
    pipeline(answer, res, () => {});
  });
  // Once there is an answer, its own end counts: a target may answer without reading all of the request.
  onward.on('error', (error) => {
    if (!res.headersSent) {
      refuse(res, 502, `The target http://${host} does not answer: ${describe(error)}.`);
    }
  });
  res.once('close', () => onward.destroy());
  // What the target did not want is read all the same: a client that is still sending does not see an answer.
  onward.once('close', () => req.resume());
  req.pipe(onward);
}

function onwardHeaders(req: IncomingMessage, host: string, token: string): string[] {
  const kept = endToEndHeaders(req.rawHeaders).filter(([name]) => !REPLACED.includes(name.toLowerCase()));
  // Told that the connection ends, a target may end it while the body is still coming, and its answer would be lost.
  const hop = ['Host', host, 'Connection', 'keep-alive', ...bodyEnd(req)];
  return [...hop, ...kept.flat(), 'Authorization', `Bearer ${token}`];
}

/** Says outright where the body ends: Node goes by the method, adds a body to a POST and does not frame that of a DELETE. */
function bodyEnd({ headers, method = '' }: IncomingMessage): string[] {
  if (headers['transfer-encoding'] !== undefined) {
    return ['Transfer-Encoding', 'chunked'];
  }
  const length = headers['content-length'] ?? (['GET', 'HEAD'].includes(method) ? undefined : '0');
  return length === undefined ? [] : ['Content-Length', length];
}

/** Both addresses of localhost refusing is one error that has no message of its own. */
function describe(error: Error & { code?: string }): string {
  return error.message || error.code || error.name;
}

function refuse(res: ServerResponse, status: number, why: string): void {
  res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${why}\n`);
}
