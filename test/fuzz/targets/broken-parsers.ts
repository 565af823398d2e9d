/*
 * Parsers with one thing wrong, as they have been seen in the world.
 */
import { GoogleIdTokenError } from '@id-token-guard/core';
import { type ParsedToken, parseToken } from '../../../packages/core/src/parse.ts';
import { bytesChanged } from '../generators/spellings.ts';
import type { Parse } from './parser.ts';

type ReadJson = (text: string) => Record<string, unknown>;

/** Splits and decodes as Node.js does it, which takes nearly everything for base64url. */
function parseLeniently(token: string, readJson: ReadJson): ParsedToken {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const [head, claims] = [header, payload].map((segment) => readJson(Buffer.from(segment, 'base64url').toString()));
  return {
    header: head ?? {},
    unverifiedClaims: claims ?? {},
    kid: String(head?.['kid']),
    signedText: `${header}.${payload}`,
    signature: new Uint8Array(Buffer.from(signature, 'base64url')),
  };
}

/** Gives another reading of the JSON to a parser that is right in all else. */
function reading(readJson: ReadJson): Parse {
  return (token) => {
    const { header, unverifiedClaims } = parseLeniently(token, readJson);
    return { ...parseToken(token), header, unverifiedClaims };
  };
}

export const brokenParsers = {
  raw: (token) => parseLeniently(token, JSON.parse),

  lenient(token) {
    try {
      return parseLeniently(token, JSON.parse);
    } catch {
      throw new GoogleIdTokenError('token_malformed');
    }
  },

  quoting(token) {
    try {
      return parseToken(token);
    } catch {
      throw new GoogleIdTokenError('token_malformed', { hint: `This is no token: ${token.slice(0, 100)}` });
    }
  },

  /** RFC 8259 §8.1 lets a parser ignore the mark; then the same claims have two spellings. */
  unmarked(token) {
    const [header = '', payload = '', ...signature] = token.split('.');
    const bare = [header, payload].map((segment) => bytesChanged(segment, withoutMark));
    return parseToken([...bare, ...signature].join('.'));
  },

  assigning: reading((text) => Object.assign({}, JSON.parse(text))),

  unusedBits(token) {
    const canonical = token
      .split('.')
      .map((segment) => (/^[\w-]+$/.test(segment) ? Buffer.from(segment, 'base64url').toString('base64url') : segment));
    return parseToken(canonical.join('.'));
  },
} satisfies Record<string, Parse>;

function withoutMark(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes).toString('hex').startsWith('efbbbf') ? bytes.subarray(3) : bytes;
}
