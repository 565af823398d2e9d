import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { createGoogleIdTokenVerifier, createGoogleKeySet, serviceAccount } from '@id-token-guard/core';
import { decodeJwt } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cli, startCli } from './support/cli.ts';

const AUDIENCE = 'https://api.example.com';
const PUSH = 'push@my-project.iam.gserviceaccount.com';
const VM = 'vm@my-project.iam.gserviceaccount.com';

interface Ready {
  readonly url: string;
  readonly jwksUrl: string;
  readonly metadataHost: string;
  readonly forward: readonly { readonly url: string; readonly [member: string]: string }[];
}

describe('emulate', () => {
  test('tells its URL, the variable for client libraries, and lines to try by hand', async () => {
    const emulator = startCli(['emulate', '--port', '0', '--forward', `${PUSH}=http://127.0.0.1:3000/push`]);
    const first = await emulator.lineWith('The local Google listens on');
    await emulator.lineWith('audience  ');
    const port = /http:\/\/127\.0\.0\.1:(\d+)\./.exec(first)?.[1] ?? expect.fail(first);

    const text = emulator.stdout.replaceAll(port, '9000');
    await expect(
      `$ id-token-guard emulate --port 9000 --forward ${PUSH}=http://127.0.0.1:3000/push\n${text}`,
    ).toMatchFileSnapshot('golden/emulate.txt');
  });

  test('serves what it has told: every line to try by hand works', async () => {
    const emulator = startCli(['emulate', '--port', '0']);
    await emulator.lineWith('id-token-guard explain');
    const lines = emulator.stdout.split('\n').filter((line) => line.startsWith('  curl '));

    expect(lines).toHaveLength(2);
    const [keys, token] = await Promise.all(lines.map(sh));
    expect(JSON.parse(`${keys}`).keys).toHaveLength(2);
    expect(decodeJwt(`${token}`)).toMatchObject({ aud: AUDIENCE, email: 'sender@my-project.iam.gserviceaccount.com' });
  });

  test('--json prints one line as soon as it listens', async () => {
    const forward = `${PUSH}=http://127.0.0.1:3000/push,${AUDIENCE}`;
    const emulator = startCli(['emulate', '--port', '0', '--json', '--forward', forward]);

    const line = await emulator.lineWith('{');

    const { url, metadataHost, ...rest } = JSON.parse(line) as Ready;
    expect(url).toBe(`http://${metadataHost}`);
    expect(rest).toEqual({
      jwksUrl: `${url}/oauth2/v3/certs`,
      forward: [
        {
          sender: PUSH,
          target: 'http://127.0.0.1:3000/push',
          audience: AUDIENCE,
          url: `${url}/forward/push%40my-project.iam.gserviceaccount.com/https%3A%2F%2Fapi.example.com/127.0.0.1:3000/push`,
        },
      ],
    });
    expect(emulator.stdout).toBe(`${line}\n`);
    expect((await fetch(rest.jwksUrl)).status).toBe(200);
  });

  test('--service-account names the account of the virtual machine', async () => {
    const { url } = await startEmulator(['--service-account', VM]);

    const account = `${url}/computeMetadata/v1/instance/service-accounts/default/email`;
    const response = await fetch(account, { headers: { 'metadata-flavor': 'Google' } });

    expect(await response.text()).toBe(VM);
  });

  test('--forward makes a URL that sends requests on with a good token', async () => {
    const requests: IncomingMessage[] = [];
    const target = await serve((req) => requests.push(req));
    const { forward, jwksUrl } = await startEmulator(['--forward', `${PUSH}=${target}/push`]);

    const response = await fetch(`${forward[0]?.url}/now?a=1`, { method: 'POST', body: '{}' });

    expect(response.status).toBe(200);
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /push/now?a=1']);
    const verifier = createGoogleIdTokenVerifier({
      audience: `${target}/push/now?a=1`,
      callers: serviceAccount(PUSH),
      keys: createGoogleKeySet({ url: jwksUrl }),
    });
    await expect(verifier.authenticate(requests[0]?.headers ?? {})).resolves.toMatchObject({ caller: { email: PUSH } });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('stops on %s with exit code 0, and frees its port', async (signal) => {
    const { emulator, url } = await startEmulator();

    expect(await emulator.stop(signal)).toEqual({ code: 0, signal: null });
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test('stops also while a client keeps a connection open', async () => {
    const { emulator, jwksUrl, url } = await startEmulator();
    await fetch(`${url}/admin/jwks`, { method: 'POST', body: '{"answer":"hang"}' });
    const hanging = fetch(jwksUrl).catch((error: Error) => error.message);

    expect(await emulator.stop('SIGINT')).toEqual({ code: 0, signal: null });
    expect(await hanging).toBe('fetch failed');
  });

  test('says in one line that its port is in use', async () => {
    const { url } = await startEmulator();
    const { port } = new URL(url);

    expect(await cli(['emulate', '--port', port])).toEqual({
      code: 1,
      stdout: '',
      stderr: `id-token-guard: Port ${port} is in use, perhaps by another local Google: choose another with --port; 0 means any free one.\n`,
    });
  });

  test.each([
    [{ K_SERVICE: 'api' }, 'K_SERVICE is set, as on Cloud Run'],
    [{ NODE_ENV: 'production' }, 'NODE_ENV is "production"'],
  ])('does not start with %j', async (env, sign) => {
    expect(await cli(['emulate', '--port', '0'], { env })).toEqual({
      code: 1,
      stdout: '',
      stderr: `id-token-guard: The fake Google does not start in production (${sign}): a service that trusts its keys would accept tokens made by anybody.\n`,
    });
  });
});

describe('emulate, mint, explain and doctor together', () => {
  test('a minted token is explained as good with the keys of the emulator', async () => {
    const { url, jwksUrl } = await startEmulator();
    const push = `${AUDIENCE}/push`;

    const minted = await cli(['mint', '--from', 'pubsub', '--audience', push, '--email', PUSH, '--emulator', url]);
    const check = ['--keys', jwksUrl, '--urls-under', AUDIENCE, '--caller', PUSH];
    const explained = await cli(['explain', minted.stdout.trim(), ...check]);

    expect(minted).toMatchObject({ code: 0, stderr: '' });
    expect(explained).toMatchObject({ code: 0, stderr: '' });
    expect(explained.stdout).toContain('Accepted: a guard with these options lets it pass.');
  });

  test('after the key was withdrawn, the same token is refused', async () => {
    const { url, jwksUrl } = await startEmulator();
    const minted = await cli(['mint', '--from', 'key', '--audience', AUDIENCE, '--emulator', url]);
    await fetch(`${url}/admin/keys/rotate`, { method: 'POST', body: '{"withdrawOld":true}' });

    const explained = await cli(['explain', '--keys', jwksUrl], { input: minted.stdout });

    expect(explained.code).toBe(1);
    expect(explained.stdout).toContain('Refused: a guard answers with status 401 and code key_unknown.');
  });

  test('doctor is content with the emulator, and not with its outage', async () => {
    const { url, jwksUrl } = await startEmulator();
    const healthy = await cli(['doctor', '--url', jwksUrl]);
    await fetch(`${url}/admin/jwks`, { method: 'POST', body: '{"answer":"outage"}' });
    const outage = await cli(['doctor', '--url', jwksUrl]);

    expect([healthy.code, outage.code]).toEqual([0, 1]);
  });

  test('doctor sees that the clock of the emulator was moved', async () => {
    const { url, jwksUrl } = await startEmulator();
    await fetch(`${url}/admin/time`, { method: 'POST', body: '{"shiftSeconds":-7200}' });

    const { code, stdout } = await cli(['doctor', '--url', jwksUrl]);

    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}clock +(7199|7200|7201) s ahead$/m);
  });
});

async function startEmulator(args: string[] = []): Promise<Ready & { readonly emulator: ReturnType<typeof startCli> }> {
  const emulator = startCli(['emulate', '--port', '0', '--json', ...args]);
  return { emulator, ...(JSON.parse(await emulator.lineWith('{')) as Ready) };
}

/** Runs a line in a shell, as a person would. */
async function sh(line: string): Promise<string> {
  return (await promisify(execFile)('sh', ['-euc', line])).stdout;
}

/** A service on loopback for one test; resolves to its URL. */
async function serve(onRequest: (req: IncomingMessage) => void): Promise<string> {
  const server = createServer((req, res) => {
    onRequest(req);
    res.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
