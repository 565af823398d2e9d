import { checkedTokenHeader, type TokenHeader } from './bearer.ts';
import { GoogleIdTokenError, isGoogleIdTokenError } from './errors.ts';

/** The codes for a header that has no token of Google's in it. */
const HEADER_CODES: readonly string[] = ['token_missing', 'request_invalid', 'token_malformed'];

/**
 * The error, whose hint says so where a middleware has put another value into the header than came over the wire. Only the
 * headers of `nodeHeaders()` can tell.
 */
export function tellingOfChange(error: Error, headers: object | null | undefined, name?: TokenHeader): Error {
  const { hintOfChange } = (headers ?? {}) as { readonly hintOfChange?: (name: string) => string | undefined };
  if (typeof hintOfChange !== 'function' || !isGoogleIdTokenError(error) || !HEADER_CODES.includes(error.code)) {
    return error;
  }
  const more = hintOfChange.call(headers, checkedTokenHeader(name));
  return more === undefined ? error : new GoogleIdTokenError(error.code, { ...error, hint: `${error.hint} ${more}` });
}
