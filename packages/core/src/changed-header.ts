import { checkedTokenHeader, type TokenHeader } from './bearer.ts';
import { GoogleIdTokenError, isGoogleIdTokenError } from './errors.ts';

/** Headers that know what a middleware has made of them: those of `nodeHeaders()`. */
interface KnowingHeaders {
  tellingOfChange(error: Error, name: string): Error;
}

/** The error, whose hint says so where a middleware has put another value into the header than came over the wire. */
export function tellingOfChange(error: Error, headers: object | null | undefined, name?: TokenHeader): Error {
  const knowing = (headers ?? {}) as Partial<KnowingHeaders>;
  return typeof knowing.tellingOfChange === 'function'
    ? knowing.tellingOfChange(error, checkedTokenHeader(name))
    : error;
}

/** The codes for a header that has no token of Google's in it. */
const HEADER_CODES: readonly string[] = ['token_missing', 'request_invalid', 'token_malformed'];

/** The error with a hint that tells of the change, where the header may be the reason for it. */
export function withHintOfChange(error: Error, name: string): Error {
  if (!isGoogleIdTokenError(error) || !HEADER_CODES.includes(error.code)) {
    return error;
  }
  const hint = `${error.hint} A middleware has changed req.headers["${name}"]: what came over the wire counts, not what it became.`;
  return new GoogleIdTokenError(error.code, { ...error, hint });
}
