import { GoogleIdTokenError } from './errors.ts';
import { headerValues, type RequestHeaders } from './request-headers.ts';

/**
 * The header that carries the token. Cloud Run's callers may use the second one to keep the first one free.
 *
 * @see https://cloud.google.com/run/docs/authenticating/service-to-service
 */
export type TokenHeader = 'authorization' | 'x-serverless-authorization';

/** The headers that may carry the token. */
export const TOKEN_HEADERS: readonly TokenHeader[] = Object.freeze(['authorization', 'x-serverless-authorization']);

/**
 * The header to read, checked.
 *
 * @throws TypeError
 */
export function checkedTokenHeader(header: TokenHeader = 'authorization'): TokenHeader {
  if (!TOKEN_HEADERS.includes(header)) {
    throw new TypeError(`"header" must be ${TOKEN_HEADERS.map((name) => `"${name}"`).join(' or ')}.`);
  }
  return header;
}

// RFC 9110 §11.1: the scheme is case-insensitive. What follows it must not be one more character of a scheme's name.
const BEARER_SCHEME = /^bearer(?![!#$%&'*+.^_`|~0-9a-z-])/i;

// RFC 6750 §2.1: credentials = "Bearer" 1*SP b64token. What is in the token itself is for `parse.ts` to judge.
const SPACES = /^ +/;
const WHITE_SPACE = /\s/;

/**
 * Reads the one Bearer credential from the one header that may carry it.
 *
 * @throws GoogleIdTokenError `token_missing` or `request_invalid`
 * @throws TypeError where it is given something else than headers
 */
export function readBearer(headers: RequestHeaders | null | undefined, header: TokenHeader): string {
  const values = headerValues(headers, header);
  // RFC 9110 §5.3: several fields of one name are the same as one field with commas, so both are refused alike.
  if (values.length > 1 || values[0]?.includes(',')) {
    throw new GoogleIdTokenError('request_invalid', {
      hint: `The request carries more than one ${header} header, or one with a comma. Look for a proxy or a client that adds its own.`,
    });
  }
  const value = values[0] ?? '';
  const scheme = BEARER_SCHEME.exec(value);
  if (scheme === null) {
    throw new GoogleIdTokenError('token_missing', { hint: missingHint(headers, value, header) });
  }
  const rest = value.slice(scheme[0].length);
  const token = rest.replace(SPACES, '');
  if (token === '' || token === rest || WHITE_SPACE.test(token)) {
    throw new GoogleIdTokenError('request_invalid', {
      hint: `The ${header} header must be "Bearer", one space and the token. Look for an empty variable in the client, or for a line break in the token.`,
    });
  }
  return token;
}

/** Whether there is anything at all in the header that may carry the token: one that is empty carries nothing. */
export function carriesCredential(headers: RequestHeaders | null | undefined, header: TokenHeader): boolean {
  const values = headerValues(headers, header);
  return values.length > 1 || (values[0] ?? '') !== '';
}

function missingHint(headers: RequestHeaders | null | undefined, value: string, header: TokenHeader): string {
  const other = TOKEN_HEADERS.find((name) => name !== header && headerValues(headers, name).length > 0);
  if (other !== undefined) {
    return `The request has no Bearer token in the ${header} header, but it has the ${other} header: is the guard's option "header" meant to be "${other}"?`;
  }
  if (headerValues(headers, 'x-forwarded-authorization').length > 0) {
    return `The request has no Bearer token in the ${header} header: an API gateway has moved its caller's to X-Forwarded-Authorization, and adds none of its own. Let the gateway authenticate to this service (x-google-backend: jwt_audience).`;
  }
  if (value !== '') {
    return `The ${header} header has another scheme than Bearer, or none: it must be "Bearer", a space and the token.`;
  }
  return `The request has no ${header} header. Give the sender an OIDC token (Pub/Sub: --push-auth-service-account, Cloud Tasks and Cloud Scheduler: --oidc-service-account-email), and look for a proxy that drops the header.`;
}
