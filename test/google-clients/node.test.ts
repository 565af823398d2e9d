/*
 * The calls of Google's page "Get an ID token" for Node.js, from end to end: the library gets the token and sends the
 * request. What the endpoints answer to it is in ../emulator/google-auth-library.test.ts.
 */
import { GoogleAuth, Impersonated } from 'google-auth-library';
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { AUDIENCE, HELLO_ROBOT, HELLO_VM, home, keyFile, ROBOT, server, serviceUrl } from './support/world.ts';

for (const name of ['GOOGLE_APPLICATION_CREDENTIALS', 'GCE_METADATA_IP']) {
  vi.stubEnv(name, undefined);
}
vi.stubEnv('CLOUDSDK_CONFIG', home);
vi.stubEnv('GCE_METADATA_HOST', server.metadataHost);
vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present');
afterAll(() => {
  vi.unstubAllEnvs();
});

describe('google-auth-library for Node.js', () => {
  test('calls the service as the virtual machine', async () => {
    const client = await new GoogleAuth().getIdTokenClient(AUDIENCE);

    const { data } = await client.request({ url: serviceUrl });

    expect(data).toMatchObject(HELLO_VM);
  });

  test('is refused with status and challenge where its token is for another service', async () => {
    const client = await new GoogleAuth().getIdTokenClient('https://other.example.com');

    const { status, response } = await client.request({ url: serviceUrl }).catch((error) => error);

    expect(status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(response.data).toMatchObject({ code: 'audience_mismatch' });
  });

  test('gets one token for many calls', async () => {
    const client = await new GoogleAuth().getIdTokenClient(AUDIENCE);

    const [first, second] = [await client.getRequestHeaders(), await client.getRequestHeaders()];

    expect(second.get('authorization')).toBe(first.get('authorization'));
  });

  describe('that impersonates', () => {
    // The library warns that configurations from elsewhere must be checked; this one is ours.
    beforeEach(() => {
      vi.spyOn(console, 'warn').mockImplementation(() => {});
      onTestFinished(() => {
        vi.restoreAllMocks();
      });
    });

    test('calls the service as the impersonated account', async () => {
      const sourceClient = await new GoogleAuth().getClient();
      const authClient = new Impersonated({ sourceClient, targetPrincipal: ROBOT, endpoint: server.url });
      const client = await new GoogleAuth({ authClient }).getIdTokenClient(AUDIENCE);

      const { data } = await client.request({ url: serviceUrl });

      expect(data).toMatchObject(HELLO_ROBOT);
    });
  });

  test('calls the service with the key file that GOOGLE_APPLICATION_CREDENTIALS names', async () => {
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', keyFile);
    onTestFinished(() => {
      vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', undefined);
    });
    // The library does not read the endpoint from the file: what goes to Google's comes here.
    const fetchHere: typeof fetch = (url, init) =>
      fetch(String(url).replace('https://oauth2.googleapis.com', server.url), init);
    const clientOptions = { transporterOptions: { fetchImplementation: fetchHere } };

    const client = await new GoogleAuth({ clientOptions }).getIdTokenClient(AUDIENCE);
    const { data } = await client.request({ url: serviceUrl });

    expect(data).toMatchObject(HELLO_ROBOT);
  });
});
