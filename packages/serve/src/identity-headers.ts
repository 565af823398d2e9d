import type { GoogleIdToken } from '@id-token-guard/core';

/** The headers that tell the app who calls. */
export const IDENTITY_HEADERS = [
  'X-Google-Caller-Kind',
  'X-Google-Caller-Email',
  'X-Google-Caller-Id',
  'X-Google-Audience',
] as const;

/** In the order of `IDENTITY_HEADERS`. What the token does not tell is empty. */
export function identityValues({ caller, claims }: GoogleIdToken): [string, string, string, string] {
  const email = 'email' in caller ? caller.email : undefined;
  return [caller.kind, headerValue(email ?? ''), headerValue(claims.sub), headerValue(claims.aud)];
}

/** What a header cannot carry as it is (RFC 9110 §5.5) is left out: encoded, it could be mistaken for another value. */
function headerValue(text: string): string {
  return /^[!-~]*$/.test(text) ? text : '';
}

/**
 * Whether an app might take a header for one of the guard's. CGI, WSGI and Rack make one name of `X-A-B` and `X_A_B`, and
 * some servers of every character that is neither letter nor digit.
 */
export function isIdentityHeader(name: string): boolean {
  // The length rules nearly all out: the shortest is X-Google-Audience.
  return name.length >= 17 && /^x[^a-z0-9]google[^a-z0-9](caller[^a-z0-9]|audience$)/i.test(name);
}
