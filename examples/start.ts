// npm start: a service behind the guard, a Google on this machine, and real calls between them.
// npm start -- --keep: the same, and both stay up for calls by hand.
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGoogleKeySet, type GuardEvent } from '@id-token-guard/core';
import { listen } from '@id-token-guard/emulator';
import { createFakeGoogle } from '@id-token-guard/testing';
import { GoogleAuth } from 'google-auth-library';
import { createApp } from './express.ts';
import { printTable, type Row } from './start-table.ts';

const AUDIENCE = 'https://api.example.com';
const SENDER = 'sender@my-project.iam.gserviceaccount.com';
const STRANGER = 'stranger@elsewhere.iam.gserviceaccount.com';

type RequestHeaders = Headers | Readonly<Record<string, string>>;

const keep = process.argv.includes('--keep');
const google = await createFakeGoogle();
const googleServer = await onPort(keep ? 8585 : 0, (port) => listen(google, { port, defaultServiceAccount: SENDER }));
pretendVirtualMachine(googleServer.metadataHost);
const service = await onPort(keep ? 3000 : 0, startService);
const rows: Row[] = [];

await call('no token', 401);
await call("good token, from Google's client library", 200, await tokenOfThisMachine(AUDIENCE));
await call('token for another service', 401, await tokenOfThisMachine('https://other.example.com'));
await call('expired token', 401, await mint({ iat: secondsFromNow(-7200), exp: secondsFromNow(-3600) }));
await call('forged token', 401, await forge());
await call('caller that is not allowed', 403, await mint({ email: STRANGER }));
google.answerWith('outage');
await call("Google's keys down, service has keys", 200, await mint({}));
const restarted = await startService(0);
await call("Google's keys down, service just started", 503, await mint({}), restarted);
google.answerWith('ok');

printTable(rows);
printCurlLines();
const asExpected = rows.every(({ status, expected }) => status === expected);
await restarted.close();
if (!keep) {
  await service.close();
  await googleServer.close();
}
process.exitCode = asExpected ? 0 : 1;

interface Service {
  readonly url: string;
  /** The last refusal, as the operator sees it. */
  lastRefusal(): Extract<GuardEvent, { type: 'token_refused' }> | undefined;
  close(): Promise<void>;
}

/** The Express example, with the keys of the Google on this machine. */
async function startService(port: number): Promise<Service> {
  let refusal: ReturnType<Service['lastRefusal']>;
  const app = createApp({
    keys: createGoogleKeySet({ url: googleServer.jwksUrl }),
    onEvent: (event) => {
      refusal = event.type === 'token_refused' ? event : refusal;
    },
  });
  const server = await new Promise<Server>((resolve, reject) => {
    const listening = app.listen(port, '127.0.0.1', (error) => (error ? reject(error) : resolve(listening)));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hello`,
    lastRefusal: () => refusal,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function call(request: string, expected: number, headers?: RequestHeaders, to = service): Promise<void> {
  const response = await fetch(to.url, headers && { headers });
  const body = (await response.json()) as { code?: string };
  const hint = body.code === undefined ? '' : (to.lastRefusal()?.hint ?? '');
  rows.push({ request, status: response.status, expected, code: body.code ?? 'accepted', hint });
}

/** Google's client library then asks the Google on this machine, and looks at no credentials of yours. */
function pretendVirtualMachine(metadataHost: string): void {
  for (const name of ['GCE_METADATA_IP', 'GOOGLE_APPLICATION_CREDENTIALS', 'google_application_credentials']) {
    delete process.env[name];
  }
  Object.assign(process.env, {
    GCE_METADATA_HOST: metadataHost,
    METADATA_SERVER_DETECTION: 'assume-present',
    GOOGLE_CLOUD_PROJECT: 'my-project',
    CLOUDSDK_CONFIG: emptyDirectory(),
    NO_PROXY: '127.0.0.1',
  });
}

/** In place of your configuration of gcloud, which the library may ask too. */
function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'id-token-guard-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** As on Google's page "Get an ID token": this is the code that runs on a virtual machine of Google's. */
async function tokenOfThisMachine(audience: string): Promise<RequestHeaders> {
  const client = await new GoogleAuth().getIdTokenClient(audience);
  return client.getRequestHeaders();
}

async function mint(claims: Record<string, unknown>): Promise<RequestHeaders> {
  const token = await google.idToken({ aud: AUDIENCE, email: SENDER, email_verified: true, ...claims });
  return { authorization: `Bearer ${token}` };
}

/** The right claims and the right key id, signed by somebody else. */
async function forge(): Promise<RequestHeaders> {
  const impostor = await createFakeGoogle();
  const kid = google.jwks.keys[0]?.kid;
  const token = await impostor.idToken({ aud: AUDIENCE, email: SENDER, email_verified: true }, { kid });
  return { authorization: `Bearer ${token}` };
}

/** Listens on this port, or where it is in use, on any other. */
async function onPort<T>(port: number, listen: (port: number) => Promise<T>): Promise<T> {
  try {
    return await listen(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') {
      throw error;
    }
    return listen(0);
  }
}

function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

function printCurlLines(): void {
  const [serviceUrl, googleUrl] = keep
    ? [service.url, googleServer.url]
    : ['http://127.0.0.1:3000/hello', 'http://127.0.0.1:8585'];
  const identity = `${googleUrl}/computeMetadata/v1/instance/service-accounts/default/identity?format=full&audience=${AUDIENCE}`;
  console.log(
    keep
      ? 'Both stay up until you press Ctrl+C. Try by hand:\n'
      : 'To try by hand, run "npm start -- --keep" and, in another terminal:\n',
  );
  console.log(`  curl -i ${serviceUrl}`);
  console.log(`  TOKEN=$(curl -s -H 'Metadata-Flavor: Google' '${identity}')`);
  console.log(`  curl -i -H "Authorization: Bearer $TOKEN" ${serviceUrl}\n`);
}
