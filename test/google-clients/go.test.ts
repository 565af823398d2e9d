/*
 * Google's client library for Go, as Debian has it.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { AUDIENCES, accepted, serviceFor } from './support/audiences.ts';
import { machine, output, program, works } from './support/program.ts';
import { AUDIENCE, HELLO_ROBOT, HELLO_VM, home, keyFile, serviceUrl } from './support/world.ts';

/** Where Debian puts the sources of libraries: with them, nothing has to be downloaded. */
const GOPATH = '/usr/share/gocode';
const PACKAGES = 'the Debian packages golang-go and golang-google-api-dev';

const isInstalled =
  works('go', ['version'], PACKAGES) && works('ls', [`${GOPATH}/src/google.golang.org/api/idtoken`], PACKAGES);

describe.skipIf(!isInstalled)('idtoken for Go', () => {
  const binary = join(home, 'client');

  beforeAll(async () => {
    const cache = (await output('go', ['env', 'GOCACHE'], { ...process.env } as Record<string, string>)).trim();
    await output('go', ['build', '-o', binary, program('client.go')], {
      ...machine,
      GOPATH,
      GOCACHE: cache,
      GO111MODULE: 'off',
      GOFLAGS: '',
    });
    // Compiling the library takes its time where it has not been compiled before.
  }, 600_000);

  test.each(['client', 'token-source'])('%s calls the service as the virtual machine', async (way) => {
    expect(JSON.parse(await output(binary, [AUDIENCE, serviceUrl, way]))).toMatchObject(HELLO_VM);
  });

  test.each(['client', 'token-source'])('%s calls the service with a service account key', async (way) => {
    // No metadata server is asked, or this would fail.
    const env = { ...machine, GCE_METADATA_HOST: '127.0.0.1:1' };

    expect(JSON.parse(await output(binary, [AUDIENCE, serviceUrl, way, keyFile], env))).toMatchObject(HELLO_ROBOT);
  });

  test.each(AUDIENCES)('gets a token for the audience with $name', async (each) => {
    expect(JSON.parse(await output(binary, [each.audience, serviceFor(each), 'client']))).toEqual(accepted(each));
  });

  test('a token for another service is refused', async () => {
    const answer = await output(binary, ['https://other.example.com', serviceUrl, 'client']);

    expect(JSON.parse(answer)).toMatchObject({ code: 'audience_mismatch' });
  });
});
