/*
 * Google's client library for Ruby, as Debian has it. It knows one address of the metadata server only.
 */
import { describe, expect, test } from 'vitest';
import { AUDIENCES, accepted, serviceFor } from './support/audiences.ts';
import { startMetadataProxy } from './support/metadata-proxy.ts';
import { machine, output, program, works } from './support/program.ts';
import { AUDIENCE, HELLO_ROBOT, HELLO_VM, keyFile, serviceUrl } from './support/world.ts';

const isInstalled = works('ruby', ['-e', 'require "googleauth"'], 'the Debian package ruby-googleauth');

describe.skipIf(!isInstalled)('googleauth for Ruby', async () => {
  const env = { ...machine, http_proxy: await startMetadataProxy(), no_proxy: '127.0.0.1' };

  test('calls the service as the virtual machine', async () => {
    const answer = await output('ruby', [program('metadata.rb'), AUDIENCE, serviceUrl], env);

    expect(JSON.parse(answer)).toMatchObject(HELLO_VM);
  });

  test('gets a token for the audience that it asks for, whatever characters it has', async () => {
    const calls = AUDIENCES.flatMap((each) => [each.audience, serviceFor(each)]);

    const lines = (await output('ruby', [program('metadata.rb'), ...calls], env)).trim().split('\n');

    expect(lines.map((line) => JSON.parse(line))).toEqual(AUDIENCES.map(accepted));
  });

  test('calls the service with a service account key', async () => {
    const answer = await output('ruby', [program('service_account_key.rb'), AUDIENCE, serviceUrl, keyFile], env);

    expect(JSON.parse(answer)).toMatchObject(HELLO_ROBOT);
  });

  test('a token for another service is refused', async () => {
    const answer = await output('ruby', [program('metadata.rb'), 'https://other.example.com', serviceUrl], env);

    expect(JSON.parse(answer)).toMatchObject({ code: 'audience_mismatch' });
  });
});
