import { type GoogleIdTokenErrorCode, isGoogleIdTokenError, REFUSALS } from './errors.ts';

/** An HTTP answer in plain values, for any framework to send as it is. */
export interface Refusal {
  /** 400, 401, 403 or 503. */
  readonly status: 400 | 401 | 403 | 503;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string;
}

/** RFC 6750 §3 wants at least one parameter after the scheme; a constant realm tells nobody anything. */
const CHALLENGE = 'Bearer realm="google-id-token"';

/** In seconds; what a key set of somebody else's asks for is held within. */
const MAX_RETRY_AFTER_SECONDS = 60 * 60;

/**
 * Turns a refusal into the HTTP answer for it: status, headers and a JSON body.
 *
 * Every adapter answers with exactly this. Nothing of the token, the expected values or the URL is in it. What is
 * not a `GoogleIdTokenError` is thrown again: it is a fault of the service, not of the request.
 *
 * @see RFC 6750 §3 (the WWW-Authenticate response header field)
 */
export function toRefusal(error: unknown): Refusal {
  if (!isGoogleIdTokenError(error)) {
    throw error;
  }
  const row = REFUSALS[error.code];
  return {
    status: row.status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...challenge(error.code),
      ...retryAfter(error.code, error.retryAfterSeconds),
    },
    body: JSON.stringify({
      error: row.bearerError ?? error.code,
      error_description: row.message,
      code: error.code,
    }),
  };
}

function challenge(code: GoogleIdTokenErrorCode): Record<string, string> {
  const { bearerError, message } = REFUSALS[code];
  if (code === 'keys_unavailable') {
    return {}; // The token may be good: nothing is asked of the client but patience.
  }
  // RFC 6750 §3.1: a request without authentication information gets no error code.
  const error = bearerError === undefined ? '' : `, error="${bearerError}", error_description="${message}"`;
  return { 'www-authenticate': `${CHALLENGE}${error}` };
}

function retryAfter(code: GoogleIdTokenErrorCode, seconds: number | undefined): Record<string, string> {
  if (code !== 'keys_unavailable') {
    return {};
  }
  // RFC 9110 §10.2.3: whole seconds. Also where the error says nothing that makes sense.
  const wanted = Math.ceil(seconds ?? 1) || 1;
  return { 'retry-after': String(Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(1, wanted))) };
}
