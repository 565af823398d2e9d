/*
 * Tokens that a Google service gets in the name of an account of Google's own.
 */
import { DEFAULT_INSTANCE } from './metadata-server.ts';
import type { ServiceOptions, SignedClaims, TokenSource } from './sender-request.ts';
import { signAsService } from './service-account.ts';

/** Options of a Google service that calls a URL in the name of its service agent, of which each project has one. */
export interface ServiceAgentOptions extends ServiceOptions {
  /** The number of your project, which stands in the e-mail of the agent. @default 107_128_418_443 */
  readonly projectNumber?: number;
  /** The account that calls, in place of the agent of the project. */
  readonly serviceAccount?: string;
}

/** The token that the agent of a project sends to a URL. */
export function signAsAgent(
  google: TokenSource,
  googleProject: string,
  options: ServiceAgentOptions,
): Promise<SignedClaims> {
  return signAsService(google, { ...options, serviceAccount: serviceAgent(googleProject, options) });
}

/** The agent of a project, by the name of Google's project that it is in, such as `gcp-sa-dialogflow`. */
function serviceAgent(
  googleProject: string,
  { projectNumber = DEFAULT_INSTANCE.project_number, serviceAccount }: ServiceAgentOptions,
): string {
  return serviceAccount ?? `service-${projectNumber}@${googleProject}.iam.gserviceaccount.com`;
}
