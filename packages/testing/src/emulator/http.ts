import type { IncomingMessage, ServerResponse } from 'node:http';

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Makes a web-standard request of Node's. Other methods than POST have no body here, and become GET: no route takes them.
 *
 * `undefined` where the body is larger than any of the endpoints needs.
 */
export async function toRequest(req: IncomingMessage, url: string, signal: AbortSignal): Promise<Request | undefined> {
  const headers = headersOf(req);
  if (req.method !== 'POST') {
    return new Request(url, { headers, signal });
  }
  const body = await readBody(req);
  return body && new Request(url, { method: 'POST', headers, body, signal });
}

export async function send(res: ServerResponse, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  const headers = { ...Object.fromEntries(response.headers), 'content-length': body.length };
  res.writeHead(response.status, headers).end(body);
}

function headersOf(req: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(req.headersDistinct)) {
    for (const value of values ?? []) {
      headers.append(name, value);
    }
  }
  return headers;
}

async function readBody(req: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // What is too much is read as well, though not kept: a client that is still sending does not see an answer.
  for await (const chunk of req) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) {
      chunks.push(chunk);
    }
  }
  return size <= MAX_BODY_BYTES ? new Uint8Array(Buffer.concat(chunks)) : undefined;
}
