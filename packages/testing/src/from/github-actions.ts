import { type GcloudImpersonationOptions, impersonation } from './impersonation.ts';
import type { SenderRequest, TokenSource } from './sender-request.ts';

/**
 * Options of `google.from.githubActions`: of the action `google-github-actions/auth` with `token_format: id_token`. The
 * audience is `id_token_audience`, and `includeEmail` is `id_token_include_email`.
 */
export type GitHubActionsOptions = GcloudImpersonationOptions;

/** @see https://github.com/google-github-actions/auth */
export function githubActions(google: TokenSource, options: GitHubActionsOptions): Promise<SenderRequest> {
  return impersonation(google, options);
}
