/*
 * Everything that a key URL can answer and that is not a key set, for the tests of outages.
 */
import { generateKeyPairSync } from 'node:crypto';
import {
  type Answer,
  drip,
  gzipBomb,
  hang,
  inTurn,
  keys as keysAnswer,
  large,
  reset,
  resetWithin,
  send,
} from './jwks-server.ts';
import { google } from './scene.ts';

export interface BadAnswer {
  readonly title: string;
  /** What the operator is told. */
  readonly says: RegExp;
  readonly answer: Answer;
  /** It goes on until the client gives up: set a short `timeoutSeconds`. */
  readonly endless?: boolean;
}

const document = JSON.stringify(google.jwks);
const cutShort = document.slice(0, document.length / 2);

/** Keys with one member in place of the good one, so that none is usable. */
function keysWith(members: object): string {
  return JSON.stringify({ keys: google.jwks.keys.map((key) => ({ ...key, ...members })) });
}

function shortKey(): object {
  return generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
}

const notKeys = /not a JSON object with a "keys" array/;
const noUsableKey = /no usable key/;
const tooLarge = /larger than 64 KiB/;

export const badAnswers: readonly BadAnswer[] = [
  // Also with the right keys in the body: no other status is an answer.
  ...[201, 203, 206, 400, 401, 403, 404, 429, 500, 502, 503, 504].map((status) => ({
    title: `status ${status}, with keys`,
    says: new RegExp(`status ${status}`),
    answer: send(status, document),
  })),
  { title: 'status 204', says: /status 204/, answer: send(204) },
  { title: 'status 304', says: /status 304/, answer: send(304) },
  { title: 'a redirect to nowhere', says: /status 302/, answer: send(302) },
  {
    title: 'HTML',
    says: notKeys,
    answer: send(200, '<!doctype html><title>Sorry</title>', { 'content-type': 'text/html' }),
  },
  { title: 'JSON cut short', says: notKeys, answer: send(200, cutShort) },
  { title: '{}', says: notKeys, answer: send(200, '{}') },
  { title: 'null', says: notKeys, answer: send(200, 'null') },
  { title: 'a list of keys', says: notKeys, answer: send(200, JSON.stringify(google.jwks.keys)) },
  { title: 'a string', says: notKeys, answer: send(200, JSON.stringify(document)) },
  {
    title: 'keys that are not a list',
    says: notKeys,
    answer: send(200, JSON.stringify({ keys: { ...google.jwks.keys } })),
  },
  { title: 'keys in __proto__', says: notKeys, answer: send(200, `{"__proto__":${document}}`) },
  { title: 'no body', says: notKeys, answer: send(200) },
  { title: 'white space', says: notKeys, answer: send(200, ' \n') },
  {
    title: 'bytes that are not UTF-8',
    says: notKeys,
    answer: send(200, Buffer.from(`{"x":"\xff",${document.slice(1)}`, 'latin1')),
  },
  { title: 'UTF-16', says: notKeys, answer: send(200, Buffer.from(document, 'utf16le')) },
  { title: 'no keys', says: noUsableKey, answer: send(200, '{"keys":[]}') },
  { title: 'keys that are null', says: noUsableKey, answer: send(200, '{"keys":[null,1,"key",[],{}]}') },
  { title: 'only keys to encrypt with', says: noUsableKey, answer: send(200, keysWith({ use: 'enc' })) },
  { title: 'only keys for RS512', says: noUsableKey, answer: send(200, keysWith({ alg: 'RS512' })) },
  { title: 'only keys without an id', says: noUsableKey, answer: send(200, keysWith({ kid: undefined })) },
  { title: 'only keys of 1024 bits', says: noUsableKey, answer: send(200, keysWith(shortKey())) },
  { title: 'a connection reset', says: /fetch failed/, answer: reset },
  { title: 'a connection reset within the body', says: /terminated/, answer: resetWithin(document) },
  {
    title: 'bytes that are not the gzip they claim',
    says: /./,
    answer: send(200, document, { 'content-encoding': 'gzip' }),
  },
  { title: '100 MB', says: tooLarge, answer: large(document, 100) },
  { title: 'a gzip bomb of 1 GB', says: tooLarge, answer: gzipBomb(document, 1024) },
  { title: 'nothing, for ever', says: /did not answer in time/, answer: hang, endless: true },
  { title: 'one byte a second', says: /did not answer in time/, answer: drip(document), endless: true },
  {
    title: 'now this, now that',
    says: /./,
    answer: inTurn(send(503), reset, send(200, '{}'), send(200, 'null'), send(200, '{"keys":[]}'), send(404)),
  },
];

/** A document that is good but for its size, in bytes. */
export function padded(size: number): Answer {
  return send(200, document.padEnd(size, ' '));
}

/** The keys of somebody else. */
export function keysOf(other: { readonly jwks: object }): Answer {
  return keysAnswer(() => other.jwks);
}
