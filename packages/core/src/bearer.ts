import { GoogleIdTokenError } from './errors.ts';

/**
 * The headers of a request: a Web `Headers`, or a plain object whose names may be in any case.
 *
 * With Node.js take `nodeHeaders(req)`: `req.headers` has only the first of two `Authorization` headers, so a second
 * one would go unnoticed.
 */
export type RequestHeaders =
  | { get(name: string): string | null }
  | { readonly [name: string]: string | readonly string[] | undefined };

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

/** A request of Node.js, as far as its headers and its URL go. */
export interface NodeRequest {
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  /** Names and values in turn, as received. Requests that a test or a serverless bridge makes up may have none. */
  readonly rawHeaders?: readonly string[] | undefined;
  readonly url?: string | undefined;
  /** Where Express, connect and others keep the URL as it was received; in `url` they cut off what has matched. */
  readonly originalUrl?: string | undefined;
}

/** Path and query of a Node.js request as they were received. For adapters. */
export function nodeUrl({ originalUrl, url }: NodeRequest): string | undefined {
  return originalUrl ?? url;
}

/**
 * The headers of a Node.js request, as Web `Headers` would have them: of a repeated one all values, with commas between
 * them (RFC 9110 §5.3). For adapters.
 *
 * `req.headers` has only the first of them, and `req.headersDistinct` is not there over HTTP/2. There, `host` is
 * `:authority`.
 *
 * @param request as a server of Node.js hands it to its listener
 */
export function nodeHeaders(request: NodeRequest): RequestHeaders {
  // `request.headers` is made when it is first asked for, which costs more than all the rest of a guard.
  return {
    get: (name) => (name === 'host' ? hostOf(request) : receivedValue(request, name)),
  };
}

function receivedValue(request: NodeRequest, name: string): string | null {
  return joined(rawValues(request.rawHeaders ?? [], name)) ?? joined(headerValues(request.headers, name));
}

/** RFC 9113 §8.3.1: a request may have both, and they must be the same. */
function hostOf(request: NodeRequest): string | null {
  const [authority, host] = [receivedValue(request, ':authority'), receivedValue(request, 'host')];
  return authority === null || host === null || authority === host ? (authority ?? host) : `${authority}, ${host}`;
}

/** A header of a request; of a repeated one all values, with commas between them. */
export function headerOf(headers: RequestHeaders, name: string): string | undefined {
  return joined(headerValues(headers, name)) ?? undefined;
}

function rawValues(rawHeaders: readonly string[], wanted: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    // The length rules nearly all headers out without making anything of them.
    if (name?.length === wanted.length && name.toLowerCase() === wanted) {
      values.push(`${rawHeaders[i + 1]}`);
    }
  }
  return values;
}

function joined(values: readonly string[]): string | null {
  return values.length === 0 ? null : values.join(', ');
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
 */
export function readBearer(headers: RequestHeaders, header: TokenHeader): string {
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

function headerValues(headers: RequestHeaders, header: string): string[] {
  if (typeof headers.get === 'function') {
    const value = headers.get(header);
    return value == null ? [] : [value];
  }
  const values: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() === header && value != null) {
      values.push(...(typeof value === 'string' ? [value] : value));
    }
  }
  return values;
}

function missingHint(headers: RequestHeaders, value: string, header: TokenHeader): string {
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
