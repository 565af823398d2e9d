import { bearerRequest, type SenderRequest, type ServiceOptions, type TokenSource } from './sender-request.ts';
import { signAsService } from './service-account.ts';

/**
 * Options of `google.from.agent`: of an agent that calls a tool over HTTP, such as a server of the Model Context Protocol, in
 * the name of a service account (Agent Development Kit: `ServiceAccount(use_id_token=True)`).
 */
export interface AgentOptions extends ServiceOptions {
  /** The agent says it. @default scheme and host of the URL, as in Google's samples */
  readonly audience?: string;
  /** @default 'POST' */
  readonly method?: string;
  /** @default a request for the list of tools, JSON-RPC */
  readonly body?: string;
}

const LIST_TOOLS = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });

/** @see https://google.github.io/adk-docs/ */
export async function agent(google: TokenSource, options: AgentOptions): Promise<SenderRequest> {
  const { url, audience = new URL(url).origin, method = 'POST', body = LIST_TOOLS } = options;
  // What the Model Context Protocol wants of a client of Streamable HTTP.
  const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
  return bearerRequest(await signAsService(google, { ...options, audience }), { method, headers, body }, options);
}
