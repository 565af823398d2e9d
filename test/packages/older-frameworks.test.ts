/*
 * The adapters beside the oldest versions of their frameworks that they are for: npm puts them there without being forced
 * to, the compiler takes the types, and a service runs.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { installProject } from './support/installed-project.ts';
import { makeRelease } from './support/release.ts';
import { rootProgram, run } from './support/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

const OLDEST = {
  '@types/express': '4.17.21',
  '@types/koa': '2.15.0',
  express: '4.21.0',
  fastify: '5.0.0',
  hono: '4.0.0',
  koa: '2.16.0',
};
const PACKAGES = ['core', 'express', 'fastify', 'hono', 'koa', 'testing'];

const { tarballs } = await makeRelease();
const project = await installProject(new Map([...tarballs].filter(([name]) => PACKAGES.includes(name))), OLDEST);
if (project === undefined) {
  console.warn('Skipped: the oldest frameworks, because npm cannot reach its registry.');
}

/** Starts a service on each framework, and prints what it answers without a token, and with one. */
const PROGRAM = `
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serviceAccount } from '@id-token-guard/core';
import { googleIdToken, requireGoogleIdToken as guardExpress } from '@id-token-guard/express';
import { googleIdToken as fastifyToken, requireGoogleIdToken as guardFastify } from '@id-token-guard/fastify';
import { requireGoogleIdToken as guardHono } from '@id-token-guard/hono';
import { requireGoogleIdToken as guardKoa } from '@id-token-guard/koa';
import { createFakeGoogle } from '@id-token-guard/testing';
import express from 'express';
import { fastify } from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';

const google = await createFakeGoogle();
const audience = 'https://api.example.com';
const email = 'sender@my-project.iam.gserviceaccount.com';
const options = { audience, callers: serviceAccount(email), keys: google.keySet() };
const authorization = \`Bearer \${await google.idToken({ aud: audience, email, email_verified: true })}\`;

const onExpress = express();
onExpress.use(guardExpress(options));
onExpress.get('/', (req, res) => {
  res.send(googleIdToken(req).caller.kind);
});

const onKoa = new Koa();
onKoa.use(guardKoa(options)).use((ctx) => {
  ctx.body = ctx.state.googleIdToken.caller.kind;
});

const onHono = new Hono().use(guardHono(options)).get('/', (c) => c.text(c.get('googleIdToken').caller.kind));

const onFastify = fastify();
onFastify.register(guardFastify(options));
onFastify.get('/', async (request) => fastifyToken(request).caller.kind);

async function send(listener: RequestListener, headers: Record<string, string>): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const response = await fetch(\`http://127.0.0.1:\${(server.address() as AddressInfo).port}/\`, { headers });
  const answer = \`\${response.status} \${response.status === 200 ? await response.text() : ''}\`;
  server.close();
  server.closeAllConnections();
  return answer;
}

for (const headers of [{}, { authorization }] as Record<string, string>[]) {
  console.log('express', await send(onExpress, headers));
  console.log('koa', await send(onKoa.callback(), headers));
  const fromHono = await onHono.request('/', { headers });
  console.log('hono', fromHono.status, fromHono.status === 200 ? await fromHono.text() : '');
  const fromFastify = await onFastify.inject({ url: '/', headers });
  console.log('fastify', fromFastify.statusCode, fromFastify.statusCode === 200 ? fromFastify.body : '');
}
`;

describe.skipIf(project === undefined)('beside Express 4.21, Fastify 5.0, Hono 4.0 and Koa 2.16', () => {
  const directory = project ?? '';

  test('a program compiles', async () => {
    writeFileSync(join(directory, 'program.ts'), PROGRAM);
    writeFileSync(
      join(directory, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module: 'NodeNext',
          target: 'ES2022',
          lib: ['ES2023'],
          types: ['node'],
          strict: true,
          // The declarations of old frameworks are not ours to check.
          skipLibCheck: true,
          outDir: 'out',
        },
        include: ['program.ts'],
      }),
    );

    expect(await run(rootProgram('tsc'), ['--pretty', 'false'], directory)).toBe('');
  });

  test('a service runs', async () => {
    const lines = (await run(process.execPath, ['out/program.js'], directory)).trim().split('\n');

    expect(lines.map((line) => line.trim())).toEqual([
      'express 401',
      'koa 401',
      'hono 401',
      'fastify 401',
      'express 200 service_account',
      'koa 200 service_account',
      'hono 200 service_account',
      'fastify 200 service_account',
    ]);
  });
});
