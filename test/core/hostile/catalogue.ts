/*
 * Everything hostile that we know, as data: inputs, the one code that each must be refused with, and how to make them.
 * Which guard they are thrown at is not decided here.
 */
import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';
import { alg } from './families/alg.ts';
import { aud } from './families/aud.ts';
import { base64url } from './families/base64url.ts';
import { bearer } from './families/bearer.ts';
import { callers } from './families/callers.ts';
import { claims } from './families/claims.ts';
import { crit } from './families/crit.ts';
import { embeddedKeys } from './families/embedded-keys.ts';
import { iss } from './families/iss.ts';
import { json } from './families/json.ts';
import { keys } from './families/keys.ts';
import { kid } from './families/kid.ts';
import { signature } from './families/signature.ts';
import { structure } from './families/structure.ts';
import { time } from './families/time.ts';
import { tokenCache } from './families/token-cache.ts';
import { type AcceptedInput, type AuthorizationValue, type HostileInput, isTokenInput } from './hostile-input.ts';
import type { Kit } from './kit.ts';

export { acceptedInputs } from './accepted.ts';
export { type AcceptedInput, type AuthorizationValue, type HostileInput, isTokenInput } from './hostile-input.ts';
export { createKit, type Kit } from './kit.ts';

/** The hostile inputs in the order in which a guard comes to what is wrong with them. */
export const hostileFamilies = {
  bearer,
  structure,
  base64url,
  json,
  alg,
  crit,
  kid,
  keys,
  'embedded keys': embeddedKeys,
  signature,
  claims,
  iss,
  aud,
  time,
  callers,
  'token cache': tokenCache,
} satisfies Record<string, readonly HostileInput[]>;

export const hostileInputs: readonly HostileInput[] = Object.values(hostileFamilies).flat();

/** Makes the `Authorization` header that carries an input. */
export async function authorizationOf(input: HostileInput | AcceptedInput, kit: Kit): Promise<AuthorizationValue> {
  return isTokenInput(input) ? `Bearer ${await input.token(kit)}` : input.authorization(kit);
}

/**
 * The code that an input is refused with when it comes in a header: a token with white space or a comma in it, or an
 * empty one, is no Bearer credential at all (RFC 6750 §2.1, RFC 9110 §5.3).
 */
export function codeInHeader(input: HostileInput, authorization: AuthorizationValue): GoogleIdTokenErrorCode {
  if (!isTokenInput(input) || typeof authorization !== 'string') {
    return input.code;
  }
  return /^Bearer [^\s,]+$/.test(authorization) ? input.code : 'request_invalid';
}

/**
 * Tells whether HTTP carries a header value as it is. Other values arrive changed or not at all: control characters,
 * characters beyond Latin-1, white space around the value (RFC 9110 §5.5). Size is another matter: Node.js takes 16 KiB of
 * headers altogether unless told otherwise.
 */
export function travelsOverHttp(authorization: AuthorizationValue): boolean {
  const values = typeof authorization === 'string' ? [authorization] : (authorization ?? []);
  return values.every((value) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value) && !/^[\t ]|[\t ]$/.test(value));
}
