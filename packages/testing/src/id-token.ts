/** Claims to put into a token. Whoever asks Google for a token must say its audience. */
export interface IdTokenClaims {
  readonly aud: unknown;
  readonly [claim: string]: unknown;
}

/** Header parameters to put into a token. */
export interface IdTokenHeader {
  readonly [parameter: string]: unknown;
}

/** The unique id of the service account that asks for tokens unless you name another. */
const DEFAULT_SUBJECT = '112010400000000710080';
const LIFETIME_SECONDS = 3600;

/** What a service account's token says, with `claims` in place of the defaults. */
export function idTokenClaims(now: number, claims: IdTokenClaims): Record<string, unknown> {
  const iat = Math.floor(now / 1000);
  const sub = claims['sub'] ?? DEFAULT_SUBJECT;
  return { azp: sub, exp: iat + LIFETIME_SECONDS, iat, iss: 'https://accounts.google.com', sub, ...claims };
}

export function idTokenHeader(kid: string, header: IdTokenHeader): Record<string, unknown> {
  return { alg: 'RS256', kid, typ: 'JWT', ...header };
}
