import type { IncomingMessage } from 'node:http';
import type { GoogleIdToken } from '@id-token-guard/core';
import { IDENTITY_HEADERS, identityValues, isIdentityHeader } from './identity-headers.ts';
import { endToEndHeaders } from './request-headers.ts';

/** Answered or made anew on the way to the app. */
const REPLACED = ['content-length', 'expect', 'host', 'x-forwarded-for'];

/** The headers of a request as the app gets them: those of the client, without any that could be the guard's, and the guard's. */
export function onwardHeaders(req: IncomingMessage, token: GoogleIdToken, upstreamHost: string): string[] {
  const kept = endToEndHeaders(req.rawHeaders).filter(
    ([name]) => !REPLACED.includes(name.toLowerCase()) && !isIdentityHeader(name),
  );
  // The host that the client named, as the app builds links of it.
  const host = req.headers.host ?? upstreamHost;
  return ['Host', host, ...bodyEnd(req), ...kept.flat(), ...forwardedFor(req), ...identity(token)];
}

/** Says outright where the body ends: Node goes by the method, adds a body to a POST and does not frame that of a DELETE. */
function bodyEnd({ headers, method = '' }: IncomingMessage): string[] {
  if (headers['transfer-encoding'] !== undefined) {
    return ['Transfer-Encoding', 'chunked'];
  }
  const length = headers['content-length'] ?? (['GET', 'HEAD', 'OPTIONS'].includes(method) ? undefined : '0');
  return length === undefined ? [] : ['Content-Length', length];
}

/** As every proxy does: who asked this one comes last. */
function forwardedFor({ headers, socket }: IncomingMessage): string[] {
  const before = headers['x-forwarded-for'];
  const chain = [before === undefined ? [] : before, socket.remoteAddress ?? []].flat();
  return chain.length === 0 ? [] : ['X-Forwarded-For', chain.join(', ')];
}

function identity(token: GoogleIdToken): string[] {
  const values = identityValues(token);
  return IDENTITY_HEADERS.flatMap((name, index) => {
    const value = values[index] ?? '';
    return value === '' ? [] : [name, value];
  });
}
