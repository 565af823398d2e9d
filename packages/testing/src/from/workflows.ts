import { bearerRequest, type SenderRequest, type ServiceOptions, type TokenSource } from './sender-request.ts';
import { signAsService } from './service-account.ts';

/** Options of `google.from.workflows`: of a step that calls `http.…` with `auth: { type: OIDC }`. */
export interface WorkflowsOptions extends ServiceOptions {
  /** @default 'POST' */
  readonly method?: string;
  /** JSON, as Workflows makes it of a map. @default none */
  readonly body?: string;
}

/** @see https://cloud.google.com/workflows/docs/authenticate-from-workflow */
export async function workflows(google: TokenSource, options: WorkflowsOptions): Promise<SenderRequest> {
  const { method = 'POST', body } = options;
  const headers = {
    'content-type': body === undefined ? undefined : 'application/json',
    'user-agent': 'GoogleCloudWorkflows; (+https://cloud.google.com/workflows/docs)',
  };
  return bearerRequest(await signAsService(google, options), { method, headers, body }, options);
}
