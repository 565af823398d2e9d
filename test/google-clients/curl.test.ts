/*
 * The lines of Google's page "Get an ID token" for the shell, with the local Google in place of http://metadata and
 * iamcredentials.googleapis.com.
 */
import { describe, expect, test } from 'vitest';
import { AUDIENCES, accepted, FRAGILE, refusedAsUnescaped, serviceFor } from './support/audiences.ts';
import { machine, output, works } from './support/program.ts';
import { AUDIENCE, HELLO_ROBOT, HELLO_VM, ROBOT, server, serviceUrl, VM } from './support/world.ts';

const ACCOUNT = `${server.url}/computeMetadata/v1/instance/service-accounts/default`;
const CALL = `curl -sS -H "Authorization: Bearer $TOKEN" ${serviceUrl}`;

const isInstalled = works('curl', ['--version'], 'the Debian package curl');

describe.skipIf(!isInstalled)('curl', () => {
  test("gets the machine's token from the metadata server and calls the service", async () => {
    const answer = await sh(`
      TOKEN=$(curl -sS -H "Metadata-Flavor: Google" '${ACCOUNT}/identity?audience=${AUDIENCE}&format=full')
      ${CALL}
    `);

    expect(JSON.parse(answer)).toMatchObject(HELLO_VM);
  });

  test('gets a token without e-mail where it does not ask for format=full, and the service refuses that', async () => {
    const answer = await sh(`
      TOKEN=$(curl -sS -H "Metadata-Flavor: Google" '${ACCOUNT}/identity?audience=${AUDIENCE}')
      ${CALL}
    `);

    expect(JSON.parse(answer)).toMatchObject({ code: 'caller_not_allowed' });
  });

  test('impersonates an account and calls the service', async () => {
    const answer = await sh(`
      ACCESS_TOKEN=$(curl -sS -H "Metadata-Flavor: Google" ${ACCOUNT}/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
      TOKEN=$(curl -sS -X POST \\
        -H "Authorization: Bearer $ACCESS_TOKEN" \\
        -H "Content-Type: application/json; charset=utf-8" \\
        -d '{"audience": "${AUDIENCE}", "includeEmail": "true"}' \\
        "${server.url}/v1/projects/-/serviceAccounts/${ROBOT}:generateIdToken" | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
      ${CALL}
    `);

    expect(JSON.parse(answer)).toMatchObject(HELLO_ROBOT);
  });

  test.each(FRAGILE)(
    'gets a token for another audience than the one with $name, where it is part of the URL',
    async (each) => {
      expect(await callWith(each, `'${ACCOUNT}/identity?audience=${each.audience}&format=full'`)).toEqual(
        refusedAsUnescaped(each),
      );
    },
  );

  test.each(AUDIENCES)('gets a token for the audience with $name with --data-urlencode', async (each) => {
    const query = `-G --data-urlencode 'audience=${each.audience}' -d format=full ${ACCOUNT}/identity`;

    expect(await callWith(each, query)).toEqual(accepted(each));
  });

  test('learns the e-mail of the machine', async () => {
    expect(await sh(`curl -sS -H "Metadata-Flavor: Google" ${ACCOUNT}/email`)).toBe(VM);
  });
});

async function callWith(each: (typeof AUDIENCES)[number], request: string): Promise<unknown> {
  const token = `TOKEN=$(curl -sS -H "Metadata-Flavor: Google" ${request})`;
  return JSON.parse(await sh(`${token}\ncurl -sS -H "Authorization: Bearer $TOKEN" ${serviceFor(each)}`));
}

function sh(script: string): Promise<string> {
  return output('sh', ['-euc', script], machine);
}
