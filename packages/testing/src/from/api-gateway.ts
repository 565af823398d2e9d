import { DEFAULT_SERVICE_ACCOUNT, uniqueIdOf } from './account.ts';
import {
  bearerRequest,
  type SenderRequest,
  type ServiceOptions,
  signClaims,
  type TokenSource,
} from './sender-request.ts';

/** Options of `google.from.apiGateway`: of API Gateway, or of the proxy ESPv2 of Cloud Endpoints, before a backend. */
export interface ApiGatewayOptions extends ServiceOptions {
  /** `jwt_audience` of the backend. @default scheme and host of the URL, without path */
  readonly audience?: string;
  /**
   * Whether the token tells the e-mail: a proxy that gets its token through IAM has it, one that asks its metadata server
   * has not. @default false
   */
  readonly includeEmail?: boolean;
  /** The `Authorization` of the caller of the gateway, which comes in `X-Forwarded-Authorization`. @default none */
  readonly forwardedAuthorization?: string;
  /** @default 'GET' */
  readonly method?: string;
  /** @default none */
  readonly body?: string;
}

/** @see https://cloud.google.com/endpoints/docs/openapi/openapi-extensions#x-google-backend */
export async function apiGateway(google: TokenSource, options: ApiGatewayOptions): Promise<SenderRequest> {
  const { url, method = 'GET', body, includeEmail = false } = options;
  const email = options.serviceAccount ?? DEFAULT_SERVICE_ACCOUNT;
  const claims = {
    aud: options.audience ?? new URL(url).origin,
    ...(includeEmail ? { email, email_verified: true } : {}),
    sub: await uniqueIdOf(email),
  };
  const headers = { 'x-forwarded-authorization': options.forwardedAuthorization };
  return bearerRequest(await signClaims(google, claims, options), { method, headers, body }, options);
}
