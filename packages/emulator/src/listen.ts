import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import type { FakeGoogle } from '@id-token-guard/testing';
import { DEFAULT_SERVICE_ACCOUNT } from '@id-token-guard/testing/internal';
import { createApp } from './app.ts';
import type { Emulator } from './emulator.ts';
import { type ForwardOptions, forwardPath } from './forward/forward-path.ts';
import { forward } from './forward/forwarder.ts';
import { whyForeign } from './safety/foreign-request.ts';
import { refuseProduction } from './safety/refuse-production.ts';
import { createServiceAccounts, type ServiceAccountKey } from './service-accounts.ts';

/** Options of {@link listen}. */
export interface ListenOptions {
  /** 0: any free port. @default 8585 */
  readonly port?: number;
  /** The account of the virtual machine whose metadata server this is. @default 'sender@my-project.iam.gserviceaccount.com' */
  readonly defaultServiceAccount?: string;
}

/** A fake Google that listens on loopback. */
export interface FakeGoogleServer {
  /** Such as `http://127.0.0.1:8585`. */
  readonly url: string;
  /** Where the keys are, for `createGoogleKeySet({ url })`. */
  readonly jwksUrl: string;
  /** Such as `127.0.0.1:8585`: as `GCE_METADATA_HOST`, it makes Google's client libraries ask this Google for tokens. */
  readonly metadataHost: string;
  /** A key file of a service account, whose `token_uri` is this server, as Google's client libraries read it. */
  serviceAccountKey(email: string): Promise<ServiceAccountKey>;
  /**
   * A base URL: requests to it, and to paths below it, go on to the target with a fresh token of the sender.
   *
   * @throws TypeError where the target is not an `http:` URL on loopback
   */
  forwardUrl(options: ForwardOptions): string;
  /** Stops listening, and cuts the connections that are open. */
  close(): Promise<void>;
}

/**
 * Serves the keys of a fake Google, and all the places that Google gives tokens at, over HTTP on loopback, and nowhere
 * else. While it listens, the next key is published ahead of its turn, as Google does.
 *
 * @throws Error where the port is taken, or the environment looks like production (`K_SERVICE`, `NODE_ENV`)
 * @throws TypeError where `defaultServiceAccount` is not the e-mail of a service account
 */
export async function listen(google: FakeGoogle, options: ListenOptions = {}): Promise<FakeGoogleServer> {
  refuseProduction();
  const { port = 8585, defaultServiceAccount: vmAccount = DEFAULT_SERVICE_ACCOUNT } = options;
  const accounts = createServiceAccounts();
  if ((await accounts.find(vmAccount)) === undefined) {
    throw new TypeError('"defaultServiceAccount" must be the e-mail of a service account.');
  }
  await google.publishNextKey();
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const metadataHost = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `http://${metadataHost}`;
  server.on('request', createListener({ google, accounts, url, vmAccount }));
  return {
    url,
    jwksUrl: `${url}/oauth2/v3/certs`,
    metadataHost,
    serviceAccountKey: (email) => accounts.keyFile(email, `${url}/token`),
    forwardUrl: (forwardOptions) => `${url}${forwardPath(forwardOptions)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What must see a request as it has come, not as a `Request` tells it, is done here; all else is done by the app. */
function createListener(emulator: Emulator): (req: IncomingMessage, res: ServerResponse) => void {
  const app = createApp(emulator);
  // The global classes of whoever tests with this Google stay as they are. Of a request with a body the app makes others,
  // which takes one of the platform's: that is a clone.
  const answer = getRequestListener(
    (request, env) => app.fetch(request.body === null ? request : request.clone(), env as HttpBindings),
    { overrideGlobalObjects: false },
  );
  return (req, res) => {
    const { url = '' } = req;
    const foreign = whyForeign(req);
    if (foreign !== undefined) {
      refuse(res, 403, `${foreign}\n`);
    } else if (!url.startsWith('/')) {
      refuse(res, 400, 'Bad Request: this is no proxy.\n');
    } else if (url.startsWith('/forward/')) {
      forward(emulator, req, res).catch(() => res.destroy());
    } else {
      void answer(req, res);
    }
  };
}

function refuse(res: ServerResponse, status: number, why: string): void {
  const headers = { 'content-type': 'text/plain;charset=UTF-8', 'content-length': Buffer.byteLength(why) };
  res.writeHead(status, headers).end(why);
}
