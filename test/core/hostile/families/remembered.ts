import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import { type KeyPair, signed } from '../forge.ts';
import type { Described } from '../hostile-input.ts';
import { AUDIENCE, CALLER_EMAIL, type Kit } from '../kit.ts';
import type { Moment, RememberedToken } from '../remembered-world.ts';

/** What has changed since a token was remembered, and what the token, or another one, must then be refused with. */
export interface RememberedInput extends Described {
  readonly code: GoogleIdTokenErrorCode;
  readonly secondsPass: number;
  /** The keys that are published since; `undefined`: none, the key URL answers 503. By default the same. */
  readonly jwks?: ((kit: Kit) => readonly object[]) | undefined;
  readonly audience?: string;
  readonly caller?: string;
  /** By default the token that is remembered. */
  readonly attempt?: (kit: Kit) => string;
}

/** The keys of five minutes are fetched anew, the token of an hour is still good. */
const STALE = 1800;
const TOLERANCE = 30;

const REPLACED = 'RFC 7517 §4.5';
const PURPOSE = 'RFC 7517 §4.2';
const REMOVED = 'nearform/fast-jwt#5';
const APPENDED = 'GHSA-675f-rq2r-jw82';

function jwk({ publicKey }: KeyPair, members: object): object {
  return { ...publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', ...members };
}

function googles(kit: Kit, members: object = {}): object {
  return jwk(kit.keys.google, { kid: kit.keys.google.kid, ...members });
}

function attackers(kit: Kit, members: object = {}): object {
  return jwk(kit.keys.attacker, { kid: 'another-key', ...members });
}

function otherBit({ publicKey }: KeyPair): string {
  const modulus = Buffer.from(publicKey.export({ format: 'jwk' }).n ?? '', 'base64url');
  modulus[100] = (modulus[100] ?? 0) ^ 1;
  return modulus.toString('base64url');
}

/** Under the kid of the key that the token was verified with. */
function inItsPlace(kit: Kit, members: object = {}): object {
  return attackers(kit, { kid: kit.keys.google.kid, ...members });
}

function row(
  code: GoogleIdTokenErrorCode,
  name: string,
  source: string,
  change: Partial<Omit<RememberedInput, 'code' | 'name' | 'source'>>,
): RememberedInput {
  return { name: `remembered, and since then ${name}`, source, code, secondsPass: 0, ...change };
}

/** The key is published in a way that makes it unusable; another one beside it keeps the document good. */
function unusable(name: string, source: string, members: (kit: Kit) => object): RememberedInput {
  return row('key_unknown', `its key ${name}`, source, {
    secondsPass: STALE,
    jwks: (kit) => [googles(kit, members(kit)), attackers(kit)],
  });
}

const time: readonly RememberedInput[] = [
  row('token_expired', 'expired', 'RFC 7519 §4.1.4', { secondsPass: 3600 + TOLERANCE }),
  row('token_expired', 'expired a year ago', 'RFC 7519 §4.1.4', { secondsPass: 31_536_000 }),
  row('token_not_yet_valid', 'the clock was set back', 'RFC 7519 §4.1.6', { secondsPass: -3600 }),
];

const keys: readonly RememberedInput[] = [
  row('key_unknown', 'its key removed', REMOVED, { secondsPass: STALE, jwks: (kit) => [attackers(kit)] }),
  row('key_unknown', 'its key removed and itself expired', REMOVED, {
    secondsPass: 7200,
    jwks: (kit) => [attackers(kit)],
  }),
  row('key_unknown', 'its key renamed', REPLACED, {
    secondsPass: STALE,
    jwks: (kit) => [googles(kit, { kid: 'renamed' })],
  }),
  row('signature_invalid', 'its key replaced under the same kid', REPLACED, {
    secondsPass: STALE,
    jwks: (kit) => [inItsPlace(kit)],
  }),
  row('signature_invalid', 'its key renamed and another one in its place', REPLACED, {
    secondsPass: STALE,
    jwks: (kit) => [googles(kit, { kid: 'renamed' }), inItsPlace(kit)],
  }),
  row('signature_invalid', 'its key with one other bit in the modulus', REPLACED, {
    secondsPass: STALE,
    jwks: (kit) => [googles(kit, { n: otherBit(kit.keys.google) })],
  }),
  row('key_unknown', 'its kid given to a second key, too', REPLACED, {
    secondsPass: STALE,
    jwks: (kit) => [googles(kit), inItsPlace(kit), attackers(kit)],
  }),
  row('key_unknown', 'its kid given to a second key in front', REPLACED, {
    secondsPass: STALE,
    jwks: (kit) => [inItsPlace(kit), googles(kit), attackers(kit)],
  }),
  unusable('is for encryption', PURPOSE, () => ({ use: 'enc' })),
  unusable('is for RS512', 'RFC 7517 §4.4', () => ({ alg: 'RS512' })),
  unusable('may only sign', 'RFC 7517 §4.3', () => ({ key_ops: ['sign'] })),
  unusable('is public with its private half', 'RFC 7518 §6.3.2', (kit) =>
    kit.keys.google.privateKey.export({ format: 'jwk' }),
  ),
  unusable('has its kid in a list', REPLACED, (kit) => ({ kid: [kit.keys.google.kid] })),
  unusable('has its kid in upper case', REPLACED, (kit) => ({ kid: kit.keys.google.kid.toUpperCase() })),
  unusable('is a shared secret', 'RFC 8725 §3.1', () => ({ kty: 'oct', k: 'c2VjcmV0' })),
  row('keys_unavailable', 'the key URL is down for longer than stale keys are used', 'CWE-613', {
    secondsPass: STALE,
    jwks: undefined,
  }),
  row('keys_unavailable', 'the key URL has no keys for longer than stale keys are used', 'CVE-2026-48524', {
    secondsPass: STALE,
    jwks: () => [],
  }),
];

const rules: readonly RememberedInput[] = [
  row('audience_mismatch', 'the audience is not ours any more', 'RFC 7519 §4.1.3', { audience: 'https://x.example' }),
  row('audience_mismatch', 'the audience is not ours any more and itself expired', 'RFC 7519 §4.1.3', {
    audience: 'https://x.example',
    secondsPass: 7200,
  }),
  row('caller_not_allowed', 'the caller was struck off the list', 'CWE-613', { caller: 'other@x.example' }),
  row('token_expired', 'the caller was struck off the list and itself expired', 'CWE-613', {
    caller: 'other@x.example',
    secondsPass: 7200,
  }),
];

/** Not the remembered token, in a world that has moved on. */
const others: readonly RememberedInput[] = [
  row('key_unknown', 'its key removed, and a new token of that key', APPENDED, {
    secondsPass: STALE,
    jwks: (kit) => [attackers(kit)],
    attempt: (kit) => kit.token({ iat: kit.now + STALE, exp: kit.now + STALE + 3600 }),
  }),
  row('signature_invalid', 'its key replaced, and a new token of the old key', APPENDED, {
    secondsPass: STALE,
    jwks: (kit) => [inItsPlace(kit)],
    attempt: (kit) => kit.token({ iat: kit.now + STALE, exp: kit.now + STALE + 3600 }),
  }),
  row('signature_invalid', 'nothing, and a token of another key under the same kid', 'clerk/javascript#9394', {
    attempt: (kit) => signed(kit.keys.attacker, kit.header, kit.claims),
  }),
  row('signature_invalid', 'the keys fetched anew, and a token of another key under the same kid', REPLACED, {
    secondsPass: STALE,
    jwks: (kit) => [googles(kit), attackers(kit)],
    attempt: (kit) => signed(kit.keys.attacker, kit.header, kit.claims),
  }),
  row('token_expired', 'nothing, and an expired token of the same caller', 'RFC 7519 §4.1.4', {
    attempt: (kit) => kit.token({ iat: kit.now - 7200, exp: kit.now - 3600 }),
  }),
  row('caller_not_allowed', 'nothing, and a token of the same sub with another e-mail', 'CVE-2026-35039', {
    attempt: (kit) => kit.token({ email: 'other@my-project.iam.gserviceaccount.com' }),
  }),
];

/** Remembered tokens that must not be let in any more. */
export const rememberedInputs: readonly RememberedInput[] = [...time, ...keys, ...rules, ...others];

/** All that an attempt needs, ready-made. */
export function forgeRemembered(input: RememberedInput, kit: Kit): RememberedToken {
  const { name, code, secondsPass, attempt = () => kit.token() } = input;
  const published = (keysOf: readonly object[]) => JSON.stringify({ keys: keysOf });
  const then: Moment & { readonly jwks: string } = {
    now: kit.now,
    jwks: published([googles(kit)]),
    audience: AUDIENCE,
    caller: CALLER_EMAIL,
  };
  const { jwks, ...rest } = then;
  const keysSince = 'jwks' in input ? input.jwks && published(input.jwks(kit)) : jwks;
  const later: Moment = {
    ...rest,
    ...(keysSince === undefined ? {} : { jwks: keysSince }),
    now: kit.now + secondsPass,
    audience: input.audience ?? AUDIENCE,
    caller: input.caller ?? CALLER_EMAIL,
  };
  return { name, code, token: kit.token(), attempt: attempt(kit), then, later };
}
