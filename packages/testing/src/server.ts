import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeGoogle } from './fake-google.ts';
import { instanceIdentity } from './metadata-server.ts';
import { createServiceAccounts, type ServiceAccountKey } from './service-accounts.ts';
import { exchangeAssertion } from './token-endpoint.ts';

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
  /** A key file of a service account, whose `token_uri` is this server, as Google's client libraries read it. */
  serviceAccountKey(email: string): Promise<ServiceAccountKey>;
  close(): Promise<void>;
}

type Handler = (request: Request) => Promise<Response>;

/** Serves Google's keys, its token endpoint and a metadata server on loopback, and nowhere else. */
export async function serve(
  google: FakeGoogle,
  answerJwks: (signal: AbortSignal) => Promise<Response>,
  now: () => number,
  options: ListenOptions = {},
): Promise<FakeGoogleServer> {
  refuseProduction();
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 8585, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const accounts = createServiceAccounts();
  const tokenUri = `${url}/token`;
  const vmAccount = options.defaultServiceAccount ?? 'sender@my-project.iam.gserviceaccount.com';
  const routes: Readonly<Record<string, Handler>> = {
    'GET /oauth2/v3/certs': (request) => answerJwks(request.signal),
    'POST /token': (request) => exchangeAssertion(google, accounts, tokenUri, now, request),
    'GET /computeMetadata/v1/instance/service-accounts/default/identity': (request) =>
      instanceIdentity(google, vmAccount, request),
  };
  server.on('request', (req, res) => void answer(req, res, url, routes));
  return {
    url,
    jwksUrl: `${url}/oauth2/v3/certs`,
    serviceAccountKey: (email) => accounts.keyFile(email, tokenUri),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Whoever trusts these keys trusts anybody: they have no place where real requests arrive. */
function refuseProduction(): void {
  if (process.env['K_SERVICE'] !== undefined || process.env['NODE_ENV'] === 'production') {
    throw new Error(
      'The fake Google does not start in production (K_SERVICE is set, or NODE_ENV is "production"): a service that trusts its keys would accept tokens made by anybody.',
    );
  }
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  base: string,
  routes: Readonly<Record<string, Handler>>,
): Promise<void> {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  try {
    const { pathname } = new URL(req.url ?? '/', base);
    const handler = routes[`${req.method} ${pathname}`];
    const body = req.method === 'POST' ? await readBody(req) : null;
    const request = new Request(new URL(req.url ?? '/', base), {
      method: req.method ?? 'GET',
      headers: headersOf(req),
      body,
      signal: gone.signal,
    });
    const response = handler === undefined ? new Response('Not Found', { status: 404 }) : await handler(request);
    res.writeHead(response.status, Object.fromEntries(response.headers)).end(Buffer.from(await response.arrayBuffer()));
  } catch {
    res.destroy();
  }
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

async function readBody(req: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of req) {
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
