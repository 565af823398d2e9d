import { isIdentityHeader } from './identity-headers.ts';

/** What is to know of a request's headers before any of them counts. */
export interface HeaderFacts {
  /** The client has written one of the guard's own headers. */
  readonly forged: boolean;
  /** A body follows. */
  readonly body: boolean;
}

/** @param rawHeaders names and values in turn: to make an object of them costs more than all the rest of the guard */
export function headerFacts(rawHeaders: readonly string[]): HeaderFacts {
  let forged = false;
  let body = false;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      body ||= rawHeaders[i + 1] !== '0';
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      body = true;
    } else if (isIdentityHeader(name)) {
      forged = true;
    }
  }
  return { forged, body };
}

/** @see RFC 9110 §7.6.1, and the headers that older software uses the same way */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** The headers that are meant for the other end, not for this hop. */
export function endToEndHeaders(rawHeaders: readonly string[]): [name: string, value: string][] {
  const headers = pairs(rawHeaders);
  const named = headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(','))
    .map((name) => name.trim().toLowerCase());
  const dropped = new Set([...HOP_BY_HOP, ...named]);
  return headers.filter(([name]) => !dropped.has(name.toLowerCase()));
}

function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] ?? '', flat[2 * index + 1] ?? '']);
}
