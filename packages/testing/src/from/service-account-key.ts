import { DEFAULT_SERVICE_ACCOUNT, uniqueIdOf } from './account.ts';
import { bearerRequest, type CodeOptions, type SenderRequest, signClaims, type TokenSource } from './sender-request.ts';

/** The one token of a service account whose `azp` is the e-mail, not the unique id. */
export async function serviceAccountKey(google: TokenSource, options: CodeOptions): Promise<SenderRequest> {
  const email = options.serviceAccount ?? DEFAULT_SERVICE_ACCOUNT;
  const claims = { aud: options.audience, azp: email, email, email_verified: true, sub: await uniqueIdOf(email) };
  return bearerRequest(await signClaims(google, claims, options), {}, options);
}
