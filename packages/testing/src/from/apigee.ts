import { type ImpersonationOptions, impersonation } from './impersonation.ts';
import type { SenderRequest, TokenSource } from './sender-request.ts';

/**
 * Options of `google.from.apigee`: those of `<GoogleIDToken>` in a proxy, whose `<Audience>` must be given and whose
 * `<IncludeEmail>` need not.
 */
export type ApigeeOptions = Omit<ImpersonationOptions, 'organizationNumberIncluded' | 'organizationNumber'>;

/** @see https://cloud.google.com/apigee/docs/api-platform/security/google-auth/overview */
export function apigee(google: TokenSource, options: ApigeeOptions): Promise<SenderRequest> {
  return impersonation(google, options);
}
