import { bearerRequest, type SenderRequest, type ServiceOptions, type TokenSource } from './sender-request.ts';
import { signAsService } from './service-account.ts';

/** Options of `google.from.vertexExtension`: of an extension of Vertex AI with `oidc_config.service_account`. */
export interface VertexExtensionOptions extends Omit<ServiceOptions, 'audience'> {
  /** `servers[].url` of the OpenAPI document: the audience, whatever operation is called. @default scheme and host of the URL */
  readonly serverUrl?: string;
  /** @default 'POST' */
  readonly method?: string;
  /** JSON. @default none */
  readonly body?: string;
}

/** @see https://cloud.google.com/vertex-ai/generative-ai/docs/extensions/create-extension */
export async function vertexExtension(google: TokenSource, options: VertexExtensionOptions): Promise<SenderRequest> {
  const { url, serverUrl = new URL(url).origin, method = 'POST', body } = options;
  const headers = { 'content-type': body === undefined ? undefined : 'application/json' };
  const signed = await signAsService(google, { ...options, audience: serverUrl });
  return bearerRequest(signed, { method, headers, body }, options);
}
