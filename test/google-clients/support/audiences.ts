/*
 * Audiences with characters that mean something in a query, and a guarded service for each: what does a client make of them?
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createGoogleKeySet, serviceAccount } from '@id-token-guard/core';
import { googleIdToken, requireGoogleIdToken } from '@id-token-guard/express';
import express from 'express';
import { afterAll } from 'vitest';
import { ROBOT, server, VM } from './world.ts';

interface Audience {
  readonly name: string;
  readonly audience: string;
  /** What becomes of it where a client puts it into a query as it is. */
  readonly unescaped: string;
}

const HOST = 'https://api.example.com';

/** Those that a client must escape. */
export const FRAGILE: readonly Audience[] = [
  { name: '&', audience: `${HOST}/push?a=1&b=2`, unescaped: `${HOST}/push?a=1` },
  { name: '+', audience: `${HOST}/a+b`, unescaped: `${HOST}/a b` },
  { name: '#', audience: `${HOST}/push#x`, unescaped: `${HOST}/push` },
  { name: '%41', audience: `${HOST}/%41`, unescaped: `${HOST}/A` },
  { name: '%26', audience: `${HOST}/push?next=%26`, unescaped: `${HOST}/push?next=&` },
  { name: 'letters of other languages, encoded', audience: `${HOST}/caf%C3%A9`, unescaped: `${HOST}/café` },
  { name: 'several of them', audience: `${HOST}/%2541+b?c=d&e=f#g`, unescaped: `${HOST}/%41 b?c=d` },
];

/** Those that arrive as they are either way. */
export const ROBUST: readonly Audience[] = [
  { name: 'a trailing slash', audience: `${HOST}/` },
  { name: 'one & with nothing behind', audience: `${HOST}/push?a=1` },
  { name: '2,000 characters', audience: `${HOST}/`.padEnd(2000, 'x') },
  { name: 'a host in letters of other languages', audience: 'https://bücher.example/push' },
].map((each) => ({ ...each, unescaped: each.audience }));

export const AUDIENCES: readonly Audience[] = [...FRAGILE, ...ROBUST];

const app = express();
for (const [index, { audience }] of AUDIENCES.entries()) {
  app.get(
    `/${index}`,
    requireGoogleIdToken({
      audience,
      callers: serviceAccount(VM, ROBOT),
      keys: createGoogleKeySet({ url: server.jwksUrl }),
      onRefused: ({ code, hint }, _req, res) => {
        res.status(401).json({ code, hint });
      },
    }),
    (req, res) => {
      res.json({ arrived: googleIdToken(req).claims.aud });
    },
  );
}
const service = app.listen(0, '127.0.0.1');
await once(service, 'listening');
afterAll(() => {
  service.close();
});

/** The service that accepts this audience, and no other. It answers with what has arrived, or with why it was refused. */
export function serviceFor({ audience }: Audience): string {
  const index = AUDIENCES.findIndex((each) => each.audience === audience);
  return `http://127.0.0.1:${(service.address() as AddressInfo).port}/${index}`;
}

/** What the service answers to a client that escapes the audience. */
export function accepted({ audience }: Audience): object {
  return { arrived: audience };
}

/** What it answers to a client that does not: the hint says so. */
export function refusedAsUnescaped({ audience, unescaped }: Audience): object {
  const quoted = (value: string) => JSON.stringify(value).replace(/é/g, '\\u00e9');
  return {
    code: 'audience_mismatch',
    hint: `"aud" is ${quoted(unescaped)}, expected ${quoted(audience)}: the client has put it into a query unescaped, as google-auth-library does on Node.js and in PHP: it is cut at & and #, and + and %41 are decoded. Escape it there (encodeURIComponent), or choose an audience without these characters.`,
  };
}
