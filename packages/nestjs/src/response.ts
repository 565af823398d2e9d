import type { Refusal } from '@id-token-guard/core';

/** What refusals need of a response of Express. */
interface ExpressResponse {
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  writeHead(status: number, headers: Readonly<Record<string, string | number>>): unknown;
  end(text?: string): unknown;
}

/** What refusals need of a reply of Fastify, which has no `setHeader` and, unlike Express, what Node.js has in `raw`. */
interface FastifyReply {
  readonly raw: object;
  readonly sent: boolean;
  code(status: number): FastifyReply;
  header(name: string, value: string): FastifyReply;
  send(body: Uint8Array): unknown;
}

/** A response of either platform. */
export type AnyResponse = ExpressResponse | FastifyReply;

export function setHeaders(response: AnyResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (isReply(response)) {
      response.header(name, value);
    } else {
      response.setHeader(name, value);
    }
  }
}

/** Sends a refusal as it is, unless another answer has begun. */
export function send(response: AnyResponse, { status, headers, body }: Refusal): void {
  if (isReply(response)) {
    if (!response.sent) {
      setHeaders(response, headers);
      // Bytes, since Fastify adds a charset to the content type of a string.
      response.code(status).send(new TextEncoder().encode(body));
    }
  } else if (response.headersSent) {
    response.end();
  } else {
    // One by one: of a response that somebody has wrapped, `writeHead` may return nothing.
    response.writeHead(status, { ...headers, 'content-length': new TextEncoder().encode(body).length });
    response.end(body);
  }
}

function isReply(response: AnyResponse): response is FastifyReply {
  return 'raw' in response;
}
