/*
 * Google's client library for Node.js puts the audience into the query of the metadata server as it is, in each of the
 * versions that people have. What it makes of it is refused, and the hint says why.
 */
import { GoogleAuth } from 'google-auth-library';
import { GoogleAuth as GoogleAuth9 } from 'google-auth-library-9';
import { GoogleAuth as GoogleAuth10 } from 'google-auth-library-10';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { accepted, FRAGILE, ROBUST, refusedAsUnescaped, serviceFor } from './support/audiences.ts';
import { home, server } from './support/world.ts';

for (const name of ['GOOGLE_APPLICATION_CREDENTIALS', 'GCE_METADATA_IP']) {
  vi.stubEnv(name, undefined);
}
vi.stubEnv('CLOUDSDK_CONFIG', home);
vi.stubEnv('GCE_METADATA_HOST', server.metadataHost);
vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present');
afterAll(() => {
  vi.unstubAllEnvs();
});

/** One of each: to find out where it runs takes the library a second. */
const VERSIONS: Readonly<Record<string, Pick<GoogleAuth, 'getIdTokenClient'>>> = {
  9: new GoogleAuth9() as unknown as GoogleAuth,
  10: new GoogleAuth10() as unknown as GoogleAuth,
  11: new GoogleAuth(),
};

describe.each(Object.keys(VERSIONS))('google-auth-library %s for Node.js', (version) => {
  test.each(FRAGILE)('gets a token for another audience than the one with $name', async (each) => {
    expect(await call(version, each)).toEqual(refusedAsUnescaped(each));
  });

  test.each(ROBUST)('gets a token for the audience with $name', async (each) => {
    expect(await call(version, each)).toEqual(accepted(each));
  });

  test.each(FRAGILE)('gets a token for the audience with $name where the caller has escaped it', async (each) => {
    const { audience } = each;

    expect(await call(version, each, encodeURIComponent(audience))).toEqual(accepted(each));
  });
});

async function call(version: string, each: (typeof FRAGILE)[number], asked = each.audience): Promise<unknown> {
  const client = await VERSIONS[version]?.getIdTokenClient(asked);
  // A plain object up to version 9, headers of the Web from version 10.
  const headers = new Headers(await client?.getRequestHeaders());
  return (await fetch(serviceFor(each), { headers })).json();
}
