import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeGoogle } from '../fake-google.ts';
import { DEFAULT_SERVICE_ACCOUNT } from '../from/account.ts';
import { rotateKeys, serviceAccountKey, setJwksAnswer, shiftTime } from './admin.ts';
import { mintToken } from './admin-tokens.ts';
import { discoveryDocument } from './discovery.ts';
import type { Emulator } from './emulator.ts';
import { whyForeign } from './foreign-request.ts';
import { type ForwardOptions, forwardPath } from './forward-path.ts';
import { forward } from './forwarder.ts';
import { generateIdToken } from './generate-id-token.ts';
import { send, toRequest } from './http.ts';
import { metadata, metadataRoot, metadataValue, vmAccessToken, vmIdToken } from './metadata-server.ts';
import { pageOr, pageRoutes } from './page/page.ts';
import { refuseProduction } from './refuse-production.ts';
import { createRouter, type Routes } from './router.ts';
import { createServiceAccounts, type ServiceAccountKey } from './service-accounts.ts';
import { exchangeAssertion } from './token-endpoint.ts';
import { tokenInfo } from './token-info.ts';

/** Options of `google.listen`. */
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

/** Everything that is served, but for `/forward/…`, which takes every method and streams. */
function routesOf(emulator: Emulator, answerJwks: (signal: AbortSignal) => Promise<Response>): Routes {
  const account = '/computeMetadata/v1/instance/service-accounts/{account}';
  return {
    // www.googleapis.com, accounts.google.com, oauth2.googleapis.com
    'GET /oauth2/v3/certs': (request) => answerJwks(request.signal),
    'GET /.well-known/openid-configuration': () => discoveryDocument(emulator.url),
    'GET /tokeninfo': (request) => tokenInfo(emulator, request),
    'POST /token': (request) => exchangeAssertion(emulator, request),

    // iamcredentials.googleapis.com
    'POST /v1/projects/{project}/serviceAccounts/{account}:generateIdToken': (request, params) =>
      generateIdToken(emulator, request, params),

    // metadata.google.internal
    'GET /': pageOr(metadataRoot),
    [`GET ${account}/identity`]: metadata((request, params) => vmIdToken(emulator, request, params)),
    [`GET ${account}/token`]: metadata((request, params) => vmAccessToken(emulator, request, params)),
    'GET /computeMetadata/{+key}': metadata((request, params) => metadataValue(emulator, request, params)),

    // Nothing of Google's: what tests turn.
    'GET /admin/service-accounts/{email}/key': (_, params) => serviceAccountKey(emulator, params),
    'POST /admin/tokens': (request) => mintToken(emulator, request),
    'POST /admin/keys/rotate': (request) => rotateKeys(emulator, request),
    'POST /admin/jwks': (request) => setJwksAnswer(emulator, request),
    'POST /admin/time': (request) => shiftTime(emulator, request),

    // What people look at.
    ...pageRoutes(emulator),
  };
}

/** Serves the fake Google on loopback, and nowhere else. */
export async function serve(
  google: FakeGoogle,
  answerJwks: (signal: AbortSignal) => Promise<Response>,
  now: () => number,
  options: ListenOptions = {},
): Promise<FakeGoogleServer> {
  refuseProduction();
  const { port = 8585, defaultServiceAccount: vmAccount = DEFAULT_SERVICE_ACCOUNT } = options;
  const accounts = createServiceAccounts();
  if ((await accounts.find(vmAccount)) === undefined) {
    throw new TypeError('"defaultServiceAccount" must be the e-mail of a service account.');
  }
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const metadataHost = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `http://${metadataHost}`;
  const emulator: Emulator = { google, accounts, url, vmAccount, now };
  const route = createRouter(routesOf(emulator, answerJwks));
  server.on('request', (req, res) => void handle(emulator, route, req, res).catch(() => res.destroy()));
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

async function handle(
  emulator: Emulator,
  route: ReturnType<typeof createRouter>,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '' } = req;
  const foreign = whyForeign(req);
  if (foreign !== undefined) {
    return send(res, new Response(`${foreign}\n`, { status: 403 }));
  }
  if (!url.startsWith('/')) {
    return send(res, new Response('Bad Request: this is no proxy.\n', { status: 400 }));
  }
  if (url.startsWith('/forward/')) {
    return forward(emulator, req, res);
  }
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  const answer = route(method, url.replace(/\?.*$/, ''));
  const request = await toRequest(req, `${emulator.url}${url}`, gone.signal);
  res.setHeader('date', new Date(emulator.now()).toUTCString());
  await send(res, request ? await answer(request) : new Response('Request Entity Too Large', { status: 413 }));
}
