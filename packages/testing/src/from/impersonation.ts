import { DEFAULT_SERVICE_ACCOUNT, uniqueIdOf } from './account.ts';
import { bearerRequest, type CodeOptions, type SenderRequest, signClaims, type TokenSource } from './sender-request.ts';

/** Options of `google.from.impersonation`: those of the request to `generateIdToken`. */
export interface ImpersonationOptions extends CodeOptions {
  /** Without it the token does not tell the e-mail. @default false */
  readonly includeEmail?: boolean;
  /** @default false */
  readonly organizationNumberIncluded?: boolean;
  /** The number of the account's organization; `null`: it has none. @default 123_456_789_012 */
  readonly organizationNumber?: number | null;
}

/** Options of `google.from.gcloudImpersonation`. */
export interface GcloudImpersonationOptions extends CodeOptions {
  /** `--include-email`. @default false */
  readonly includeEmail?: boolean;
}

/** @see https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateIdToken */
export async function impersonation(google: TokenSource, options: ImpersonationOptions): Promise<SenderRequest> {
  const email = options.serviceAccount ?? DEFAULT_SERVICE_ACCOUNT;
  const { includeEmail = false, organizationNumberIncluded = false, organizationNumber = 123_456_789_012 } = options;
  const claims = {
    aud: options.audience,
    ...(includeEmail ? { email, email_verified: true } : {}),
    ...(organizationNumberIncluded ? { google: { organization_number: organizationNumber } } : {}),
    sub: await uniqueIdOf(email),
  };
  return bearerRequest(await signClaims(google, claims, options), {}, options);
}

/** @see https://cloud.google.com/sdk/gcloud/reference/auth/print-identity-token */
export function gcloudImpersonation(google: TokenSource, options: GcloudImpersonationOptions): Promise<SenderRequest> {
  return impersonation(google, options);
}
