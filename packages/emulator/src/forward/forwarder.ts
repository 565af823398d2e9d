/*
 * By hand, since no proxy library was found that passes test/emulator/forwarder.test.ts. In November 2026 these failed so
 * many of its 44 tests: httpxy 0.5.6 and http2-proxy 5.0.53 six, hono/proxy 4.13.19 eight, http-proxy-3 2.0.1 nine,
 * @fastify/reply-from 12.6.5 eleven. All change which headers arrive. All but hono/proxy hold back the headers of an answer
 * until there is a body; hono/proxy unpacks bodies, and makes the path that of a `URL`.
 */
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { Emulator } from '../emulator.ts';
import { type Forwarding, readForwardPath } from './forward-path.ts';
import { endToEndHeaders } from './hop-by-hop.ts';
import { asCloudTasks } from './tasks-of-firebase.ts';

/** Answered or made anew on the way to the target. */
const REPLACED = ['authorization', 'content-length', 'expect', 'host'];

/**
 * `ANY /forward/{sender}/{audience}/{host}/…`: sends a request on to a service on this machine, with a fresh token, since
 * Google's Pub/Sub emulator sends none. Bodies and answers stream through as they are; headers too, but for those of
 * Firebase's Cloud Tasks emulator, which become those of Cloud Tasks.
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
    headers: requestHeaders(req, host, token),
    agent: false,
  });
  onward.once('response', (answer) => {
    res.sendDate = false;
    res.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEndHeaders(answer.rawHeaders).flat());
    res.flushHeaders();
    // Before the pipeline ends the answer.
    answer.once('end', () => res.addTrailers(onwardHeaders(answer.rawTrailers)));
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
  req.once('end', () => onward.addTrailers(onwardHeaders(req.rawTrailers)));
  req.pipe(onward);
}

function requestHeaders(req: IncomingMessage, host: string, token: string): string[] {
  // Told that the connection ends, a target may end it while the body is still coming, and its answer would be lost.
  const hop = ['Host', host, 'Connection', 'keep-alive', ...bodyEnd(req)];
  return [...hop, ...asCloudTasks(onwardHeaders(req.rawHeaders)).flat(), 'Authorization', `Bearer ${token}`];
}

function onwardHeaders(rawHeaders: readonly string[]): [name: string, value: string][] {
  return endToEndHeaders(rawHeaders).filter(([name]) => !REPLACED.includes(name.toLowerCase()));
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
