/*
 * Tokens that a Google service gets in the name of a service account of yours: they always tell its e-mail.
 */
import { DEFAULT_SERVICE_ACCOUNT, uniqueIdOf } from './account.ts';
import { type ServiceOptions, type SignedClaims, signClaims, type TokenSource } from './sender-request.ts';

/** The token that a Google service sends to a URL: for that URL, unless told otherwise. */
export async function signAsService(google: TokenSource, options: ServiceOptions): Promise<SignedClaims> {
  const email = options.serviceAccount ?? DEFAULT_SERVICE_ACCOUNT;
  const aud = options.audience ?? options.url;
  return signClaims(google, { aud, email, email_verified: true, sub: await uniqueIdOf(email) }, options);
}
