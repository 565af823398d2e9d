import { withHintOfChange } from './changed-header.ts';
import { headerValues, joined, type RequestHeaders } from './request-headers.ts';

/** A request of Node.js, as far as its headers and its URL go. */
export interface NodeRequest {
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  /** Names and values in turn, as received. Requests that a test or a serverless bridge makes up may have none. */
  readonly rawHeaders?: readonly string[] | undefined;
  readonly url?: string | undefined;
  /** Where Express, connect and others keep the URL as it was received; in `url` they cut off what has matched. */
  readonly originalUrl?: string | undefined;
}

/** Path and query of a Node.js request as they were received. For adapters. */
export function nodeUrl({ originalUrl, url }: NodeRequest): string | undefined {
  return originalUrl ?? url;
}

/**
 * The headers of a Node.js request, as Web `Headers` would have them: of a repeated one all values, with commas between
 * them (RFC 9110 §5.3). For adapters.
 *
 * `req.headers` has only the first of them, and `req.headersDistinct` is not there over HTTP/2. There, `host` is
 * `:authority`. Of a request of Fastify, Koa or hapi it takes the one of Node.js within.
 *
 * A header that came over the wire counts as it came, whatever a middleware has made of it in `req.headers` since. Only one
 * that did not come can be added there.
 *
 * @param request as a server of Node.js hands it to its listener
 * @throws TypeError where it is another kind of request, whose headers may be only the first of each name
 */
export function nodeHeaders(request: NodeRequest): RequestHeaders {
  return new ReceivedHeaders(receivedRequest(request));
}

class ReceivedHeaders {
  readonly #request: NodeRequest;

  constructor(request: NodeRequest) {
    this.#request = request;
  }

  get(name: string): string | null {
    // `headers` is made when it is first asked for, which costs more than all the rest of a guard.
    return name === 'host' ? hostOf(this.#request) : receivedValue(this.#request, name);
  }

  /** Tells of a middleware that has put another value into `headers` than came over the wire. */
  tellingOfChange(error: Error, name: string): Error {
    const { rawHeaders = [], headers } = this.#request;
    const received = rawValues(rawHeaders, name);
    const isChanged = received.length > 0 && !received.includes(headerValues(headers, name)[0] ?? '');
    return isChanged ? withHintOfChange(error, name) : error;
  }
}

/** What frameworks put around a request of Node.js, or that request. */
type MaybeNodeRequest = Partial<NodeRequest> & {
  readonly raw?: MaybeNodeRequest;
  readonly req?: MaybeNodeRequest;
  readonly on?: unknown;
};

function receivedRequest(request: MaybeNodeRequest | null | undefined): NodeRequest {
  const candidates = hasRawHeaders(request) ? [request] : [request?.raw, request?.raw?.req, request?.req, request];
  const received = candidates.find((each) => hasRawHeaders(each)) ?? candidates.find((each) => isMadeUp(each));
  if (received === undefined) {
    throw new TypeError(
      'nodeHeaders() takes a request as a server of Node.js hands it to its listener. Of another one, pass its headers to authenticate() if they have all values of a repeated header.',
    );
  }
  return received as NodeRequest;
}

function hasRawHeaders(request: MaybeNodeRequest | null | undefined): boolean {
  return Array.isArray(request?.rawHeaders);
}

/** Test kits and serverless bridges make plain objects with headers, or streams as those of Node.js are. */
function isMadeUp(request: MaybeNodeRequest | null | undefined): boolean {
  if (typeof request?.headers !== 'object' || request.headers === null) {
    return false;
  }
  // Plain objects of another realm, as of a test environment, have a prototype of their own.
  const prototype: unknown = Object.getPrototypeOf(request);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isPlain || typeof request.on === 'function';
}

function receivedValue(request: NodeRequest, name: string): string | null {
  return joined(rawValues(request.rawHeaders ?? [], name)) ?? joined(headerValues(request.headers, name));
}

/** RFC 9113 §8.3.1: a request may have both, and they must be the same. */
function hostOf(request: NodeRequest): string | null {
  const [authority, host] = [receivedValue(request, ':authority'), receivedValue(request, 'host')];
  return authority === null || host === null || authority === host ? (authority ?? host) : `${authority}, ${host}`;
}

function rawValues(rawHeaders: readonly string[], wanted: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    // The length rules nearly all headers out without making anything of them.
    if (name?.length === wanted.length && name.toLowerCase() === wanted) {
      values.push(`${rawHeaders[i + 1]}`);
    }
  }
  return values;
}
