import { fetchTransport } from '../../../keys/transport/fetch.ts';
import type { Transport } from '../../../keys/transport/transport.ts';

/** `fetch`, looked up for each request: somebody may have put something in its place. */
export const defaultTransport: Transport = fetchTransport((input, init) => globalThis.fetch(input, init));
