// npm start: a service behind the guard, a Google on this machine, and real calls between them.
// npm start -- --keep: the same, and both stay up for calls by hand.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGoogleKeySet, type GuardEvent } from '@id-token-guard/core';
import { createFakeGoogle, type FakeGoogleServer } from '@id-token-guard/testing';
import { importPKCS8, SignJWT } from 'jose';
import { createApp } from './express.ts';
import { printTable, type Row } from './start-table.ts';

const AUDIENCE = 'https://api.example.com';
const SENDER = 'sender@my-project.iam.gserviceaccount.com';
const STRANGER = 'stranger@elsewhere.iam.gserviceaccount.com';

const keep = process.argv.includes('--keep');
const google = await createFakeGoogle();
const googleServer = await google.listen({ port: keep ? 8585 : 0, defaultServiceAccount: SENDER });
const service = await startService(keep ? 3000 : 0);
const rows: Row[] = [];

await call('no token', 401);
await call('good token, exchanged for a service account key', 200, await exchange(googleServer, SENDER, AUDIENCE));
await call('token for another service', 401, await exchange(googleServer, SENDER, 'https://other.example.com'));
await call('expired token', 401, await mint({ iat: secondsFromNow(-7200), exp: secondsFromNow(-3600) }));
await call('forged token', 401, await forge());
await call('caller that is not allowed', 403, await exchange(googleServer, STRANGER, AUDIENCE));
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

async function call(request: string, expected: number, token?: string, to: Service = service): Promise<void> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(to.url, { headers });
  const body = (await response.json()) as { code?: string };
  const hint = body.code === undefined ? '' : (to.lastRefusal()?.hint ?? '');
  rows.push({ request, status: response.status, expected, code: body.code ?? 'accepted', hint });
}

/** As Google's client libraries do it: sign an assertion with the service account's key, get an ID token for it. */
async function exchange(server: FakeGoogleServer, email: string, audience: string): Promise<string> {
  const key = await server.serviceAccountKey(email);
  const assertion = await new SignJWT({ target_audience: audience })
    .setProtectedHeader({ alg: 'RS256', kid: key.private_key_id })
    .setIssuer(email)
    .setAudience(key.token_uri)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await importPKCS8(key.private_key, 'RS256'));
  const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
  const response = await fetch(key.token_uri, { method: 'POST', body });
  const { id_token } = (await response.json()) as { id_token: string };
  return id_token;
}

function mint(claims: Record<string, unknown>): Promise<string> {
  return google.idToken({ aud: AUDIENCE, email: SENDER, email_verified: true, ...claims });
}

/** The right claims and the right key id, signed by somebody else. */
async function forge(): Promise<string> {
  const impostor = await createFakeGoogle();
  const kid = google.jwks.keys[0]?.kid;
  return impostor.idToken({ aud: AUDIENCE, email: SENDER, email_verified: true }, { kid });
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
