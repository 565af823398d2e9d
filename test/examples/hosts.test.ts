/*
 * The examples of other hosts: each is held to the hostile suite that users are given, as far as its host runs here.
 */

import { existsSync } from 'node:fs';
import { listen } from '@id-token-guard/emulator';
import { createFakeGoogle, type SendRequest, testGuard } from '@id-token-guard/testing';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandler as createLambdaHandler } from '../../examples/lambda.ts';
import { POST } from '../../examples/nextjs-route.ts';
import { createApp as createNodeApp } from '../../examples/node-http.ts';
import { serveExample } from '../runtimes/example-process.ts';
import { EXECUTABLES } from '../runtimes/executables.ts';
import { installPackages } from '../runtimes/installed-packages.ts';

const google = await createFakeGoogle();
const googleServer = await listen(google, { port: 0 });
afterAll(() => googleServer.close());

const audience = 'https://api.example.com';
const claims = { email: 'sender@my-project.iam.gserviceaccount.com', email_verified: true };

/** The example greets the one account that may call, and refuses every hostile request. */
function describeHost(name: string, send: SendRequest): void {
  test(`${name}: greets the sender`, async () => {
    const answer = await send({ authorization: `Bearer ${await google.idToken({ aud: audience, ...claims })}` });

    expect(answer.status).toBe(200);
    expect(answer instanceof Response ? await answer.json() : JSON.parse(String(answer.body))).toStrictEqual({
      hello: {
        kind: 'service_account',
        uniqueId: '112010400000000710080',
        email: claims.email,
        projectId: 'my-project',
      },
    });
  });

  testGuard(name, send, { google, audience, claims, describe, test });
}

describe('AWS Lambda', () => {
  const handler = createLambdaHandler({ keys: google.keySet() });

  async function invoke(headers: Readonly<Record<string, string>>) {
    const { statusCode, ...rest } = await handler(apiGatewayEvent(headers));
    return { status: statusCode, ...rest };
  }

  describeHost('the function', invoke);

  test('the function: refuses two Authorization headers, which API Gateway joins with a comma', async () => {
    const token = await google.idToken({ aud: audience, ...claims });

    const answer = await invoke({ authorization: `Bearer ${token},Bearer ${token}` });

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'request_invalid' });
  });
});

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function apiGatewayEvent(headers: Readonly<Record<string, string>>) {
  const http = { method: 'GET', path: '/hello', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' };
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/hello',
    rawQueryString: '',
    headers: { host: 'api.example.com', ...headers },
    requestContext: {
      accountId: '123456789012',
      apiId: 'api-id',
      authentication: null,
      authorizer: {},
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http,
      requestId: 'id',
      routeKey: '$default',
      stage: '$default',
      time: '12/Mar/2026:19:03:58 +0000',
      timeEpoch: 1_773_342_238_000,
    },
    body: null,
    isBase64Encoded: false,
  };
}

describe('Next.js', () => {
  // The route has no place for options: the network is mocked.
  const network = setupServer(...google.handlers);
  beforeAll(() => network.listen({ onUnhandledFrame: 'error' }));
  afterAll(() => network.close());

  describeHost('the route', (headers) => POST(new Request(`${audience}/hello`, { method: 'POST', headers })));
});

describe('node:http', () => {
  const server = createNodeApp({ keys: google.keySet() });
  let url: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}/hello`;
  });
  afterAll(() => void server.close());

  describeHost('the service', (headers) => fetch(url, { headers }));
});

describe.each(['deno', 'bun'] as const)('%s', (runtime) => {
  const isMissing = !existsSync(EXECUTABLES[runtime]);
  if (isMissing) {
    console.log(`${runtime} is not installed here, so its example is passed over. "npm run setup" installs it.`);
  }

  describe.skipIf(isMissing)('in a process of its own', () => {
    let url: string;
    beforeAll(async () => {
      const packages = await installPackages();
      const example = await serveExample(runtime, packages, googleServer.jwksUrl);
      url = `${example.url}/hello`;
      return async () => {
        example.stop();
        await packages.remove();
      };
    });

    describeHost('the service', (headers) => fetch(url, { headers }));
  });
});
