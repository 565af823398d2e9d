/*
 * Google's client library for Python, as Debian has it. In Debian 12 it is from 2018 and cannot yet ask the metadata server
 * for ID tokens.
 */
import { describe, expect, test } from 'vitest';
import { machine, output, program, works } from './support/program.ts';
import { AUDIENCE, HELLO_ROBOT, HELLO_VM, keyFile, ROBOT, server, serviceUrl } from './support/world.ts';

/** Another Python may come first on the path, and not have the libraries of Debian's. */
const PYTHON = '/usr/bin/python3';
const LIBRARIES = 'the Debian packages python3-google-auth and python3-requests';

const isInstalled = works(PYTHON, ['-c', 'import google.auth, requests'], LIBRARIES);
const hasFetchIdToken =
  isInstalled &&
  works(
    PYTHON,
    ['-c', 'from google.oauth2.id_token import fetch_id_token'],
    'google-auth 1.14 or newer for Python (fetch_id_token)',
  );

/** What the variable was called until 2020, and that for the check whether there is a metadata server. */
const env = { ...machine, GCE_METADATA_ROOT: server.metadataHost, GCE_METADATA_IP: server.metadataHost };

describe.skipIf(!isInstalled)('google-auth for Python', () => {
  test('calls the service with a service account key', async () => {
    const answer = await output(PYTHON, [program('service_account_key.py'), AUDIENCE, serviceUrl, keyFile], machine);

    expect(JSON.parse(answer)).toMatchObject(HELLO_ROBOT);
  });

  test('gets an access token of the virtual machine, and impersonates with it', async () => {
    const answer = await output(PYTHON, [program('impersonation.py'), AUDIENCE, serviceUrl, ROBOT, server.url], env);

    expect(JSON.parse(answer)).toMatchObject(HELLO_ROBOT);
  });

  test('a token for another service is refused', async () => {
    const args = [program('service_account_key.py'), 'https://other.example.com', serviceUrl, keyFile];

    expect(JSON.parse(await output(PYTHON, args))).toMatchObject({ code: 'audience_mismatch' });
  });
});

describe.skipIf(!hasFetchIdToken)('fetch_id_token of google-auth for Python', () => {
  test('calls the service as the virtual machine', async () => {
    const answer = await output(PYTHON, [program('metadata.py'), AUDIENCE, serviceUrl], env);

    expect(JSON.parse(answer)).toMatchObject(HELLO_VM);
  });

  test('calls the service with the key file that GOOGLE_APPLICATION_CREDENTIALS names', async () => {
    const withKey = { ...machine, GOOGLE_APPLICATION_CREDENTIALS: keyFile };
    const answer = await output(PYTHON, [program('metadata.py'), AUDIENCE, serviceUrl], withKey);

    expect(JSON.parse(answer)).toMatchObject(HELLO_ROBOT);
  });
});
