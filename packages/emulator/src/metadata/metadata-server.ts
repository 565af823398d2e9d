import { Hono, type MiddlewareHandler } from 'hono';
import type { Emulator } from '../emulator.ts';
import { accessTokenFor } from '../google/access-token.ts';
import { repeatedParameter } from '../google/repeated-parameter.ts';
import { MADE_ON_REQUEST, type Metadata, type MetadataDirectory, metadataOf } from './virtual-machine.ts';

const FLAVOR = 'Metadata-Flavor';

/** What is below `/computeMetadata`. */
export function metadataServer(emulator: Emulator): Hono {
  const account = '/v1/instance/service-accounts/:account';
  return new Hono()
    .get(`${account}/identity`, flavored, (c) => vmIdToken(emulator, c.req.raw, c.req.param('account')))
    .get(`${account}/token`, flavored, (c) => vmAccessToken(emulator, c.req.param('account')))
    .get('/:key{.*}', flavored, (c) => metadataValue(emulator, c.req.raw, c.req.param('key')));
}

/** Demands the header that no web page can make a browser send, and sends it back: clients know the server by it. */
const flavored: MiddlewareHandler = async (c, next) => {
  if (c.req.header(FLAVOR) === 'Google') {
    await next();
  } else {
    c.res = new Response('Missing Metadata-Flavor:Google header.', { status: 403 });
  }
  c.res.headers.set(FLAVOR, 'Google');
};

/** `GET /`: how client libraries find out whether there is a metadata server. It needs no header. */
export function metadataRoot(): Response {
  return new Response('computeMetadata/\n', { headers: { [FLAVOR]: 'Google' } });
}

/**
 * `GET …/service-accounts/{account}/identity?audience=…[&format=full[&licenses=TRUE]]`: the ID token of the machine.
 *
 * @see https://cloud.google.com/compute/docs/instances/verifying-instance-identity
 */
async function vmIdToken({ google, vmAccount }: Emulator, request: Request, account: string): Promise<Response> {
  if (!isAccountOfVm(vmAccount, account)) {
    return notFound();
  }
  const { searchParams } = new URL(request.url);
  const repeated = repeatedParameter(searchParams, 'audience', 'format', 'licenses');
  if (repeated !== undefined) {
    return new Response(`only one ${repeated} parameter allowed`, { status: 400 });
  }
  const audience = searchParams.get('audience');
  if (!audience) {
    return new Response('non-empty audience parameter required', { status: 400 });
  }
  const format = searchParams.get('format') ?? 'standard';
  if (format !== 'standard' && format !== 'full') {
    return new Response('format parameter must be standard or full', { status: 400 });
  }
  const licenses = searchParams.get('licenses')?.toUpperCase() === 'TRUE';
  const { token } = await google.from.metadataServer({ serviceAccount: vmAccount, audience, format, licenses });
  return new Response(token, { headers: { 'content-type': 'text/html' } });
}

/** `GET …/service-accounts/{account}/token`: an access token. */
function vmAccessToken(emulator: Emulator, account: string): Promise<Response> | Response {
  return isAccountOfVm(emulator.vmAccount, account) ? accessTokenFor(emulator, emulator.vmAccount) : notFound();
}

/**
 * `GET /computeMetadata/{key}`: a value, the names in a directory, or with `recursive=true`, all that is below as JSON.
 *
 * @see https://cloud.google.com/compute/docs/metadata/querying-metadata
 */
function metadataValue({ vmAccount }: Emulator, request: Request, key: string): Response {
  let value: Metadata | undefined = { v1: metadataOf(vmAccount) };
  for (const name of key.split('/').filter((part) => part !== '')) {
    value = isDirectory(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  if (value === undefined || (!isDirectory(value) && key.endsWith('/'))) {
    return notFound();
  }
  const isRecursive = new URL(request.url).searchParams.get('recursive')?.toLowerCase() === 'true';
  return isRecursive ? Response.json(asJson(value)) : text(value);
}

function text(value: Metadata): Response {
  const body = isDirectory(value) ? listing(value) : [value].flat().join('\n');
  return new Response(body, { headers: { 'content-type': 'application/text' } });
}

function listing(directory: MetadataDirectory): string {
  return Object.entries(directory)
    .map(([name, value]) => (isDirectory(value) ? `${name}/\n` : `${name}\n`))
    .join('');
}

/** Names in camel case, and without what is made on request. */
function asJson(value: Metadata): unknown {
  if (!isDirectory(value)) {
    return value;
  }
  const entries = Object.entries(value).filter(([, child]) => child !== MADE_ON_REQUEST);
  return Object.fromEntries(
    entries.map(([name, child]) => [name.includes('@') ? name : camelCase(name), asJson(child)]),
  );
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function isDirectory(value: Metadata | undefined): value is MetadataDirectory {
  return typeof value === 'object' && !Array.isArray(value);
}

/** The machine has one account, under its e-mail and as `default`. */
function isAccountOfVm(vmAccount: string, account: string): boolean {
  return account === 'default' || account === vmAccount;
}

function notFound(): Response {
  return new Response('Not Found', { status: 404 });
}
