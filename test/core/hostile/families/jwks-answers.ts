import { generateKeyPairSync } from 'node:crypto';
import {
  type Answer,
  drip,
  gzipBomb,
  hang,
  inTurn,
  large,
  redirectTo,
  reset,
  resetWithin,
  send,
} from '../../keys/jwks-server.ts';
import type { Described } from '../hostile-input.ts';

/** What is published when all is well. */
interface Jwks {
  readonly keys: readonly object[];
}

/** Something that a key URL may answer with and that is no key set, however good the keys in it are. */
export interface JwksAnswer extends Described {
  /** What the operator is told, on Node.js. */
  readonly says: RegExp;
  answer(jwks: Jwks): Answer;
  /** It goes on until the client gives up: set a short `timeoutSeconds`. */
  readonly endless?: boolean;
}

const STATUS = 'RFC 9110 §15';
const DOCUMENT = 'RFC 7517 §5';
const ENTRY = 'RFC 7517 §4';
const notKeys = /not a JSON object with a "keys" array/;
const noUsableKey = /no usable key/;
const tooLarge = /larger than 64 KiB/;

/** Also with the right keys in the body: no other status is an answer. */
const statuses: readonly JwksAnswer[] = [201, 202, 203, 206, 226, 300, 400, 401, 403, 404, 410, 418, 429]
  .concat([500, 501, 502, 503, 504, 520, 599])
  .map((status) => ({
    name: `status ${status}, with keys`,
    source: STATUS,
    says: new RegExp(`status ${status}`),
    answer: (jwks) => send(status, JSON.stringify(jwks)),
  }));

/** Nobody asks where they lead: keys come from one URL. */
const redirects: readonly JwksAnswer[] = [
  { name: 'status 204', source: STATUS, says: /status 204/, answer: () => send(204) },
  { name: 'status 304', source: STATUS, says: /status 304/, answer: () => send(304) },
  { name: 'a redirect to nowhere', source: 'RFC 9110 §15.4', says: /status 302/, answer: () => send(302) },
  ...[301, 302, 303, 307, 308].map(
    (status): JwksAnswer => ({
      name: `a redirect to a metadata server, ${status}`,
      source: 'CWE-918',
      says: new RegExp(`status ${status}`),
      answer: () => redirectTo('http://169.254.169.254/computeMetadata/v1/', status),
    }),
  ),
];

function body(name: string, source: string, says: RegExp, write: (json: string, jwks: Jwks) => string): JwksAnswer {
  return { name, source, says, answer: (jwks) => send(200, write(JSON.stringify(jwks), jwks)) };
}

const notDocuments: readonly JwksAnswer[] = [
  {
    name: 'HTML',
    source: DOCUMENT,
    says: notKeys,
    answer: () => send(200, '<!doctype html><title>Sorry</title>', { 'content-type': 'text/html' }),
  },
  body('JSON cut short', 'RFC 8259 §2', notKeys, (json) => json.slice(0, json.length / 2)),
  body('{}', DOCUMENT, notKeys, () => '{}'),
  body('null', DOCUMENT, notKeys, () => 'null'),
  body('a list of keys', DOCUMENT, notKeys, (_, { keys }) => JSON.stringify(keys)),
  body('a single key', DOCUMENT, notKeys, (_, { keys }) => JSON.stringify(keys[0])),
  body('a string', DOCUMENT, notKeys, (json) => JSON.stringify(json)),
  body('keys that are not a list', DOCUMENT, notKeys, (_, { keys }) => JSON.stringify({ keys: { ...keys } })),
  body('keys that have a length', 'CWE-843', notKeys, (_, { keys }) =>
    JSON.stringify({ keys: { ...keys, length: 9 } }),
  ),
  body('keys as text', DOCUMENT, notKeys, (_, { keys }) => JSON.stringify({ keys: JSON.stringify(keys) })),
  body('keys under another name', DOCUMENT, notKeys, (json) => json.replace('"keys"', '"Keys"')),
  body('keys under two names, the last one empty', 'RFC 8259 §4', noUsableKey, (json) =>
    json.replace(/\}$/, ',"keys":[]}'),
  ),
  body('keys in __proto__', 'CWE-1321', notKeys, (json) => `{"__proto__":${json}}`),
  body('keys in constructor.prototype', 'CWE-1321', notKeys, (json) => `{"constructor":{"prototype":${json}}}`),
  body('a discovery document', 'OIDC Discovery §3', notKeys, () => '{"jwks_uri":"https://attacker.example/jwks"}'),
  body('keys as certificates by kid', 'Google facts: v1/certs', notKeys, () => '{"kid":"-----BEGIN CERTIFICATE-----"}'),
  body('no body', DOCUMENT, notKeys, () => ''),
  body('white space', 'RFC 8259 §2', notKeys, () => ' \n'),
  body('a byte order mark in front of the keys', 'RFC 8259 §8.1', notKeys, (json) => `\ufeff${json}`),
  body('a guard against scripts in front', 'RFC 8259 §2', notKeys, (json) => `)]}'\n${json}`),
  body('a call of a function', 'RFC 8259 §2', notKeys, (json) => `callback(${json})`),
  body('a comment behind', 'RFC 8259 §2', notKeys, (json) => `${json}// keys`),
  body('a comma behind the last key', 'RFC 8259 §5', notKeys, (json) => json.replace(/\]\}$/, ',]}')),
  body('two documents', 'RFC 8259 §2', notKeys, (json) => json + json),
  body('lists in lists, thirty thousand deep', 'CWE-674', notKeys, (json) => '['.repeat(30_000) + json),
  {
    name: 'bytes that are not UTF-8',
    source: 'RFC 8259 §8.1',
    says: notKeys,
    answer: (jwks) => send(200, Buffer.from(`{"x":"\xff",${JSON.stringify(jwks).slice(1)}`, 'latin1')),
  },
  {
    name: 'UTF-16',
    source: 'RFC 8259 §8.1',
    says: notKeys,
    answer: (jwks) => send(200, Buffer.from(JSON.stringify(jwks), 'utf16le')),
  },
];

/** Keys with one member in place of the good one, so that none is usable. */
function keysWith(name: string, source: string, members: () => object): JwksAnswer {
  return body(name, source, noUsableKey, (_, { keys }) =>
    JSON.stringify({ keys: keys.map((key) => ({ ...key, ...members() })) }),
  );
}

function shortKey(): object {
  return generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
}

const withoutUsableKey: readonly JwksAnswer[] = [
  body('no keys', DOCUMENT, noUsableKey, () => '{"keys":[]}'),
  body('keys that are null', DOCUMENT, noUsableKey, () => '{"keys":[null,1,"key",[],{}]}'),
  body('ten thousand keys that are empty', 'CWE-400', noUsableKey, () =>
    JSON.stringify({ keys: Array.from({ length: 10_000 }, () => ({})) }),
  ),
  body('two keys under every id', 'RFC 7517 §4.5', noUsableKey, (_, { keys }) =>
    JSON.stringify({ keys: keys.flatMap((key) => [key, { ...key, e: 'AQAD' }]) }),
  ),
  keysWith('only keys to encrypt with', 'RFC 7517 §4.2', () => ({ use: 'enc' })),
  keysWith('only keys for RS512', 'RFC 7517 §4.4', () => ({ alg: 'RS512' })),
  keysWith('only shared secrets', 'RFC 8725 §3.1', () => ({ kty: 'oct', k: 'c2VjcmV0' })),
  keysWith('only keys to sign with', 'RFC 7517 §4.3', () => ({ key_ops: ['sign'] })),
  keysWith('only keys without an id', ENTRY, () => ({ kid: undefined })),
  keysWith('only keys of 1024 bits', 'RFC 7518 §3.3', shortKey),
  keysWith('only keys with the exponent 1', 'RFC 8017 §3.1', () => ({ e: 'AQ' })),
  keysWith('only keys with a private exponent', 'RFC 7518 §6.3.2.1', () => ({ d: 'AQAB' })),
  keysWith('only keys with a modulus of zeros', 'RFC 7518 §6.3.1.1', () => ({ n: 'A'.repeat(342) })),
];

const brokenExchanges: readonly JwksAnswer[] = [
  {
    name: 'a connection reset',
    source: 'RFC 9293 §3.10.7',
    says: /could not be reached|fetch failed/,
    answer: () => reset,
  },
  {
    name: 'a connection reset within the body',
    source: 'RFC 9112 §8',
    says: /broke off/,
    answer: (jwks) => resetWithin(JSON.stringify(jwks)),
  },
  {
    name: 'bytes that are not the gzip they claim',
    source: 'RFC 9110 §8.4',
    says: /./,
    answer: (jwks) => send(200, JSON.stringify(jwks), { 'content-encoding': 'gzip' }),
  },
  { name: '100 MB', source: 'CWE-770', says: tooLarge, answer: (jwks) => large(JSON.stringify(jwks), 100) },
  {
    name: 'a gzip bomb of 1 GB',
    source: 'CWE-409',
    says: tooLarge,
    answer: (jwks) => gzipBomb(JSON.stringify(jwks), 1024),
  },
  { name: 'nothing, for ever', source: 'CWE-400', says: /did not answer in time/, answer: () => hang, endless: true },
  {
    name: 'one byte a second',
    source: 'CWE-400',
    says: /did not answer in time/,
    answer: (jwks) => drip(JSON.stringify(jwks)),
    endless: true,
  },
  {
    name: 'now this, now that',
    source: STATUS,
    says: /./,
    answer: () => inTurn(send(503), reset, send(200, '{}'), send(200, 'null'), send(200, '{"keys":[]}'), send(404)),
  },
];

/** A copy that somebody has kept for too long, whatever it says. */
const tooOld: readonly JwksAnswer[] = [
  {
    name: 'keys that are older than they may be, by Age',
    source: 'RFC 9111 §4.2',
    says: /older than it may be/,
    answer: (jwks) => send(200, JSON.stringify(jwks), { 'cache-control': 'max-age=3600', age: '3601' }),
  },
  {
    name: 'keys that are older than they may be, by Date',
    source: 'RFC 9111 §4.2.3',
    says: /older than it may be/,
    answer: (jwks) =>
      send(200, JSON.stringify(jwks), { 'cache-control': 'max-age=86400', date: 'Sun, 06 Nov 1994 08:49:37 GMT' }),
  },
];

/** Answers that must not be taken for keys, nor harm those that are known. */
export const jwksAnswers: readonly JwksAnswer[] = [
  ...statuses,
  ...redirects,
  ...notDocuments,
  ...withoutUsableKey,
  ...brokenExchanges,
  ...tooOld,
];
