/*
 * Google's own client library for Node.js, as it comes from the registry: it needs nothing but an environment variable.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Compute, GoogleAuth, Impersonated, JWT } from 'google-auth-library';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { AUDIENCE, google, SENDER, server, VM_ACCOUNT, verify } from './support/google.ts';

vi.stubEnv('GCE_METADATA_HOST', server.metadataHost);

/** An account without credentials of its own: the library looks for them first. */
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'id-token-guard-'));
  for (const name of ['HOME', 'APPDATA']) {
    vi.stubEnv(name, home);
  }
  for (const name of ['GOOGLE_APPLICATION_CREDENTIALS', 'CLOUDSDK_CONFIG', 'GCE_METADATA_IP']) {
    vi.stubEnv(name, undefined);
  }
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

describe('google-auth-library on a virtual machine', () => {
  test('finds the metadata server and gets an ID token by GoogleAuth, without any option', async () => {
    const client = await new GoogleAuth().getIdTokenClient(AUDIENCE);

    const headers = await client.getRequestHeaders();

    const { claims, caller } = await verify(headers.get('authorization')?.replace(/^Bearer /, '') ?? '');
    expect(caller).toMatchObject({ kind: 'service_account', email: VM_ACCOUNT, projectId: 'my-project' });
    expect(claims.google?.compute_engine?.instance_name).toBe('fake-instance');
  });

  test('finds out about project, account and universe', async () => {
    const auth = new GoogleAuth();

    expect(await auth.getProjectId()).toBe('my-project');
    expect(await auth.getCredentials()).toMatchObject({ client_email: VM_ACCOUNT, universe_domain: 'googleapis.com' });
    expect(await auth.getUniverseDomain()).toBe('googleapis.com');
  });

  test('gets an ID token for an audience that it does not encode', async () => {
    const token = await new Compute({ serviceAccountEmail: VM_ACCOUNT }).fetchIdToken(`${AUDIENCE}/push?a=1`);

    await expect(verify(token, `${AUDIENCE}/push?a=1`)).resolves.toBeDefined();
  });

  test('gets an access token, which says that it is fake', async () => {
    const { token } = await new Compute().getAccessToken();

    expect(token).toMatch(/^ya29\.fake\./);
  });

  test('is told that an account is not there, and that the audience is missing', async () => {
    const stranger = new Compute({ serviceAccountEmail: 'stranger@my-project.iam.gserviceaccount.com' });

    await expect(stranger.fetchIdToken(AUDIENCE)).rejects.toMatchObject({ status: 404 });
    await expect(new Compute().fetchIdToken('')).rejects.toMatchObject({ status: 400 });
  });
});

describe('google-auth-library that impersonates', () => {
  // The library warns that configurations from elsewhere must be checked; this one is ours.
  beforeEach(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
  });

  function impersonated(targetPrincipal: string, delegates: string[] = []): Impersonated {
    return new Impersonated({ sourceClient: new Compute(), targetPrincipal, delegates, endpoint: server.url });
  }

  test('gets an ID token with e-mail', async () => {
    const { claims, caller } = await verify(await impersonated(SENDER).fetchIdToken(AUDIENCE));

    expect(caller).toMatchObject({ kind: 'service_account', email: SENDER });
    expect(claims.azp).toBe(SENDER);
  });

  test('gets an ID token without e-mail where it asks for that, through delegates', async () => {
    const client = impersonated(SENDER, [`projects/-/serviceAccounts/${VM_ACCOUNT}`]);

    const { caller } = await verify(await client.fetchIdToken(AUDIENCE, { includeEmail: false }));

    expect(caller.kind).toBe('subject');
  });

  test('is told that there is no such account', async () => {
    await expect(impersonated('ada@example.com').fetchIdToken(AUDIENCE)).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('Gaia id not found for email ada@example.com'),
    });
  });
});

describe('google-auth-library with the key file of a service account', () => {
  /** This library has no option for the endpoint: what goes to Google's comes here. */
  const fetchHere: typeof fetch = (url, init) => {
    expect(String(url)).toBe('https://oauth2.googleapis.com/token');
    return fetch(`${server.url}/token`, init);
  };

  async function client(options: { scopes?: string[] } = {}): Promise<JWT> {
    const { client_email: email, private_key: key } = await server.serviceAccountKey(SENDER);
    return new JWT({ email, key, ...options, transporterOptions: { fetchImplementation: fetchHere } });
  }

  test('gets an ID token', async () => {
    const { claims, caller } = await verify(await (await client()).fetchIdToken(AUDIENCE));

    expect(caller).toMatchObject({ kind: 'service_account', email: SENDER });
    expect(claims.azp).toBe(SENDER);
  });

  test('gets an access token', async () => {
    const { token } = await (
      await client({ scopes: ['https://www.googleapis.com/auth/cloud-platform'] })
    ).getAccessToken();

    expect(token).toMatch(/^ya29\.fake\./);
  });

  test('is told that its clock is off', async () => {
    google.shiftTime(7200);
    const refused = (await client()).fetchIdToken(AUDIENCE);
    await expect(refused).rejects.toThrow('invalid_grant: Invalid JWT: Token must be a short-lived token');
    google.shiftTime(0);
  });
});
